/// The rule for every address in a committed file: absolute, of a scheme that reaches a shared
/// place, without credentials. Local paths and user names stay out of commits.
public enum PublicURI {
  /// The schemes that an address may have.
  public static let schemes = ["https", "http", "s3", "gs", "az", "ipfs"]
  public static let maximumLength = 2048

  /// Why `text` may not stand in a committed file, or `nil` if it may.
  public static func problem(with text: String) -> String? {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { return "the address is empty" }
    guard bytes.count <= maximumLength else {
      return "the address is longer than \(maximumLength) bytes"
    }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !#""\<>^`{|}"#.utf8.contains($0) }) else {
      return "the address holds a character that a URI must percent-encode"
    }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
      return "a local path may not stand in a commit"
    }
    let scheme = String(decoding: bytes[..<colon], as: UTF8.self)
    guard schemes.contains(scheme) else {
      return "the scheme '\(TerminalText.escaped(scheme))' is not one of "
        + schemes.joined(separator: ", ")
    }
    let rest = bytes[(colon + 1)...]
    guard rest.starts(with: "//".utf8) else { return "the address names no host" }
    let authority = rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
    guard !authority.isEmpty else { return "the address names no host" }
    guard !authority.contains(UInt8(ascii: "@")) else {
      return "the address holds a user name or password"
    }
    return nil
  }
}
