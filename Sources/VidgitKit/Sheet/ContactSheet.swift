import FFmpeg
import VidgitModel

/// Pictures in a grid with a caption under each, on one dark page.
struct ContactSheet {
  /// One picture, already at the size in which it is drawn: a sheet of many large frames holds none
  /// of them.
  struct Tile: Sendable {
    /// rgb24, square pixels, no larger than the box.
    let picture: Frame
    let box: Box
    let name: String
    /// A second, fainter line.
    let note: String?

    /// - Throws: `VidgitError` where the picture cannot be converted.
    init(_ frame: Frame, in box: Box, name: String, note: String? = nil) throws {
      let size = box.size(of: frame)
      picture = try VidgitError.reading {
        var scaler = Scaler()
        return try scaler.convert(
          frame, to: Canvas.format, width: size.width, height: size.height)
      }
      self.box = box
      self.name = name
      self.note = note
    }
  }

  /// The room for a picture, in pixels.
  struct Box: Hashable, Sendable {
    var width: Int
    var height: Int

    init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }

    /// As wide as given, with the shape of what `frame` shows, but no higher than it is wide.
    init(width: Int, for frame: Frame) {
      self.init(width: width, height: width)
      height = size(of: frame).height
    }

    /// The same for frames of a revision that are of no size of their own.
    init(width: Int, for header: Header) {
      self.init(width: width, height: width)
      height = size(of: header.width, header.height, header.aspect).height
    }

    /// The largest size in the box with the shape of what `frame` shows, its pixels' aspect counted.
    func size(of frame: Frame) -> (width: Int, height: Int) {
      size(of: frame.width, frame.height, frame.sampleAspectRatio)
    }

    private func size(
      of width: Int, _ height: Int, _ aspect: Ratio
    ) -> (width: Int, height: Int) {
      let aspect = aspect.isValid ? aspect : Ratio(1, 1)
      let across = Double(width) * Double(aspect.num) / Double(aspect.den)
      let scale = min(Double(self.width) / across, Double(self.height) / Double(height))
      return (
        max(1, min(self.width, Int((across * scale).rounded()))),
        max(1, min(self.height, Int((Double(height) * scale).rounded())))
      )
    }
  }

  /// Tiles under a heading of their own.
  struct Section: Sendable {
    var heading: String?
    var tiles: [Tile]
  }

  var title: String
  var columns: Int
  var sections: [Section]

  static let margin = 24
  static let gap = 16
  static let textScale = 2
  private static let lineHeight = 24

  private static let background = Canvas.Color(0x14161A)
  private static let bright = Canvas.Color(0xF2F2F0)
  private static let plain = Canvas.Color(0xC9CCD1)
  private static let faint = Canvas.Color(0x868C96)
  private static let accent = Canvas.Color(0xE8B04B)

  /// What fits into memory, in pixels.
  private static let mostPixels = 48 << 20

  /// Says before the work that a sheet would be too large.
  ///
  /// - Parameter tiles: all of `box`, with two lines under each.
  /// - Throws: `VidgitError`: usage.
  static func requireRoom(
    as format: StillImage.Format, columns: Int, tiles: Int, box: Box
  ) throws {
    let rows = (tiles + columns - 1) / columns
    try requireRoom(
      as: format, width: width(columns: columns, box),
      height: margin * 2 + titleHeight + rows * rowHeight(lines: 2, box) - gap / 2)
  }

  private static func requireRoom(
    as format: StillImage.Format, width: Int, height: Int
  ) throws {
    // What WebP and JPEG have room for in their headers.
    let most = format == .webp ? 16_383 : 65_535
    guard max(width, height) <= most, width * height <= mostPixels else {
      throw VidgitError(
        .usage, "the sheet would be \(width)x\(height) pixels, which is too large for a picture",
        hint: "draw fewer frames, or more of them in a row; .png takes the largest")
    }
  }

  /// Encodes the sheet as a file.
  ///
  /// - Throws: `VidgitError`: usage where it is too large.
  func encoded(as format: StillImage.Format) throws -> [UInt8] {
    try Self.requireRoom(as: format, width: width, height: height)
    let page = try drawn()
    return try VidgitError.reading { try StillImage.encode(page, format: format, quality: 88) }
  }

  /// Draws the sheet, rgb24.
  func drawn() throws -> Frame {
    var canvas = Canvas(width: width, height: height, color: Self.background)
    let room = width - 2 * Self.margin
    canvas.write(
      Self.cut(title, to: room), x: Self.margin, y: Self.margin, scale: Self.textScale, Self.bright)
    var y = Self.margin + Self.titleHeight
    for section in sections {
      if let heading = section.heading {
        canvas.write(
          Self.cut(heading, to: room), x: Self.margin, y: y, scale: Self.textScale, Self.accent)
        y += Self.headingHeight
      }
      for start in stride(from: 0, to: section.tiles.count, by: columns) {
        let row = section.tiles[start..<min(start + columns, section.tiles.count)]
        for (column, tile) in row.enumerated() {
          draw(tile, x: Self.margin + column * (box.width + Self.gap), y: y, on: &canvas)
        }
        y += rowHeight
      }
    }
    return try canvas.frame()
  }

  private func draw(_ tile: Tile, x: Int, y: Int, on canvas: inout Canvas) {
    canvas.paste(
      tile.picture, x: x + (box.width - tile.picture.width) / 2,
      y: y + (box.height - tile.picture.height) / 2)
    let text = y + box.height + Self.captionGap
    canvas.write(
      Self.cut(tile.name, to: box.width), x: x, y: text, scale: Self.textScale, Self.plain)
    if let note = tile.note {
      canvas.write(
        Self.cut(note, to: box.width), x: x, y: text + Self.lineHeight, scale: Self.textScale,
        Self.faint)
    }
  }

  private static let captionGap = 6
  private static let titleHeight = 40
  private static let headingHeight = 30

  private var tiles: [Tile] { sections.flatMap(\.tiles) }

  /// The room of every tile: the largest box of any.
  private var box: Box {
    Box(width: tiles.map(\.box.width).max() ?? 0, height: tiles.map(\.box.height).max() ?? 0)
  }

  private var rowHeight: Int {
    Self.rowHeight(lines: tiles.contains { $0.note != nil } ? 2 : 1, box)
  }

  private static func rowHeight(lines: Int, _ box: Box) -> Int {
    box.height + captionGap + lines * lineHeight + gap / 2
  }

  private static func width(columns: Int, _ box: Box) -> Int {
    2 * margin + columns * box.width + (columns - 1) * gap
  }

  /// Pixels.
  var width: Int { Self.width(columns: columns, box) }
  var height: Int {
    let rows = sections.reduce(0) { $0 + ($1.tiles.count + columns - 1) / columns }
    let headings = sections.filter { $0.heading != nil }.count
    return Self.margin * 2 + Self.titleHeight + headings * Self.headingHeight + rows * rowHeight
      - Self.gap / 2
  }

  /// `text` in the letters that there are, its end replaced by dots where it is too long.
  private static func cut(_ text: String, to width: Int) -> String {
    guard Canvas.width(of: text, scale: textScale) > width else { return text }
    let fits = max(0, width / textScale + 1) / BitmapFont.advance
    return text.prefix(max(0, fits - 2)) + ".."
  }
}
