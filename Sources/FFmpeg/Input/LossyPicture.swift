import CFFmpeg

/// JPEG and WebP images as programs exchange them: strict to read.
public enum LossyPicture {
  /// Decodes one whole JPEG image (ITU-T T.81), as `yuvj420p` and its like.
  ///
  /// - Throws: where it is damaged or cut short. libavcodec makes up what is missing of a cut image,
  ///   so that the marker of its end must be there, and the same pixels must come of two backgrounds.
  public static func decodeJPEG(_ bytes: [UInt8]) throws(FFmpegError) -> Frame {
    let operation = "decode a JPEG image"
    var end = bytes.count
    // Some programs pad.
    while end > 2, bytes[end - 1] == 0 { end -= 1 }
    guard end >= 4, bytes[end - 2] == 0xff, bytes[end - 1] == 0xd9 else {
      throw FFmpegError(invalid: operation, detail: "its end is missing")
    }
    return try decode(bytes, AV_CODEC_ID_MJPEG, operation)
  }

  /// Decodes one whole WebP image.
  public static func decodeWebP(_ bytes: [UInt8]) throws(FFmpegError) -> Frame {
    try decode(bytes, AV_CODEC_ID_WEBP, "decode a WebP image")
  }

  private static func decode(
    _ bytes: [UInt8], _ id: AVCodecID, _ operation: String
  ) throws(FFmpegError) -> Frame {
    let frame = try SinglePictureDecoder.decode(bytes, id, operation)
    let other = try SinglePictureDecoder.decode(bytes, id, operation, over: 0xff)
    guard frame.copyOfBytes == other.copyOfBytes else {
      throw FFmpegError(invalid: operation, detail: "parts of it are missing")
    }
    return frame
  }
}
