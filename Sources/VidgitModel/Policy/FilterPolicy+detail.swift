// Filters that look at a neighbourhood: blur, sharpen, edges, noise, denoise.
extension FilterPolicy {
  private static let boxTexts = options(
    "luma_radius lr chroma_radius cr alpha_radius ar",
    .expression(variables: ["w", "h", "cw", "ch", "hsub", "vsub"], perFrame: []))
  /// The passes of a box blur cost the same each; three are a Gaussian for the eye.
  private static let boxCaps: Caps = [
    "luma_power": 0...5, "lp": 0...5, "chroma_power": 0...5, "cp": 0...5, "alpha_power": 0...5,
    "ap": 0...5,
  ]

  private static let vignetteText = Text.expression(variables: ["w", "h"], perFrame: [])

  private static let noiseFlags =
    "all_flags allf c0_flags c0f c1_flags c1f c2_flags c2f c3_flags c3f"
  /// `t` moves the noise from frame to frame; `a` averages it over frames, and with SIMD otherwise
  /// than without.
  private static let noiseRules: [Rule] = [
    .frame(while: noiseFlags, in: ["u", "p", "0"]),
    .exact(while: noiseFlags, in: ["u", "p", "t", "0"]),
  ]

  static let detailFilters: [FilterPolicy] = [
    exact("avgblur"),
    exact("bilateral"),
    exact("bitplanenoise"),
    exact("boxblur", boxTexts, caps: boxCaps),
    exact("cas"),
    exact("chromanr", caps: ["sizew": 1...9, "sizeh": 1...9]),
    exact("convolution", options("0m 1m 2m 3m", .numbers)),
    exact("dblur"),
    exact("deband", caps: ["range": -64...64, "r": -64...64]),
    exact("deblock"),
    exact("deflate"),
    exact("dilation"),
    exact("edgedetect"),
    exact("erosion"),
    exact("gradfun"),
    exact("inflate"),
    exact("kirsch"),
    exact("maskfun"),
    exact("median"),
    exact("nlmeans", caps: ["p": 0...9, "pc": 0...9, "r": 0...5, "rc": 0...5]),
    exact("noise", rules: noiseRules),
    exact("pixelize"),
    exact("prewitt"),
    exact("removegrain"),
    exact("roberts"),
    exact("scharr"),
    exact("sobel"),
    exact("unsharp"),
    exact("vaguedenoiser", caps: ["nsteps": 1...8]),
    // The dither of a vignette runs on from frame to frame.
    exact(
      "vignette", options("angle a x0 y0", vignetteText),
      rules: [.frame(while: "dither", in: .off, byDefault: false)]),
    exact("yaepblur", caps: ["radius": 0...64, "r": 0...64]),

    inexact("fftdnoiz", rules: [.frame(while: "prev next", in: .off)]),
    inexact("gblur", caps: ["steps": 1...6]),
    inexact("pp7"),
    inexact("sab", caps: ["luma_radius": 0.1...2, "lr": 0.1...2]),
    inexact("smartblur"),
    inexact(
      "shufflepixels", caps: ["width": 1...2000, "w": 1...2000, "height": 1...2000, "h": 1...2000]),
  ]
}
