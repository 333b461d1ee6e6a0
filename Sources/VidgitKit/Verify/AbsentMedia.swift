import VidgitModel

/// The media of a revision whose bytes are not at hand, and how many frames that leaves unmade.
struct AbsentMedia {
  /// By place in the tree: why, and the frames that nothing else gives.
  private(set) var media: [String: (reason: VidgitError, frames: Int)] = [:]

  private let shelf: RecipeShelf
  private let repository: VideoRepository
  private let revision: Revision

  /// - Parameter isReadable: the timeline can be read, so that frames can be counted.
  init(
    _ repository: VideoRepository, _ revision: Revision, _ shelf: RecipeShelf, isReadable: Bool
  ) throws {
    self.repository = repository
    self.revision = revision
    self.shelf = shelf
    for (path, descriptor) in revision.media {
      do {
        _ = try repository.media.path(of: descriptor)
      } catch let error as VidgitError {
        media[path] = (error, 0)
      }
    }
    guard !media.isEmpty, isReadable else { return }
    var lines = TimelineCursor(repository, revision).lines()
    while let (_, line) = try lines.next() {
      if needs(line) { media[line.uri]!.frames += 1 }
    }
  }

  /// Whether a line's frame could be made if one of these media was there.
  func needs(_ line: FrameLine) -> Bool {
    guard media[line.uri] != nil else { return false }
    if line.filters.isEmpty { return true }
    return !isStored(line) && line.filters.allSatisfy { shelf.isExact($0) }
  }

  /// Whether there is no way to a line's frame here: of what a recipe made that is not exact, the
  /// look at the objects has told already.
  func hides(_ line: FrameLine) -> Bool {
    media[line.uri] != nil && (line.filters.isEmpty || !isStored(line))
  }

  private func isStored(_ line: FrameLine) -> Bool {
    repository.objects.has(revision.key(of: line))
  }

  /// One line for each medium.
  func report(into result: inout Verify.Result) {
    for (path, medium) in media.sorted(by: { $0.key < $1.key }) {
      let count = medium.frames
      let frames =
        count == 0
        ? "no frame needs it" : "\(count) frame\(count == 1 ? " needs" : "s need") it"
      result.add(
        path,
        "\(medium.reason.message); \(frames); point to a file that has it (`vidgit media locate "
          + "FILE`), name a store that has it (`vidgit store add NAME URI`), or ask its owner to "
          + "publish it (`vidgit publish`)")
    }
  }
}
