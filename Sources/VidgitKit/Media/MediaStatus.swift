public import VidgitModel

/// One medium of a revision, and what this machine knows of it.
public struct MediaStatus: Sendable {
  public enum State: String, Sendable {
    /// The file is where it was, its bytes unchanged.
    case ok
    /// No file is known, or it is no longer there.
    case missing
    /// The file that is there has other bytes.
    case changed
  }

  /// In the tree: "media/falls.json".
  public let uri: String
  public let descriptor: MediaDescriptor
  public let state: State
  /// Where the bytes are, or were last; nil where no place is known.
  public let path: String?
}

/// Where the media of a revision are on this machine.
public struct MediaList {
  private let directory: String
  private let revision: String

  public init(directory: String, revision: String = "HEAD") {
    self.directory = directory
    self.revision = revision
  }

  /// Looks at every medium, by its place in the tree. A file whose time has changed is hashed.
  ///
  /// - Throws: `VidgitError` for an unknown revision, or a disk that fails; a missing file is not an
  ///   error.
  public func run() async throws -> [MediaStatus] {
    let (directory, revision) = (directory, revision)
    return try await blocking {
      let repository = try VideoRepository.open(at: directory)
      return try repository.revision(revision).media.sorted { $0.key < $1.key }.map {
        try Self.status(of: $0.value, at: $0.key, repository.media)
      }
    }
  }

  private static func status(
    of descriptor: MediaDescriptor, at uri: String, _ library: MediaLibrary
  ) throws -> MediaStatus {
    do {
      let path = try library.path(of: descriptor)
      return MediaStatus(uri: uri, descriptor: descriptor, state: .ok, path: path)
    } catch let error as VidgitError where error.kind == .notFound || error.kind == .verification {
      let known = try library.locations(of: descriptor.sha256).map(\.path)
      let there = known.first { FileStatus(path: $0) != nil }
      return MediaStatus(
        uri: uri, descriptor: descriptor, state: there == nil ? .missing : .changed,
        path: there ?? known.first)
    }
  }
}
