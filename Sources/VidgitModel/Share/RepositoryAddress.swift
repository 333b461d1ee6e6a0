/// Where a repository is: a name on GitHub, a URL, or a path.
public enum RepositoryAddress: Hashable, Sendable {
  /// "OWNER/NAME" on GitHub.
  case gitHub(owner: String, name: String)
  /// An `https:`, `http:`, `ssh:` or `[user@]host:path` address of some other Git host.
  case url(String)
  /// A folder of this machine.
  case path(String)

  /// - Parameter webHost: the host of the GitHub in use: "github.com", or that of an Enterprise.
  /// - Throws: for what is none of these, or a URL with a password in it.
  public init(_ text: String, webHost: String = "github.com") throws(ModelError) {
    let shown = TerminalText.escaped(LoginURL(text).url)
    func refuse(_ reason: String) -> ModelError {
      ModelError(
        "the address '\(shown)'", reason: reason,
        hint:
          "OWNER/NAME on GitHub, https://host/path, ssh://git@host/path, git@host:path, or a folder"
      )
    }
    guard !text.isEmpty, text.utf8.count <= 2048,
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw refuse("it is empty, too long, or holds a control character") }
    // What git or ssh would take for an option.
    guard !text.hasPrefix("-") else { throw refuse("it begins with '-'") }
    if let colon = text.firstRange(of: "://") {
      let scheme = text[..<colon.lowerBound].lowercased()
      if scheme == "file" {
        let path = PercentEncoding.decoded(String(text[colon.upperBound...]))
        guard path.hasPrefix("/") else {
          throw refuse("'file://' is followed by a path from '/' on")
        }
        self = .path(path)
        return
      }
      guard ["https", "http", "ssh"].contains(scheme) else {
        throw refuse(
          "'\(TerminalText.escaped(scheme))' is no scheme that repositories are cloned from")
      }
      let rest = text[colon.upperBound...]
      let authority = rest.prefix { $0 != "/" }
      let user = authority.lastIndex(of: "@").map { authority[..<$0] } ?? ""
      guard !user.contains(":"), scheme == "ssh" || user.isEmpty else {
        throw refuse(
          "a user or password in an address ends up in logs; git's credential helpers keep them")
      }
      guard !authority.isEmpty, !authority.hasPrefix("-") else { throw refuse("it names no host") }
      let path = rest[authority.endIndex...]
      // SSH has another port, and names a user.
      let isGitHub =
        scheme == "ssh"
        ? SSHAddress(text)?.host.lowercased() == Self.name(of: webHost)
        : authority.lowercased() == webHost
      if isGitHub, let name = Self.pair(path.dropFirst()) {
        self = .gitHub(owner: name.owner, name: name.name)
      } else {
        self = .url(text)
      }
    } else if let ssh = SSHAddress(text) {
      let isGitHub = ssh.host.lowercased() == Self.name(of: webHost)
      if isGitHub, let name = Self.pair(ssh.path[...]) {
        self = .gitHub(owner: name.owner, name: name.name)
      } else {
        self = .url(text)
      }
    } else if !text.hasPrefix("."), !text.hasPrefix("/"), !text.hasPrefix("~"),
      let name = Self.pair(text[...])
    {
      self = .gitHub(owner: name.owner, name: name.name)
    } else {
      self = .path(text)
    }
  }

  /// A host without its port.
  private static func name(of host: String) -> String { String(host.prefix { $0 != ":" }) }

  /// "OWNER/NAME", with ".git" or a slash behind it or not.
  private static func pair(_ text: Substring) -> (owner: String, name: String)? {
    var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.last == "" { parts.removeLast() }
    guard parts.count == 2 else { return nil }
    if parts[1].hasSuffix(".git") { parts[1].removeLast(4) }
    guard isOwner(parts[0]), isName(parts[1]) else { return nil }
    return (parts[0], parts[1])
  }

  /// GitHub's own rule: letters, digits and single dashes within.
  public static func isOwner(_ text: String) -> Bool {
    (1...39).contains(text.utf8.count) && text.first != "-"
      && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }
  }

  /// GitHub's own rule: letters, digits, '-', '_' and '.', and neither "." nor "..".
  public static func isName(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count) && text != "." && text != ".."
      && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || "-_.".utf8.contains($0) }
  }

  /// The last part of the address: a folder to clone into.
  public var folderName: String {
    switch self {
    case .gitHub(_, let name): return name
    case .url(let text), .path(let text):
      var name = String(text.split { $0 == "/" || $0 == ":" }.last ?? "")
      if name.hasSuffix(".git") { name.removeLast(4) }
      return name.isEmpty ? "video" : name
    }
  }
}
