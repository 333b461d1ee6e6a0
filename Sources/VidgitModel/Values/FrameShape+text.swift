extension FrameShape {
  /// "1920x1080-yuv420p": part of object names and of cache keys.
  public var text: String { "\(width)x\(height)-\(pixelFormat)" }

  public init?(text: String) {
    let parts = text.split(separator: "-", maxSplits: 1)
    let sides = parts.first?.split(separator: "x").compactMap { Int($0) } ?? []
    guard parts.count == 2, sides.count == 2 else { return nil }
    self.init(width: sides[0], height: sides[1], pixelFormat: String(parts[1]))
  }

  /// Whether a frame of this shape can be, so that the shape may be part of a file's name.
  var isWellFormed: Bool {
    (1...65535).contains(width) && (1...65535).contains(height)
      && (1...32).contains(pixelFormat.utf8.count)
      && pixelFormat.utf8.allSatisfy {
        $0.isASCIIDigit || $0.isASCIILowercase || $0 == UInt8(ascii: "_")
      }
  }
}

extension FrameKey {
  /// "<64 digits>-1920x1080-yuv420p"
  public var text: String { "\(digest.hex)-\(shape.text)" }

  /// nil for what is not written exactly so.
  public init?(text: String) {
    guard text.utf8.count <= 128, let digest = Digest(hex: String(text.prefix(64))),
      text.dropFirst(64).first == "-", let shape = FrameShape(text: String(text.dropFirst(65))),
      shape.isWellFormed
    else { return nil }
    self.init(digest: digest, shape: shape)
    guard self.text == text else { return nil }
  }
}
