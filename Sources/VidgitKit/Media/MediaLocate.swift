import Foundation
import VidgitModel

/// Tells a repository where its media are: they are known by their bytes, not by their names.
public struct MediaLocate {
  private let directory: String
  private let paths: [String]

  /// A file, and the medium of HEAD whose bytes it has.
  public struct Found: Sendable {
    public let path: String
    /// "media/falls.json"
    public let uri: String
  }

  public init(directory: String, paths: [String]) {
    self.directory = directory
    self.paths = paths
  }

  /// Remembers every file that is a medium of HEAD.
  ///
  /// - Throws: `VidgitError`: not found where a file is missing or is none of the media; the others
  ///   are remembered all the same.
  public func run() async throws -> [Found] {
    let (directory, paths) = (directory, paths)
    return try await blocking {
      let repository = try VideoRepository.open(at: directory)
      let media = try repository.revision("HEAD").media.sorted { $0.key < $1.key }
      var found: [Found] = []
      var strangers: [String] = []
      for path in paths {
        let place = URL(fileURLWithPath: path).standardizedFileURL.path
        guard let status = FileStatus(path: place) else {
          strangers.append("there is no file '\(TerminalText.escaped(path))'")
          continue
        }
        // A file of another size need not be read.
        let alike = media.filter { $0.value.size == status.size }
        let digest = alike.isEmpty ? nil : try MediaLibrary.digest(of: place)
        guard let digest, let match = alike.first(where: { $0.value.sha256 == digest }) else {
          strangers.append("'\(TerminalText.escaped(path))' is none of this revision's media")
          continue
        }
        try repository.media.remember(place, digest: digest)
        found.append(Found(path: place, uri: match.key))
      }
      guard strangers.isEmpty else { throw unknown(strangers, media.map(\.value), found) }
      return found
    }
  }
}

private func unknown(
  _ strangers: [String], _ media: [MediaDescriptor], _ found: [MediaLocate.Found]
) -> VidgitError {
  let wanted = media.prefix(5)
    .map { "\(TerminalText.escaped($0.name)) (\($0.size) bytes, \($0.sha256.text))" }
  let others =
    found.isEmpty ? "" : "; the other \(found.count == 1 ? "one is" : "ones are") remembered"
  return VidgitError(
    .notFound, strangers.joined(separator: "; ") + others,
    hint: wanted.isEmpty
      ? "this revision has no media" : "its media are: " + wanted.joined(separator: ", "))
}
