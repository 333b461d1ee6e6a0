/// Where a store is: what the user writes for `vidgit store add`.
///
///     file:/mnt/films                 a folder
///     s3://bucket/prefix              S3, or what speaks like it
///     https://host/base               files behind a web server, for reading
///     rclone:REMOTE:PATH              a remote of the user's rclone; dropbox:PATH and gdrive:PATH are
///                                     short for the remotes of those names
///     github-release:OWNER/NAME[/TAG] assets of a release
public enum StoreLocation: Hashable, Sendable {
  /// An absolute path without a slash at its end.
  case folder(path: String)
  /// `prefix` is empty, or a path without a slash at either end.
  case s3(bucket: String, prefix: String)
  /// HTTPS or HTTP, without a slash at its end.
  case web(base: String)
  /// A remote of rclone's configuration, and a path there.
  case rclone(remote: String, path: String)
  case gitHubRelease(owner: String, repository: String, tag: String)

  /// The tag of a release where none is given.
  public static let usualTag = "vidgit"

  private enum Scheme: String, CaseIterable {
    case file, s3, https, http, rclone, dropbox, gdrive
    case gitHubRelease = "github-release"
  }

  /// What the text of one begins with, before its colon.
  public static let schemes = Scheme.allCases.map(\.rawValue)

  static let forms =
    "file:/path, s3://bucket/prefix, https://host/base, rclone:REMOTE:PATH, dropbox:PATH, "
    + "gdrive:PATH, github-release:OWNER/NAME"

  /// - Throws: with what is wrong and the forms that there are.
  public init(parsing text: String) throws(ModelError) {
    guard text.utf8.count <= PublicURI.maximumLength,
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw Self.error(text, "it is too long, or holds a control character") }
    guard let colon = text.firstIndex(of: ":") else {
      throw Self.error(text, "it says not what kind of place it is")
    }
    let rest = String(text[text.index(after: colon)...])
    guard let scheme = Scheme(rawValue: String(text[..<colon])) else {
      throw Self.error(
        text, "'\(TerminalText.escaped(String(text[..<colon])))' is no kind of store")
    }
    switch scheme {
    case .file: self = try Self.folder(rest, text)
    case .s3: self = try Self.s3(rest, text)
    case .https, .http: self = try Self.web(text)
    case .rclone:
      guard let colon = rest.firstIndex(of: ":") else {
        throw Self.error(text, "a remote and a path are expected: rclone:REMOTE:PATH")
      }
      self = try Self.rclone(
        String(rest[..<colon]), String(rest[rest.index(after: colon)...]), text)
    case .dropbox, .gdrive: self = try Self.rclone(scheme.rawValue, rest, text)
    case .gitHubRelease: self = try Self.gitHubRelease(rest, text)
    }
  }

  /// As the user may write it.
  public var text: String {
    switch self {
    case .folder(let path): "file:\(path)"
    case .s3(let bucket, let prefix): "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)")
    case .web(let base): base
    case .rclone(let remote, let path): "rclone:\(remote):\(path)"
    case .gitHubRelease(let owner, let repository, let tag):
      "github-release:\(owner)/\(repository)" + (tag == Self.usualTag ? "" : "/\(tag)")
    }
  }

  /// Whether nothing can be put there.
  public var isReadOnly: Bool { if case .web = self { true } else { false } }

  private static func error(_ text: String, _ reason: String) -> ModelError {
    ModelError(
      "store '\(TerminalText.escaped(text))'", reason: reason, hint: "a store is one of \(forms)")
  }

  private static func folder(_ rest: String, _ text: String) throws(ModelError) -> StoreLocation {
    var path = rest[...]
    if path.hasPrefix("///") { path = path.dropFirst(2) }
    guard path.hasPrefix("/"), !path.hasPrefix("//") else {
      throw error(text, "the path must be absolute: file:/mnt/films")
    }
    let parts = path.split(separator: "/")
    guard !parts.isEmpty, !parts.contains(where: { $0 == "." || $0 == ".." }) else {
      throw error(text, "the path may not be '/', nor go through '.' or '..'")
    }
    return .folder(path: "/" + parts.joined(separator: "/"))
  }

  private static func s3(_ rest: String, _ text: String) throws(ModelError) -> StoreLocation {
    guard rest.hasPrefix("//") else {
      throw error(text, "a bucket is expected: s3://bucket/prefix")
    }
    let parts = rest.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false)
    let bucket = parts[0]
    let isBucket =
      (3...63).contains(bucket.utf8.count) && !bucket.contains("..")
      && bucket.utf8.allSatisfy {
        $0.isASCIIDigit || $0.isASCIILowercase || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
      } && bucket.utf8.first!.isASCIIAlphanumeric && bucket.utf8.last!.isASCIIAlphanumeric
    guard isBucket else {
      throw error(text, "a bucket's name has 3 to 63 lower-case letters, digits, dots and dashes")
    }
    let prefix = parts.dropFirst().filter { !$0.isEmpty }
    guard prefix.allSatisfy({ isPlain($0) }) else {
      throw error(text, "a prefix may hold letters, digits, '.', '_' and '-' between its slashes")
    }
    return .s3(bucket: String(bucket), prefix: prefix.joined(separator: "/"))
  }

  private static func web(_ text: String) throws(ModelError) -> StoreLocation {
    if let problem = PublicURI.problem(with: text) { throw error(text, problem) }
    guard !text.contains("?"), !text.contains("#") else {
      throw error(text, "a base takes no query and no fragment")
    }
    let base = text.reversed().drop { $0 == "/" }.reversed()
    return .web(base: String(base))
  }

  private static func rclone(
    _ remote: String, _ path: String, _ text: String
  ) throws(ModelError) -> StoreLocation {
    // rclone also takes ":backend,option=value:", and options can be programs to run.
    let isName =
      (1...64).contains(remote.utf8.count) && remote.utf8.first!.isASCIIAlphanumeric
      && remote.utf8.allSatisfy { $0.isASCIIAlphanumeric || "_.+@-".utf8.contains($0) }
    guard isName else {
      throw error(text, "a remote is a name of `rclone listremotes`, without its colon")
    }
    let parts = path.split(separator: "/")
    guard !parts.contains(where: { $0 == "." || $0 == ".." }) else {
      throw error(text, "the path may not go through '.' or '..'")
    }
    return .rclone(
      remote: remote, path: (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/"))
  }

  private static func gitHubRelease(
    _ rest: String, _ text: String
  ) throws(ModelError) -> StoreLocation {
    let parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), parts.allSatisfy({ isPlain($0) }),
      !parts[0].contains(".")
    else { throw error(text, "an owner and a repository are expected: github-release:OWNER/NAME") }
    return .gitHubRelease(
      owner: parts[0], repository: parts[1], tag: parts.count == 3 ? parts[2] : usualTag)
  }

  /// Whether it can be one part of a path anywhere: letters, digits, `.`, `_`, `-`, but no dots alone.
  private static func isPlain(_ part: some StringProtocol) -> Bool {
    (1...100).contains(part.utf8.count) && part != "." && part != ".."
      && part.utf8.first != UInt8(ascii: "-")
      && part.utf8.allSatisfy { $0.isASCIIAlphanumeric || "._-".utf8.contains($0) }
  }
}
