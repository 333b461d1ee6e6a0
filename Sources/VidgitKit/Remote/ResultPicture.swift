import FFmpeg
import Foundation
import VidgitModel

/// The picture that a service gave: a whole PNG, JPEG or WebP image, told by its first bytes.
enum ResultPicture {
  /// - Parameter folder: for a temporary file.
  /// - Throws: `CallFault` for everything that is no such picture, or too large.
  static func decode(_ bytes: [UInt8], folder: String) throws -> Frame {
    let frame: Frame
    do {
      switch kind(of: bytes) {
      case "png":
        var scanner = PNGScanner()
        guard try scanner.append(bytes[...]), scanner.isWhole else {
          throw CallFault(reason: "gave a part of a PNG image", isPaid: true)
        }
        frame = try PNGPicture.decode(bytes)
      case let kind?: frame = try file(bytes, ending: kind, folder)
      case nil:
        throw CallFault(
          reason: bytes.isEmpty
            ? "gave an empty answer" : "gave \(bytes.count) bytes that are no image",
          isPaid: true)
      }
    } catch let error as FFmpegError {
      throw CallFault(reason: "gave a damaged image: \(error.words)", isPaid: true)
    } catch let fault as PictureFault {
      throw CallFault(reason: fault.reason, isPaid: true)
    }
    guard frame.width <= PictureLimit.side, frame.height <= PictureLimit.side else {
      throw CallFault(
        reason: "gave a picture of \(frame.width)x\(frame.height), and at most "
          + "\(PictureLimit.side)x\(PictureLimit.side) is taken", isPaid: true)
    }
    return frame
  }

  private static func kind(of bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) { return "png" }
    if bytes.starts(with: [0xff, 0xd8, 0xff]) { return "jpg" }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      return "webp"
    }
    return nil
  }

  private static func file(_ bytes: [UInt8], ending: String, _ folder: String) throws -> Frame {
    if ending == "jpg", !bytes.suffix(64).contains(0xd9) {
      throw CallFault(reason: "gave a part of a JPEG image", isPaid: true)
    }
    let path = "\(folder)/\(UInt64.random(in: 0 ..< .max)).\(ending)"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw VidgitError.system("create", path) }
    defer { unlink(path) }
    do {
      defer { close(file) }
      try bytes.withUnsafeBytes { try DurableFile.writeAll($0, to: file, path) }
    }
    return try ObjectFile.picture(path: path)
  }
}
