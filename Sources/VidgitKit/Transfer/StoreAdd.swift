import Foundation
import Git2
import VidgitModel

/// Adds a store to a clone's configuration, after a look whether it is there.
public struct StoreAdd {
  public var directory: String
  public var name: String
  /// Where it is, as `StoreLocation` takes it, or a folder: absolute, or from the current one on.
  public var uri: String
  public var endpoint: String?
  public var region: String?
  public var isPathStyle: Bool?
  public var profile: String?
  /// Whether video.json is to name it, for everybody who clones.
  public var isPublic = false
  /// Where everybody can read it, where that does not follow from the URI.
  public var publicBase: String?
  public var author: Author?

  public init(directory: String, name: String, uri: String) {
    self.directory = directory
    self.name = name
    self.uri = uri
  }

  /// - Returns: the store, and the commit that names it, where one was made.
  /// - Throws: `VidgitError`: usage for a name or a URI that is none, conflict for a name that is
  ///   taken, and what the store says where it does not answer.
  public func run() async throws -> (store: StoreSettings, commit: EditResult?) {
    let repository = try VideoRepository.open(at: directory)
    guard StoreSettings.isName(name) else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(name))' cannot be the name of a store",
        hint: "letters, digits, '_' and '-': studio, s3-main")
    }
    let location = try VidgitError.model(.usage) { try StoreLocation(parsing: Self.address(uri)) }
    if let other = try repository.configuredStores().first(where: { $0.name == name }) {
      throw VidgitError(
        .conflict, "there is a store \(other.title) already",
        hint: "take another name, or `vidgit store remove \(name)` first")
    }
    var settings = StoreSettings(name: name, location: location)
    settings.endpoint = try endpoint.map { try VideoRepository.endpoint($0, of: name) }
    settings.region = region
    settings.isPathStyle = isPathStyle
    settings.profile = profile
    if isPublic || publicBase != nil { settings.publicBase = try base(of: settings) }
    try await look(at: settings, repository)
    try repository.write(settings)
    guard let base = settings.publicBase else { return (settings, nil) }
    return (settings, try await publish(base))
  }

  /// A folder as an address; anything else as it is.
  private static func address(_ text: String) -> String {
    // A scheme, or the name of a remote, has no slash and no dot before its colon.
    let isAddress = text.firstIndex(of: ":").map { !text[..<$0].contains { "/.".contains($0) } }
    guard isAddress != true, !text.isEmpty else { return text }
    return "file:" + URL(fileURLWithPath: CommandFiles.absolute(text)).standardizedFileURL.path
  }

  /// Asks for the one thing that is there or not: an answer is all that counts.
  private func look(at settings: StoreSettings, _ repository: VideoRepository) async throws {
    guard let access = StoreAccess.current else { return }
    let opener = try StoreOpener(
      repository.completed(access), scratch: repository.local.sending)
    let store = try opener.open(settings)
    _ = store.canList ? try await store.list("packs/").count : 0
    _ = try await store.size(of: .packList)
  }

  /// Where everybody can read the store.
  private func base(of settings: StoreSettings) throws -> String {
    let derived: String?
    switch settings.location {
    case .web(let base): derived = base
    case .s3(let bucket, let prefix):
      let below = prefix.isEmpty ? "" : "/\(prefix)"
      derived =
        settings.endpoint.map { "\($0)/\(bucket)\(below)" }
        ?? settings.region.map { "https://\(bucket).s3.\($0).amazonaws.com\(below)" }
    default: derived = nil
    }
    guard let base = publicBase ?? derived, base.hasPrefix("https://"),
      PublicURI.problem(with: base) == nil
    else {
      throw VidgitError(
        .usage, "it is not clear where everybody can read the store '\(name)' over HTTPS",
        hint: "name the address with --public-base https://host/path")
    }
    return base
  }

  private func publish(_ base: String) async throws -> EditResult {
    try await TimelineEdit(
      directory: directory, author: author, request: ["store", "add", base]
    ).run { _, timeline in
      var header = timeline.revision.header
      if !header.stores.contains(base) { header.stores.append(base) }
      return TimelineEdit.Outcome(
        change: TimelineChange(pieces: [.old(timeline.lines.indices)], header: header),
        subject: "Name the store \(base)", body: "Objects can be fetched there by their hashes.",
        trailers: PassTrailers(pass: "store"))
    }
  }
}

extension VideoRepository {
  /// Puts a store into this clone's configuration.
  func write(_ settings: StoreSettings) throws {
    let fields: [(String, String?)] = [
      ("endpoint", settings.endpoint), ("region", settings.region),
      ("pathStyle", settings.isPathStyle.map { $0 ? "true" : "false" }),
      ("profile", settings.profile), ("public", settings.publicBase),
      // The store is there when this is.
      ("url", settings.location.text),
    ]
    try VidgitError.git {
      for (key, value) in fields where value != nil {
        try git.setConfig("\(StoreSettings.section)\(settings.name).\(key)", to: value)
      }
    }
  }
}

/// The stores of a clone, and what its current revision names beside them.
public struct StoreList {
  private let directory: String

  public init(directory: String) { self.directory = directory }

  public func run() throws -> (stores: [StoreSettings], named: [String]) {
    let repository = try VideoRepository.open(at: directory)
    let stores = try repository.configuredStores()
    let own = Set(stores.map(\.location.text) + stores.compactMap(\.publicBase))
    return (stores, try repository.revision("HEAD").header.stores.filter { !own.contains($0) })
  }
}

/// Takes a store out of a clone's configuration; what it holds stays.
public struct StoreRemove {
  private let directory: String
  private let name: String

  public init(directory: String, name: String) {
    self.directory = directory
    self.name = name
  }

  /// - Throws: `VidgitError`: not found where there is none of that name.
  public func run() throws -> StoreSettings {
    let repository = try VideoRepository.open(at: directory)
    let settings = try repository.configuredStore(name)
    let section = "\(StoreSettings.section)\(name)."
    try VidgitError.git {
      let keys = try repository.git.configEntries(prefix: section).keys
      // The store is gone when this is.
      for key in ["\(section)url"] + keys.sorted()
      where key == "\(section)url" || keys.contains(key) {
        try repository.git.setConfig(key, to: nil)
      }
    }
    return settings
  }
}
