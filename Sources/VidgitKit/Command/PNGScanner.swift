/// Finds the end of a PNG image that arrives in pieces, by its chunks (PNG 3rd edition, 5.3).
struct PNGScanner {
  private(set) var bytes: [UInt8] = []
  private var place = Self.signature.count
  private var limit = 1 << 20
  private(set) var isWhole = false

  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  /// Length, type and checksum.
  private static let frame = 12

  /// Takes the next piece.
  ///
  /// - Returns: whether the image is whole.
  /// - Throws: for what is no PNG image, or is larger than its size may make it, or has something
  ///   behind it.
  mutating func append(_ piece: some Sequence<UInt8>) throws(PictureFault) -> Bool {
    bytes.append(contentsOf: piece)
    let head = min(bytes.count, Self.signature.count)
    guard bytes[..<head].elementsEqual(Self.signature[..<head]) else {
      throw PictureFault(reason: "wrote something that is no PNG image")
    }
    while !isWhole, bytes.count >= place + 8 {
      let length = number(at: place)
      let isFirst = place == Self.signature.count
      let type = bytes[place + 4..<place + 8]
      guard isFirst == type.elementsEqual("IHDR".utf8), !isFirst || length == 13,
        type.allSatisfy({ $0 >= 0x41 && $0 <= 0x7a })
      else { throw PictureFault(reason: "wrote a damaged PNG image") }
      guard place + Self.frame + length <= limit else {
        throw PictureFault(reason: "wrote a PNG image with more bytes than its size can need")
      }
      guard bytes.count >= place + Self.frame + length else { break }
      if isFirst {
        let (width, height) = (number(at: place + 8), number(at: place + 12))
        try PictureLimit.check(width: width, height: height)
        limit = PictureLimit.pngBytes(width: width, height: height)
      }
      place += Self.frame + length
      isWhole = type.elementsEqual("IEND".utf8)
    }
    if isWhole, bytes.count > place {
      throw PictureFault(reason: "wrote more than one PNG image for one frame", isSurplus: true)
    }
    return isWhole
  }

  private func number(at place: Int) -> Int {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
