// Filters that fork, join and mix pictures of one frame.
extension FilterPolicy {
  private static let pairText = Text.expression(
    variables: ["x", "y", "bdx", "bdy", "w", "h"], perFrame: [])
  private static let overlayText = Text.expression(
    variables: [
      "main_w", "W", "main_h", "H", "overlay_w", "w", "overlay_h", "h", "x", "y", "hsub", "vsub",
      "n", "t",
    ], perFrame: ["n", "t"])

  private static let stackCaps: Caps = ["inputs": 2...16]
  private static let several = PadCount.option("inputs", default: 2)

  static let mixingFilters: [FilterPolicy] = [
    exact("blend", inputs: .fixed(2)),
    exact("extractplanes", outputs: .afterInit),
    exact("hstack", caps: stackCaps, inputs: several),
    exact("hysteresis", inputs: .fixed(2)),
    exact("limitdiff", refused: ["reference"], inputs: .fixed(2)),
    exact("lut2", options("c0 c1 c2 c3", pairText), inputs: .fixed(2)),
    exact("maskedclamp", inputs: .fixed(3)),
    exact("maskedmax", inputs: .fixed(3)),
    exact("maskedmerge", inputs: .fixed(3)),
    exact("maskedmin", inputs: .fixed(3)),
    exact("maskedthreshold", inputs: .fixed(2)),
    exact("midequalizer", inputs: .fixed(2)),
    exact(
      "mix", ["weights": .numbers], caps: stackCaps, refused: ["duration"], inputs: several),
    // One palette for each frame; without `single` and `new` it belongs to the whole clip.
    exact(
      "palettegen",
      rules: [
        .allowed(
          while: "stats_mode", in: ["single", "2"], byDefault: false,
          "needs stats_mode=single: a palette of the whole clip is not known at its first frame")
      ]),
    exact(
      "paletteuse",
      rules: [
        .allowed(
          while: "new", in: .on, byDefault: false,
          "needs new=1: a palette for each frame")
      ], refused: ["diff_mode", "color_search", "mean_err", "debug_accuracy"], inputs: .fixed(2)),
    exact("premultiply", inputs: .afterInit),
    exact(
      "split", caps: ["outputs": 1...16], inputs: .fixed(1),
      outputs: .option("outputs", default: 2)),
    exact("threshold", inputs: .fixed(4)),
    exact("unpremultiply", inputs: .afterInit),
    exact("vstack", caps: stackCaps, inputs: several),
    exact("xmedian", caps: ["inputs": 3...15], inputs: .option("inputs", default: 3)),
    exact("xstack", ["layout": .words, "fill": .color], caps: stackCaps, inputs: several),

    // It converts its inputs by itself, and not always with vidgit's scaler flags.
    inexact("overlay", options("x y", overlayText), inputs: .fixed(2)),
    inexact("alphaextract"),
    inexact("alphamerge", inputs: .fixed(2)),
    inexact("multiply", inputs: .fixed(2)),
  ]
}
