import CCurl

/// libcurl as a whole.
enum Library {
  /// Set up before the first handle; the result is the same ever after.
  static let isReady = ccurl_global_init() == CURLE_OK
}

/// Which libcurl this is.
public enum CurlVersion {
  /// "7.88.1".
  public static var number: String {
    guard let info = curl_version_info(CURLVERSION_FIRST), let version = info.pointee.version else {
      return "unknown"
    }
    return String(cString: version)
  }
}
