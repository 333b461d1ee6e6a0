/// Ids of feeds and of their entries (RFC 4287, section 4.2.6): they stay what they are wherever the
/// page lies, and however often it is made anew.
enum AtomID {
  /// A feed of the passes behind `root`, the first commit in hex.
  ///
  /// - Parameter publication: what tells the feeds of two forks apart; empty where nothing does.
  static func feed(root: String, publication: String) -> String {
    urn(["feed", root, publication])
  }

  /// A pass, by its commit in hex: one entry in every feed.
  static func entry(commit: String) -> String { urn(["pass", commit]) }

  /// A UUID of version 8 (RFC 9562, section 5.8), from a SHA-256.
  private static func urn(_ parts: [String]) -> String {
    let text = (["vidgit"] + parts).joined(separator: "\n")
    var bytes = Digest(of: Array(text.utf8)).withBytes { Array($0.prefix(16)) }
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    let groups = [hex[0..<4], hex[4..<6], hex[6..<8], hex[8..<10], hex[10..<16]]
    return "urn:uuid:" + groups.map { $0.joined() }.joined(separator: "-")
  }
}
