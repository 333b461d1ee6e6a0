import FFmpeg
import VidgitModel

/// The picture that a service gave: a whole PNG, JPEG or WebP image, told by its first bytes.
enum ResultPicture {
  /// - Throws: `CallFault` for everything that is no such picture, or too large.
  static func decode(_ bytes: [UInt8]) throws -> Frame {
    let frame: Frame
    do {
      switch kind(of: bytes) {
      case "png":
        var scanner = PNGScanner()
        guard try scanner.append(bytes[...]), scanner.isWhole else {
          throw CallFault(reason: "gave a part of a PNG image", isPaid: true)
        }
        frame = try PNGPicture.decode(bytes)
      case "jpg": frame = try LossyPicture.decodeJPEG(bytes)
      case "webp": frame = try LossyPicture.decodeWebP(bytes)
      default:
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
}
