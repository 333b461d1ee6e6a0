import FFmpeg
import TestSupport
import Testing

@testable import VidgitKit

@Suite struct ContactSheetTests {
  typealias RGB = [UInt8]
  static let background: RGB = [0x14, 0x16, 0x1A]

  /// An rgb24 picture of one colour.
  static func flat(_ width: Int, _ height: Int, _ color: RGB) throws -> Frame {
    let bytes = (0..<width * height).flatMap { _ in color }
    return try bytes.withUnsafeBytes {
      try Frame(
        width: width, height: height, pixelFormat: #require(PixelFormat(name: "rgb24")), bytes: $0)
    }
  }

  static func pixels(_ frame: Frame) -> [UInt8] {
    var bytes: [UInt8] = []
    frame.forEachRun { bytes.append(contentsOf: $0) }
    return bytes
  }

  static func pixel(_ frame: Frame, _ x: Int, _ y: Int) -> RGB {
    let at = (y * frame.width + x) * 3
    return Array(pixels(frame)[at..<at + 3])
  }

  @Test func picturesStandInTheirPlaces() throws {
    let (red, blue): (RGB, RGB) = ([255, 0, 0], [0, 0, 255])
    let box = ContactSheet.Box(width: 80, height: 40)
    let sheet = ContactSheet(
      title: "", columns: 2,
      sections: [
        .init(
          heading: nil,
          tiles: [
            try .init(Self.flat(80, 40, red), in: box, name: "a"),
            try .init(Self.flat(80, 40, blue), in: box, name: "b"),
            try .init(Self.flat(40, 40, blue), in: box, name: "c"),
          ])
      ])
    let page = try sheet.drawn()
    #expect(page.width == sheet.width && page.height == sheet.height)
    #expect(page.width == 2 * 24 + 2 * 80 + 16)
    let top = 24 + 40
    #expect(Self.pixel(page, 24, top) == red)
    #expect(Self.pixel(page, 24 + 79, top + 39) == red)
    #expect(Self.pixel(page, 24 + 80, top) == Self.background)
    #expect(Self.pixel(page, 24, top - 1) == Self.background)
    #expect(Self.pixel(page, 24 + 80 + 16, top) == blue)
    // A square picture stands in the middle of its box, in the next row.
    let next = top + 40 + 6 + 24 + 8
    #expect(Self.pixel(page, 24 + 19, next) == Self.background)
    #expect(Self.pixel(page, 24 + 20, next) == blue)
    #expect(Self.pixel(page, 24 + 59, next + 39) == blue)
  }

  @Test func captionsAreWritten() throws {
    func page(_ name: String, _ note: String? = nil) throws -> Frame {
      let tile = try ContactSheet.Tile(
        Self.flat(80, 40, [9, 9, 9]), in: .init(width: 80, height: 40), name: name, note: note)
      return try ContactSheet(title: "", columns: 1, sections: [.init(heading: nil, tiles: [tile])])
        .drawn()
    }
    let empty = try page("")
    let named = try page("I")
    #expect(empty.height == named.height)
    // The stem of the I: the middle one of five dots, each two pixels wide.
    let line = 24 + 40 + 40 + 6
    #expect(Self.pixel(named, 24 + 4, line + 6) == [0xC9, 0xCC, 0xD1])
    #expect(Self.pixel(named, 24 + 5, line + 6) == [0xC9, 0xCC, 0xD1])
    #expect(Self.pixel(named, 24 + 6, line + 6) == Self.background)
    #expect(Self.pixel(empty, 24 + 4, line + 6) == Self.background)
    #expect(try page("I", "I").height == named.height + 24)
    // What is too long is cut and never runs into its neighbour.
    let long = try page(String(repeating: "M", count: 200))
    #expect(long.width == named.width)
    #expect(Self.pixel(long, 24 + 80 + 2, line + 6) == Self.background)
  }

  @Test func pixelsThatAreNotSquareKeepTheirShape() throws {
    let frame = try Self.flat(72, 57, [0, 0, 0])
      .with(colour: .init(), sampleAspectRatio: Ratio(16, 11))
    let box = ContactSheet.Box(width: 240, for: frame)
    #expect(box.width == 240)
    #expect(box.height == 131)
    let tall = try ContactSheet.Box(width: 240, for: Self.flat(90, 160, [0, 0, 0]))
    #expect(tall.height == 240)
    #expect(try tall.size(of: Self.flat(90, 160, [0, 0, 0])) == (135, 240))
    // Degenerate shapes still have a pixel.
    #expect(try tall.size(of: Self.flat(1000, 1, [0, 0, 0])) == (240, 1))
  }

  @Test func encodesEveryFormat() throws {
    let tile = try ContactSheet.Tile(
      Self.flat(8, 8, [1, 2, 3]), in: .init(width: 40, height: 40), name: "x")
    let sheet = ContactSheet(
      title: "Ünicode", columns: 1, sections: [.init(heading: "h", tiles: [tile])])
    #expect(try sheet.encoded(as: .png).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(try sheet.encoded(as: .jpg).starts(with: [0xFF, 0xD8]))
  }

  @Test func everyLetterIsDrawnAndNoTwoAlike() {
    let letters = (33...126).map { Character(Unicode.Scalar(UInt8($0))) }
    let drawn = letters.map { BitmapFont.rows(of: $0) }
    for (letter, rows) in zip(letters, drawn) {
      #expect(rows.count == BitmapFont.height, "\(letter)")
      #expect(rows.contains { $0 != 0 }, "\(letter)")
      #expect(rows.allSatisfy { $0 < 1 << BitmapFont.width }, "\(letter)")
    }
    #expect(Set(drawn).count == letters.count)
    #expect(BitmapFont.rows(of: " ").allSatisfy { $0 == 0 })
    #expect(BitmapFont.rows(of: "é") == BitmapFont.rows(of: "?"))
  }
}
