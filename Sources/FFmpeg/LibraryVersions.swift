import CFFmpeg

/// The versions of the linked libraries, for people and for the record.
public enum LibraryVersions {
  /// "libavfilter 8.44.100"
  public static var filter: String { text("libavfilter", avfilter_version()) }
  public static var codec: String { text("libavcodec", avcodec_version()) }
  public static var format: String { text("libavformat", avformat_version()) }
  public static var scale: String { text("libswscale", swscale_version()) }
  public static var util: String { text("libavutil", avutil_version()) }

  public static var all: [String] { [format, codec, filter, scale, util] }

  private static func text(_ name: String, _ version: UInt32) -> String {
    "\(name) \(version >> 16).\(version >> 8 & 0xff).\(version & 0xff)"
  }
}
