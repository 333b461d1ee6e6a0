import Foundation
import VidgitModel

/// An output that is to lie in a store: "dropbox:falls/noir/", "s3://bucket/films/noir.mp4".
///
/// It is written on this machine first, whole, and then sent.
public struct StoreOutput: Sendable {
  /// What the user wrote.
  public let uri: String
  /// Where it is written meanwhile: a file, or a folder that is not there yet, as `uri` has it.
  public let path: String
  private let directory: String
  private let location: StoreLocation
  private let folder: String

  /// - Parameter isFolder: a folder of files; else the last part of the URI names one file.
  /// - Returns: nil for what is a path of this machine.
  /// - Throws: `VidgitError`: usage for a URI of a place that nothing can be put into.
  public init?(_ uri: String, isFolder: Bool, directory: String) throws {
    let schemes = [
      "s3:", "rclone:", "dropbox:", "gdrive:", "github-release:", "file:", "https:", "http:",
    ]
    guard schemes.contains(where: uri.hasPrefix) else { return nil }
    self.uri = uri
    self.directory = directory
    var base = uri[...]
    while base.count > 1, base.last == "/" { base.removeLast() }
    var name = "pictures"
    if !isFolder {
      let start = base.lastIndex { $0 == "/" || $0 == ":" }!
      name = String(base[base.index(after: start)...])
      base = base[start] == "/" ? base[..<start] : base[...start]
    }
    let text = String(base)
    location = try VidgitError.model(.usage) { try StoreLocation(parsing: text) }
    guard !location.isReadOnly else {
      throw VidgitError(
        .usage, "nothing can be put into '\(TerminalText.escaped(uri))'",
        hint: "s3:, rclone:, dropbox:, gdrive: and file: take what is made")
    }
    folder =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("vidgit-\(UInt64.random(in: 0 ..< .max))").path
    try DurableFile.makeFolder(folder)
    path = "\(folder)/\(name)"
  }

  /// Removes what was written on this machine.
  public func discard() { try? FileManager.default.removeItem(atPath: folder) }

  /// Asks the store for something, so that one that is not there is found out before the work.
  public func check() async throws {
    if !path.hasSuffix("/pictures") { _ = try Self.name(of: path) }
    _ = try await open(VideoRepository.open(at: directory)).size(of: .packList)
  }

  private func open(_ repository: VideoRepository) throws -> any Store {
    guard let access = StoreAccess.current else {
      throw VidgitError(.usage, "no store may be called here")
    }
    return try StoreOpener(
      repository.completed(access), scratch: repository.local.sending
    ).open(settings(repository))
  }

  private static let filesAtOnce = 8

  /// Sends what stands at `path`, several files at a time.
  ///
  /// - Returns: the files that were sent.
  /// - Throws: `VidgitError`: usage for a name that stores do not take, and what the store says.
  @discardableResult
  public func send(progress: ProgressHandler = { _ in }) async throws -> Int {
    let store = try open(VideoRepository.open(at: directory))
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let files =
      isFolder.boolValue
      ? try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { "\(path)/\($0)" }
      : [path]
    let named = try files.map { file in (file, try Self.name(of: file)) }
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

  private static func name(of file: String) throws -> StoreName {
    let name = (file as NSString).lastPathComponent
    guard let valid = StoreName(name) else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(name))' cannot be the name of a file in a store",
        hint: "small letters, digits, '.', '_' and '-' are the same everywhere: noir-2.mp4")
    }
    return valid
  }

  /// What the user has set for the store that holds this place: an endpoint, a profile.
  private func settings(_ repository: VideoRepository) throws -> StoreSettings {
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
