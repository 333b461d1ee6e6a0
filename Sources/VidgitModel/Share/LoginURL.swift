/// A URL without the user and the password that may stand before its host.
public struct LoginURL: Hashable, Sendable {
  /// The rest of it.
  public let url: String
  /// Decoded; nil where there is none.
  public let user: String?
  public let password: String?

  /// Takes a URL apart; anything else stays as it is, and so does one of SSH, whose user is no secret,
  /// unless a password stands in it.
  public init(_ text: String) {
    if let colon = text.firstRange(of: "://") {
      let isSSH = text[..<colon.lowerBound].lowercased() == "ssh"
      let authority = text[colon.upperBound...].prefix { !"/?#".contains($0) }
      if let at = authority.lastIndex(of: "@"), !isSSH || authority[..<at].contains(":") {
        let login = authority[..<at].split(
          separator: ":", maxSplits: 1, omittingEmptySubsequences: false
        ).map { PercentEncoding.decoded(String($0)) }
        url = String(text[..<colon.upperBound] + text[at...].dropFirst())
        user = login.first.flatMap { $0.isEmpty ? nil : $0 }
        password = login.count == 2 ? login[1] : nil
        return
      }
    }
    (url, user, password) = (text, nil, nil)
  }
}
