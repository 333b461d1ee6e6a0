import Curl
import FFmpeg
import Git2

/// The libraries underneath.
public enum Libraries {
  /// "libavcodec 59.37.100", one each.
  public static var versions: [String] {
    LibraryVersions.all + ["libgit2 \(libgit2Version)", "libcurl \(CurlVersion.number)"]
  }
}
