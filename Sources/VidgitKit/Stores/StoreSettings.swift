import Git2
public import VidgitModel

/// A store that the user has added: `vidgit.store.NAME.*` in Git's configuration.
public struct StoreSettings: Sendable, Hashable {
  /// What the user calls it.
  public let name: String
  public let location: StoreLocation
  /// "https://host:port" of what speaks like S3, or of GitHub's API.
  public var endpoint: String?
  public var region: String?
  /// Whether the bucket goes into the path; nil decides by the endpoint.
  public var isPathStyle: Bool?
  /// Of AWS's own files.
  public var profile: String?
  /// Where everybody can read the same: what `--public` put into video.json.
  public var publicBase: String?

  public init(name: String, location: StoreLocation) {
    self.name = name
    self.location = location
  }

  var title: String { "'\(name)' (\(location.text))" }

  static let section = "vidgit.store."
  static let longestName = 50

  /// Whether a store can be called so: letters, digits, `_` and `-`.
  static func isName(_ name: String) -> Bool {
    (1...longestName).contains(name.utf8.count) && FileNames.isSafe(name) && !name.contains(".")
  }
}

extension VideoRepository {
  /// The stores that the user has added, by name.
  ///
  /// - Throws: `VidgitError`: usage for a setting that says nothing sensible.
  func configuredStores() throws -> [StoreSettings] {
    let section = StoreSettings.section
    var values: [String: [String: String]] = [:]
    for (key, value) in try VidgitError.git({ try git.configEntries(prefix: section) }) {
      let rest = key.dropFirst(section.count)
      guard let dot = rest.lastIndex(of: ".") else { continue }
      values[String(rest[..<dot]), default: [:]][String(rest[rest.index(after: dot)...])] = value
    }
    return try values.sorted { $0.key < $1.key }.compactMap { name, fields in
      // What else stands there is somebody's own.
      guard StoreSettings.isName(name), let url = fields["url"] else { return nil }
      let location = try VidgitError.model(.usage) { try StoreLocation(parsing: url) }
      var settings = StoreSettings(name: name, location: location)
      settings.endpoint = try fields["endpoint"].map { try Self.endpoint($0, of: name) }
      settings.region = fields["region"]
      settings.profile = fields["profile"]
      settings.publicBase = fields["public"]
      settings.isPathStyle = try fields["pathstyle"].map { try Self.flag($0, of: name) }
      return settings
    }
  }

  func configuredStore(_ name: String) throws -> StoreSettings {
    let all = try configuredStores()
    guard let found = all.first(where: { $0.name == name }) else {
      throw VidgitError(
        .notFound, "there is no store '\(TerminalText.escaped(name))'",
        hint: all.isEmpty
          ? "add one with `vidgit store add NAME URI`"
          : "there are: \(all.map(\.name).joined(separator: ", "))")
    }
    return found
  }

  /// An endpoint without a path or a slash at its end.
  static func endpoint(_ text: String, of name: String) throws -> String {
    guard PublicURI.problem(with: text) == nil,
      text.hasPrefix("https://") || text.hasPrefix("http://")
    else {
      throw VidgitError(
        .usage, "the endpoint of the store '\(name)' is '\(TerminalText.escaped(text))'",
        hint: "it is an address such as https://s3.example.org:9000")
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  private static func flag(_ text: String, of name: String) throws -> Bool {
    switch text.lowercased() {
    case "true", "yes", "on", "1", "": return true
    case "false", "no", "off", "0": return false
    default:
      throw VidgitError(
        .usage, "'\(StoreSettings.section)\(name).pathStyle' is '\(TerminalText.escaped(text))'",
        hint: "set it to true or false")
    }
  }
}
