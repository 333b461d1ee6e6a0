import FFmpeg

/// Reads the one picture of an object.
enum ObjectFile {
  /// Decodes `path`. Planes that the file could only tell without their range get `format` back.
  static func decode(path: String, as format: String) throws(FFmpegError) -> Frame {
    let frame = try picture(path: path)
    guard let wanted = PixelFormat(name: format), frame.pixelFormat != wanted,
      frame.pixelFormat == wanted.withoutImpliedRange
    else { return frame }
    return try frame.relabelled(as: wanted)
  }

  /// The one picture of a file, or of a part of one.
  static func picture(path: String, part: Range<Int64>? = nil) throws(FFmpegError) -> Frame {
    var options = VideoReader.Options(threads: 1)
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
