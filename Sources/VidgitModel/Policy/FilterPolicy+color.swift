// Filters that change colours point by point.
extension FilterPolicy {
  private static let lutText = Text.expression(
    variables: ["val", "negval", "clipval", "minval", "maxval", "w", "h"], perFrame: [])
  private static let lutTexts = options("c0 c1 c2 c3 y u v r g b a", lutText)

  private static let inkTexts = options(
    "reds yellows greens cyans blues magentas whites neutrals blacks", .numbers)

  static let colorFilters: [FilterPolicy] = [
    exact("chromahold"),
    exact("chromashift"),
    exact("colorbalance"),
    exact("colorchannelmixer"),
    exact("colorcontrast"),
    exact("colorcorrect"),
    exact("colorhold"),
    exact("colorize"),
    exact("colorkey"),
    exact("colormatrix"),
    exact("colorspace"),
    exact("colortemperature"),
    exact("copy"),
    exact("curves", options("master m red r green g blue b all", .numbers)),
    exact("despill"),
    exact(
      "eq",
      options(
        "contrast brightness saturation gamma gamma_r gamma_g gamma_b gamma_weight",
        .expression(variables: [], perFrame: []))),
    exact("exposure"),
    exact("format", ["pix_fmts": .words]),
    exact("histeq"),
    exact("hsvhold"),
    exact("hsvkey"),
    exact(
      "hue", options("h s H b", .expression(variables: ["n", "t"], perFrame: ["n", "t"]))),
    exact("huesaturation"),
    exact("limiter"),
    exact("lumakey"),
    exact("lut", lutTexts),
    exact("lutrgb", lutTexts),
    exact("lutyuv", lutTexts),
    exact("negate"),
    exact("noformat", ["pix_fmts": .words]),
    exact("normalize", rules: [.frame(while: "smoothing", in: .off)]),
    exact("null"),
    exact("rgbashift"),
    exact("selectivecolor", inkTexts),
    exact("setparams"),
    exact("setrange"),
    exact("shuffleplanes"),
    exact("swapuv"),
    exact("vibrance"),

    // The result depends on how many threads share the picture.
    inexact("chromakey"),
    inexact("colorlevels"),
    inexact("pseudocolor", options("c0 c1 c2 c3", lutText)),
    // Mathematical functions of the C library on every pixel, in single precision.
    inexact("grayworld"),
    inexact("monochrome"),
    inexact("tonemap"),
  ]
}
