import FFmpeg
import VidgitModel

/// Reads the one picture of an object.
enum ObjectFile {
  /// Decodes `path`, unless its picture is larger than `shape`. Planes that the file could only tell
  /// without their range get the shape's format back.
  static func decode(path: String, as shape: FrameShape) throws(FFmpegError) -> Frame {
    // Codecs code whole blocks, and a picture may lie on its side.
    let frame = try picture(path: path, mostPixels: (shape.width + 128) * (shape.height + 128))
    guard let wanted = PixelFormat(name: shape.pixelFormat), frame.pixelFormat != wanted,
      frame.pixelFormat == wanted.withoutImpliedRange
    else { return frame }
    return try frame.relabelled(as: wanted)
  }

  /// The one picture of a file, or of a part of one.
  ///
  /// - Parameter mostPixels: a larger picture is an error, and not decoded; nil takes any.
  static func picture(
    path: String, part: Range<Int64>? = nil, mostPixels: Int? = nil
  ) throws(FFmpegError) -> Frame {
    var options = VideoReader.Options(threads: 1)
    if let mostPixels { options.mostPixels = min(options.mostPixels, mostPixels) }
    options.part = part
    let reader = try VideoReader(path: path, options: options)
    guard let frame = try reader.next() else {
      throw FFmpegError(invalid: "read '\(path)'", detail: "it holds no picture")
    }
    guard try reader.next() == nil else {
      throw FFmpegError(invalid: "read '\(path)'", detail: "it holds more than one picture")
    }
    return frame
  }
}
