/// Where a repository is behind SSH, as git reads it (gitprotocol, "SSH Transport"; git-fetch, "Git
/// URLs").
public struct SSHAddress: Hashable, Sendable {
  public let user: String?
  public let host: String
  public let port: Int?
  /// From the root there, or from the user's home where it does not begin with a slash.
  public let path: String

  /// Reads `ssh://[user@]host[:port]/path` and `[user@]host:path`; nil for anything else.
  public init?(_ text: String) {
    if let colon = text.firstRange(of: "://") {
      guard text[..<colon.lowerBound].lowercased() == "ssh" else { return nil }
      let rest = text[colon.upperBound...]
      let authority = rest.prefix { $0 != "/" }
      let path = PercentEncoding.decoded(String(rest[authority.endIndex...]))
      self.init(String(authority), path.hasPrefix("/~") ? String(path.dropFirst()) : path)
    } else {
      // A slash before the colon makes it a path of this machine.
      let at = text.prefix { !":/[".contains($0) }.firstIndex(of: "@")
      let host = at.map { text[$0...].dropFirst() } ?? text[...]
      // An IPv6 address stands in brackets.
      let end = host.first == "[" ? host.firstIndex(of: "]") ?? host.startIndex : host.startIndex
      guard let colon = host[end...].firstIndex(of: ":") else { return nil }
      let path = host[colon...].dropFirst()
      // "ext::command" is one of git's programs for transport.
      guard path.first != ":" else { return nil }
      self.init(at.map { String(text[..<$0]) }, String(host[..<colon]), nil, String(path))
    }
  }

  private init?(_ authority: String, _ path: String) {
    let at = authority.lastIndex(of: "@")
    let user = at.map { PercentEncoding.decoded(String(authority[..<$0])) }
    let place = at.map { authority[$0...].dropFirst() } ?? authority[...]
    let end = place.lastIndex(of: "]") ?? place.startIndex
    var (host, port): (Substring, Int?) = (place, nil)
    if let colon = place[end...].lastIndex(of: ":") {
      host = place[..<colon]
      let digits = place[colon...].dropFirst()
      if !digits.isEmpty {
        guard let number = Int(digits), (1...65_535).contains(number) else { return nil }
        port = number
      }
    }
    self.init(user, String(host), port, path)
  }

  private init?(_ user: String?, _ host: String, _ port: Int?, _ path: String) {
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let name = isBracketed ? String(host.dropFirst().dropLast()) : host
    // What ssh would take for an option, or a shell for more than a word.
    guard Self.isWord(name, beside: "-._:%"),
      user.map({ Self.isWord($0, beside: "-._+") }) != false,
      !path.isEmpty, path != "/", path.unicodeScalars.allSatisfy({ $0.value >= 0x20 })
    else { return nil }
    (self.user, self.host, self.port, self.path) = (user, name, port, path)
  }

  private static func isWord(_ text: String, beside more: String) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "-") else { return false }
    return text.utf8.allSatisfy { $0.isASCIIAlphanumeric || more.utf8.contains($0) || $0 >= 0x80 }
  }

  /// What `ssh` takes: "git@example.org".
  public var destination: String { (user.map { $0 + "@" } ?? "") + host }

  /// The URL of another path below the root there.
  public func url(of path: String) -> String {
    let name = host.contains(":") ? "[\(host)]" : host
    return "ssh://\(user.map { $0 + "@" } ?? "")\(name)\(port.map { ":\($0)" } ?? "")/\(path)"
  }

  /// What known_hosts calls it: "example.org", "[example.org]:2222".
  public var knownName: String { port.map { $0 == 22 ? host : "[\(host)]:\($0)" } ?? host }

  /// The arguments of `ssh` for a program there, which gets the path as one word of a shell.
  public func arguments(running program: String) -> [String] {
    var quoted = ""
    // As git quotes: csh takes '!' even within quotes.
    for character in path {
      quoted += "'!".contains(character) ? "'\\\(character)'" : "\(character)"
    }
    return (port.map { ["-p", String($0)] } ?? []) + [destination, "\(program) '\(quoted)'"]
  }
}
