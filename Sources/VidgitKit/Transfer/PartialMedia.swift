import FFmpeg
import Synchronization
import VidgitModel

/// The media of one operation that are fetched part by part, as they are read.
final class PartialMedia: Sendable {
  private let files = Mutex<[Digest: PartialFile]>([:])

  deinit {
    files.withLock { for file in $0.values { PartialFiles.unregister(file.path) } }
  }

  func path(of digest: Digest) -> String? { files.withLock { $0[digest]?.path } }

  /// From now on, whoever opens the file's path reads what is fetched.
  func add(_ file: PartialFile, _ digest: Digest) {
    PartialFiles.register(file.path, file)
    files.withLock { $0[digest] = file }
  }

  var isEmpty: Bool { files.withLock { $0.isEmpty } }

  /// Why something could not be fetched: libav only says that a read failed.
  var failure: VidgitError? {
    files.withLock { $0.values.lazy.compactMap(\.failure).first }
  }
}
