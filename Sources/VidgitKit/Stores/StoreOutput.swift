import Foundation
import VidgitModel

/// An output that is to lie in a store: "disk:falls/noir/" in the store 'disk' of this clone,
/// "s3://bucket/films/noir.mp4".
///
/// It is written on this machine first, whole, and then sent.
public struct StoreOutput: Sendable {
  /// What the user wrote.
  public let uri: String
  /// Where it is written meanwhile: a file, or a folder that is not there yet, as `uri` has it.
  public let path: String
  private let opener: StoreOpener
  private let settings: StoreSettings
  /// Folders of the store: "films/", or none.
  private let prefix: String
  private let folder: HeldFolder

  /// - Parameter isFolder: a folder of files; else the last part of the URI names one file.
  /// - Returns: nil for what is a path of this machine.
  /// - Throws: `VidgitError`: usage for a URI of a place that nothing can be put into, or what looks like
  ///   one and is none.
  public init?(_ uri: String, isFolder: Bool, directory: String) throws {
    guard StorePlace.isLike(uri) else { return nil }
    let repository = try VideoRepository.open(at: directory)
    guard let (store, rest) = try StorePlace.find(uri, in: repository) else { return nil }
    self.uri = uri
    var base = rest
    while base.count > 1, base.last == "/" { base.removeLast() }
    var name = "pictures"
    if !isFolder {
      let start = base.lastIndex { $0 == "/" || $0 == ":" }
      name = String(start.map { base[base.index(after: $0)...] } ?? base)
      base = start.map { base[$0] == "/" ? base[..<$0] : base[...$0] } ?? ""
    }
    if let store {
      settings = store
      prefix = try store.folder(base)
    } else {
      let text = String(base)
      settings = try Self.settings(
        VidgitError.model(.usage) { try StoreLocation(parsing: text) }, repository)
      prefix = ""
    }
    guard !settings.location.isReadOnly else {
      throw VidgitError(
        .usage, "nothing can be put into '\(TerminalText.escaped(uri))'",
        hint: "s3:, rclone:, dropbox:, gdrive: and file: take what is made")
    }
    if !isFolder {
      let file = try Self.name(name, in: prefix)
      if case .folder(let path) = settings.location {
        try repository.requireOutput("\(path)/\(file.text)")
      }
    }
    guard let access = StoreAccess.current else {
      throw VidgitError(.usage, "no store may be called here")
    }
    opener = try StoreOpener(repository.completed(access), scratch: repository.local.sending)
    folder = try HeldFolder(in: repository.local.outgoing)
    path = "\(folder.path)/\(name)"
  }

  /// Removes what was written on this machine.
  public func discard() { folder.remove() }

  /// Asks the store for something, so that one that is not there is found out before the work.
  public func check() async throws {
    _ = try await opener.open(settings).size(of: .packList)
  }

  private static let filesAtOnce = 8

  /// Sends what stands at `path`, several files at a time.
  ///
  /// - Returns: the files that were sent.
  /// - Throws: `VidgitError`: usage for a name that stores do not take, and what the store says.
  @discardableResult
  public func send(progress: ProgressHandler = { _ in }) async throws -> Int {
    let store = try opener.open(settings)
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let named =
      isFolder.boolValue
      ? try FolderFiles.names(path).map { ("\(path)/\($0)", try Self.name($0, in: prefix)) }
      : [(path, try Self.name((path as NSString).lastPathComponent, in: prefix))]
    var rest = named[...]
    var sent = 0
    try await mapInOrder(
      width: Self.filesAtOnce, next: { rest.popFirst() },
      transform: { (file, name) in
        let digest = try await blocking { try MediaLibrary.digest(of: file) }
        let size = FileStatus(path: file)?.size ?? 0
        try await store.put(name, .file(path: file, size: size, digest: digest), replaces: true)
      },
      consume: {
        sent += 1
        progress(OperationProgress(phase: "send", done: sent, total: named.count, unit: "files"))
      })
    return sent
  }

  private static func name(_ name: String, in prefix: String) throws -> StoreName {
    guard let valid = StoreName(prefix + name) else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(name))' cannot be the name of a file in a store",
        hint: "small letters, digits, '.', '_' and '-' are the same everywhere: noir-2.mp4")
    }
    return valid
  }

  /// What the user has set for the store that holds this place: an endpoint, a profile.
  private static func settings(
    _ location: StoreLocation, _ repository: VideoRepository
  ) throws -> StoreSettings {
    var settings = StoreSettings(name: "output", location: location)
    let known = try repository.configuredStores().first { other in
      switch (other.location, location) {
      case (.s3(let one, _), .s3(let two, _)): one == two
      case (.rclone(let one, _), .rclone(let two, _)): one == two
      default: other.location == location
      }
    }
    if let known {
      settings.endpoint = known.endpoint
      settings.region = known.region
      settings.isPathStyle = known.isPathStyle
      settings.profile = known.profile
    }
    return settings
  }
}
