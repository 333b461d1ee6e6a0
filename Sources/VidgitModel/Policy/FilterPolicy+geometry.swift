// Filters that move pixels, change the size, or draw plain shapes.
extension FilterPolicy {
  private static let sizeText = Text.expression(
    variables: [
      "iw", "ih", "in_w", "in_h", "ow", "oh", "out_w", "out_h", "a", "sar", "dar", "hsub", "vsub",
    ], perFrame: [])
  private static let cropPosition = Text.expression(
    variables: [
      "iw", "ih", "in_w", "in_h", "ow", "oh", "out_w", "out_h", "a", "sar", "dar", "hsub", "vsub",
      "x", "y", "n", "t",
    ], perFrame: ["n", "t"])
  private static let cornerText = Text.expression(variables: ["W", "H"], perFrame: [])
  private static let angleText = Text.expression(
    variables: ["iw", "ih", "in_w", "in_h", "ow", "oh", "out_w", "out_h", "n", "t"],
    perFrame: ["n", "t"])
  private static let rectText = Text.expression(
    variables: ["w", "h", "a", "sar", "dar", "n", "t"], perFrame: ["n", "t"])
  /// Of `drawbox` and `drawgrid`, whose `t` is the thickness.
  private static let boxText = Text.expression(
    variables: [
      "iw", "ih", "in_w", "in_h", "x", "y", "w", "h", "t", "sar", "dar", "hsub", "vsub", "fill",
    ], perFrame: [])
  private static let shapeTexts = options("x y width w height h thickness t", boxText)
    .merging(options("color c", .color)) { first, _ in first }

  private static let speeds = "horizontal h vertical v"

  static let geometryFilters: [FilterPolicy] = [
    exact(
      "crop",
      options("out_w w out_h h", sizeText)
        .merging(options("x y", cropPosition)) { first, _ in first }),
    exact("drawbox", shapeTexts),
    exact("drawgrid", shapeTexts),
    exact("epx"),
    exact("fillborders"),
    exact("hflip"),
    exact("il"),
    exact("lenscorrection"),
    exact("pad", options("width w height h x y", sizeText)),
    exact("perspective", options("x0 y0 x1 y1 x2 y2 x3 y3", cornerText)),
    exact(
      "rotate",
      options("angle a out_w ow out_h oh", angleText)
        .merging(options("fillcolor c", .color)) { first, _ in first }),
    exact(
      "scale",
      options("w width h height", sizeText)
        .merging(options("in_color_matrix out_color_matrix", .words)) { first, _ in first },
      refused: ["size", "s"]),
    // A speed makes the picture move with every frame; a position alone does not.
    exact("scroll", rules: [.frame(while: speeds, in: .off)]),
    exact("shear", options("fillcolor c", .color)),
    exact("stereo3d"),
    exact("swaprect", options("w h x1 y1 x2 y2", rectText)),
    exact("transpose"),
    exact("vflip"),

    // Enlargers, and a fill that stops where rounding says so: not the same in all measurements.
    inexact("floodfill"),
    inexact("hqx"),
    inexact("super2xsai"),
    inexact("xbr"),
    // Trigonometry of the C library decides which pixel is read.
    inexact(
      "v360", options("in_forder out_forder in_frot out_frot rorder", .words),
      caps: ["w": 0...8192, "h": 0...8192]),
    // A library of its own chooses the instructions, out of vidgit's sight.
    inexact("zscale", options("w width h height", sizeText), refused: ["size", "s"]),
  ]
}
