/// What a program gave back is not the one picture that was asked for.
struct PictureFault: Error {
  /// A phrase that follows "the program": "wrote something that is no PNG image".
  let reason: String
  /// There was more than the one picture: in a stream, none can be told from another any more.
  var isSurplus = false
}

/// What a program may give back.
enum PictureLimit {
  /// Pixels; as for graphs.
  static let side = 8192
  /// Bytes of a PNG image of this size: what deflate does not make smaller, and room for text.
  static func pngBytes(width: Int, height: Int) -> Int {
    let raw = height * (width * 8 + 1)
    return raw + raw / 100 + (1 << 20)
  }

  /// The largest PNG image that is read at all.
  static var pngBytes: Int { pngBytes(width: side, height: side) }

  static func check(width: Int, height: Int) throws(PictureFault) {
    guard width > 0, height > 0 else { throw PictureFault(reason: "gave a picture without pixels") }
    guard width <= side, height <= side else {
      throw PictureFault(
        reason: "gave a picture of \(width)x\(height), and at most \(side)x\(side) is taken")
    }
  }
}
