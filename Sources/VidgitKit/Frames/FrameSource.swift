import FFmpeg
import VidgitModel

/// Gets the pixels behind timeline lines, in the order they are asked for.
///
/// Decoding is sequential and happens here; what can be done to many frames at once (reading
/// objects, filtering, hashing) is left to `FrameMaker`, which may run on any task.
final class FrameSource {
  /// A line with what was found for it so far.
  struct Found: Sendable {
    enum Origin: Sendable {
      /// The unfiltered frame: the line's recipes are still to be applied.
      case source(Frame)
      /// The same, not decoded yet: it lies by itself in an archive of pictures.
      case picture(PictureArchive.Picture)
      /// The finished frame lies in the store.
      case object
    }

    let line: FrameLine
    let key: FrameKey
    let origin: Origin
  }

  private let repository: VideoRepository
  private let revision: Revision
  private var cursors: [String: MediaCursor] = [:]
  /// Those whose cursor is open, the one used last at the end.
  private var used: [String] = []
  private var archives: [String: PictureArchive] = [:]
  private let threads: Int

  /// - Parameter threads: of each decoder; 0 lets libavcodec decide.
  init(_ repository: VideoRepository, _ revision: Revision, threads: Int = Width.decoderThreads) {
    self.repository = repository
    self.revision = revision
    self.threads = threads
  }

  /// Finds the pixels of one line.
  ///
  /// - Throws: `VidgitError` that names the medium or the object which is missing or has changed.
  func find(_ line: FrameLine) throws -> Found {
    do {
      return try found(line)
    } catch {
      // libav says only that it could not read: what is fetched as it is read knows why.
      throw repository.media.partial.failure ?? error
    }
  }

  private func found(_ line: FrameLine) throws -> Found {
    let key = revision.key(of: line)
    if !line.filters.isEmpty, repository.objects.has(key) {
      return Found(line: line, key: key, origin: .object)
    }
    guard let descriptor = revision.media[line.uri] else {
      if repository.objects.has(key) { return Found(line: line, key: key, origin: .object) }
      throw Self.unreachable(line, revision)
    }
    if descriptor.container == PictureArchive.container {
      let archive = try archive(for: descriptor, at: line.uri)
      return Found(line: line, key: key, origin: .picture(try archive.picture(line.pts)))
    }
    let cursor = try cursor(for: descriptor, at: line.uri)
    let expected = line.source ?? line.hash
    let frame = try VidgitError.reading { try cursor.frame(at: line.pts, expected: expected) }
    guard let frame else {
      throw VidgitError(
        .verification,
        "'\(descriptor.name)' has no frame at pts \(line.pts), which the timeline names",
        hint: "`vidgit verify --deep` lists every frame that does not agree")
    }
    return Found(line: line, key: key, origin: .source(frame))
  }

  /// Media that are read at once, each with its decoder; one that comes back later is opened again.
  private static let mostCursors = 8

  private func archive(for descriptor: MediaDescriptor, at uri: String) throws -> PictureArchive {
    if let archive = archives[uri] { return archive }
    let path = try repository.media.path(of: descriptor)
    let archive = try PictureArchive(path: path, name: descriptor.name)
    archives[uri] = archive
    return archive
  }

  private func cursor(for descriptor: MediaDescriptor, at uri: String) throws -> MediaCursor {
    if used.last != uri {
      used.removeAll { $0 == uri }
      used.append(uri)
    }
    if let cursor = cursors[uri] { return cursor }
    if used.count > Self.mostCursors { cursors[used.removeFirst()] = nil }
    let path = try repository.media.path(of: descriptor)
    let cursor = try VidgitError.reading {
      try MediaCursor(
        path: path,
        options: .init(
          stream: descriptor.videoStream, threads: descriptor.isSalvaged ? 1 : threads,
          skipsDamage: true), seeks: !descriptor.isSalvaged)
    }
    cursors[uri] = cursor
    return cursor
  }

  private static func unreachable(_ line: FrameLine, _ revision: Revision) -> VidgitError {
    if FileNames.isMediaPath(line.uri) {
      return VidgitError(
        .badInput,
        "the timeline names '\(line.uri)', which the revision \(revision.commit.short) "
          + "does not hold", hint: "put the descriptor back, or remove the lines that name it")
    }
    return VidgitError(
      .notFound,
      "the frame \(line.hash.text) lies at '\(TerminalText.escaped(line.uri))', and this "
        + "version of vidgit does not fetch single images",
      hint: "frames that come from a video in media/ can be used")
  }
}
