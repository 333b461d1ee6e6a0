import FFmpeg

/// An RGB picture to draw on.
struct Canvas {
  struct Color: Hashable, Sendable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    init(_ rgb: UInt32) {
      red = UInt8(rgb >> 16 & 255)
      green = UInt8(rgb >> 8 & 255)
      blue = UInt8(rgb & 255)
    }
  }

  let width: Int
  let height: Int
  /// Three bytes a pixel, row by row.
  private var bytes: [UInt8]

  init(width: Int, height: Int, color: Color) {
    self.width = width
    self.height = height
    bytes = [UInt8](repeating: color.blue, count: width * height * 3)
    fill(x: 0, y: 0, width: width, height: height, color)
  }

  /// The picture for an encoder.
  func frame() throws -> Frame {
    try VidgitError.reading {
      try bytes.withUnsafeBytes {
        try Frame(width: width, height: height, pixelFormat: Self.format, bytes: $0)
      }
    }
  }

  /// What pictures must be in to be pasted: rgb24.
  static var format: PixelFormat { PixelFormat(name: "rgb24")! }

  /// Fills the part of a rectangle that lies on the canvas.
  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ color: Color) {
    for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
      for column in max(0, x)..<max(0, x, min(self.width, x + width)) {
        let at = (row * self.width + column) * 3
        (bytes[at], bytes[at + 1], bytes[at + 2]) = (color.red, color.green, color.blue)
      }
    }
  }

  /// Copies an rgb24 picture that fits in at this place.
  mutating func paste(_ picture: Frame, x: Int, y: Int) {
    precondition(x >= 0 && y >= 0 && x + picture.width <= width && y + picture.height <= height)
    let rowBytes = picture.width * 3
    var row = y
    picture.forEachRun { run in
      for start in stride(from: 0, to: run.count, by: rowBytes) {
        let at = (row * width + x) * 3
        bytes.replaceSubrange(at..<at + rowBytes, with: run[start..<start + rowBytes])
        row += 1
      }
    }
  }

  /// Writes one line with its top left corner at this place.
  ///
  /// - Parameter scale: pixels a dot of `BitmapFont`; at 2, slanted lines are smoothed.
  mutating func write(_ text: String, x: Int, y: Int, scale: Int, _ color: Color) {
    var x = x
    for character in text {
      let glyph = Glyph(BitmapFont.rows(of: character))
      if scale == 2 {
        draw(glyph.doubled, x: x, y: y, scale: 1, color)
      } else {
        draw(glyph, x: x, y: y, scale: scale, color)
      }
      x += BitmapFont.advance * scale
    }
  }

  private mutating func draw(_ glyph: Glyph, x: Int, y: Int, scale: Int, _ color: Color) {
    for row in 0..<glyph.height {
      for column in 0..<glyph.width where glyph[column, row] {
        fill(x: x + column * scale, y: y + row * scale, width: scale, height: scale, color)
      }
    }
  }

  /// The width of a line in pixels.
  static func width(of text: String, scale: Int) -> Int {
    max(0, text.count * BitmapFont.advance - 1) * scale
  }
}

/// The dots of one letter.
private struct Glyph {
  let width: Int
  let height: Int
  private var dots: [Bool]

  init(_ rows: [UInt8]) {
    width = BitmapFont.width
    height = rows.count
    dots = rows.flatMap { row in (0..<BitmapFont.width).reversed().map { row >> $0 & 1 == 1 } }
  }

  private init(width: Int, height: Int, dots: [Bool]) {
    self.width = width
    self.height = height
    self.dots = dots
  }

  /// False beyond the edges.
  subscript(x: Int, y: Int) -> Bool {
    (0..<width).contains(x) && (0..<height).contains(y) && dots[y * width + x]
  }

  /// Twice the size, with the corners of slanted lines filled (the rule of Scale2x).
  var doubled: Glyph {
    var result = [Bool](repeating: false, count: dots.count * 4)
    for y in 0..<height {
      for x in 0..<width {
        let (up, down) = (self[x, y - 1], self[x, y + 1])
        let (left, right) = (self[x - 1, y], self[x + 1, y])
        let own = self[x, y]
        let isCorner = up != down && left != right
        let at = y * 2 * width * 2 + x * 2
        result[at] = isCorner && up == left ? left : own
        result[at + 1] = isCorner && up == right ? right : own
        result[at + width * 2] = isCorner && down == left ? left : own
        result[at + width * 2 + 1] = isCorner && down == right ? right : own
      }
    }
    return Glyph(width: width * 2, height: height * 2, dots: result)
  }
}
