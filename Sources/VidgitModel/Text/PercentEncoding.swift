import Foundation

/// Text as a part of an address (RFC 3986).
public enum PercentEncoding {
  /// Everything but the unreserved characters is encoded: a slash or a question mark leads nowhere.
  ///
  /// - Parameter others: characters that stay as they are too.
  public static func text(_ text: String, keeping others: String = "") -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte.isASCIIAlphanumeric || "-._~".utf8.contains(byte) || others.utf8.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What an encoded text says; one that is not well formed stays as it is.
  static func decoded(_ text: String) -> String { text.removingPercentEncoding ?? text }
}
