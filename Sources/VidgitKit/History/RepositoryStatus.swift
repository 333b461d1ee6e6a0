import Git2
public import VidgitModel

/// Where a repository stands: branch, frames, media on this machine, changes not committed.
public struct RepositoryStatus: Sendable {
  public struct Medium: Sendable {
    public let name: String
    public let size: Int64
    /// Where it lies; nil where it is not known or has changed.
    public let path: String?
    /// What is the matter where there is no path.
    public let problem: String?
  }

  public let directory: String
  /// nil where HEAD is on no branch.
  public let branch: String?
  public let commit: String
  public let frames: Int
  /// Ticks of `timebase`.
  public let duration: Int64
  public let timebase: Rational
  public let media: [Medium]
  /// Changed and untracked paths.
  public let changes: [String]

  public init(directory: String) throws {
    let repository = try VideoRepository.open(at: directory)
    self.directory = repository.path
    switch try VidgitError.git({ try repository.git.head }) {
    case .branch(let name, _): branch = name
    case .unborn(let name): branch = name
    case .detached: branch = nil
    }
    let revision = try repository.revision("HEAD")
    commit = revision.commit.hex
    timebase = revision.header.timebase
    var lines = TimelineCursor(repository, revision).lines()
    var count = 0
    var end: Int64 = 0
    while let (start, line) = try lines.next() {
      count += 1
      end = start + line.dur
    }
    frames = count
    duration = end
    media = revision.media.sorted { $0.key < $1.key }.map { _, descriptor in
      do {
        let path = try repository.media.path(of: descriptor)
        return Medium(name: descriptor.name, size: descriptor.size, path: path, problem: nil)
      } catch {
        return Medium(
          name: descriptor.name, size: descriptor.size, path: nil,
          problem: (error as? VidgitError)?.message ?? "\(error)")
      }
    }
    changes = try VidgitError.git { try repository.git.status() }.map(\.path)
  }
}
