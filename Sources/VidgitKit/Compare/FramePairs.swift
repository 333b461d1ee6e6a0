import FFmpeg
import VidgitModel

/// The pictures of two timelines, pair by pair.
struct FramePairs {
  /// Frame numbers in the old and the new timeline; one side may be missing.
  struct Place: Hashable, Sendable {
    var old: Int?
    var new: Int?
  }

  struct Pair: Sendable {
    let place: Place
    let old: Frame?
    let new: Frame?
  }

  private let repository: VideoRepository
  private let old: Timeline
  private let new: Timeline

  init(_ repository: VideoRepository, _ old: Timeline, _ new: Timeline) {
    self.repository = repository
    self.old = old
    self.new = new
  }

  /// Makes the pictures of `places` on many tasks and hands them on in order.
  func forEach(
    _ places: some Sequence<Place>, progress: ProgressHandler = { _ in },
    _ body: (Pair) async throws -> Void
  ) async throws {
    let places = Array(places)
    let (oldRecipes, newRecipes) = (try recipes(of: old), try recipes(of: new))
    try await repository.provide(
      old.revision, lines: places.lazy.compactMap(\.old).map { old.lines[$0] },
      recipes: oldRecipes, progress)
    try await repository.provide(
      new.revision, lines: places.lazy.compactMap(\.new).map { new.lines[$0] },
      recipes: newRecipes, progress)
    let (oldSource, newSource) = (
      FrameSource(repository, old.revision), FrameSource(repository, new.revision)
    )
    let oldMaker = FrameMaker(repository, old.revision, recipes: oldRecipes)
    let newMaker = FrameMaker(repository, new.revision, recipes: newRecipes)
    var rest = places.makeIterator()
    let width = Width.of(
      frameBytes: old.revision.frameBytes + new.revision.frameBytes, jobs: nil)
    try await mapInOrder(
      width: width,
      next: {
        try rest.next().map { place in
          (
            place: place, old: try place.old.map { try oldSource.find(old.lines[$0]) },
            new: try place.new.map { try newSource.find(new.lines[$0]) }
          )
        }
      },
      transform: { found in
        var pair: (old: Frame?, new: Frame?) = (nil, nil)
        if let old = found.old { pair.old = try await oldMaker.make(old) }
        if let new = found.new { pair.new = try await newMaker.make(new) }
        return Pair(place: found.place, old: pair.old, new: pair.new)
      },
      consume: body)
  }

  private func recipes(of timeline: Timeline) throws -> LineRecipes {
    let selection = try Selection(range: nil, frames: nil, of: repository, timeline.revision)
    return try RecipeShelf(repository, timeline.revision).recipesOfLines(in: selection)
  }
}

extension TimelineDiff.Run {
  /// The pairs of a run, in order.
  var places: [FramePairs.Place] {
    switch kind {
    case .added: new.map { .init(old: nil, new: $0) }
    case .removed: old.map { .init(old: $0, new: nil) }
    case .moved, .changed: zip(old, new).map { .init(old: $0, new: $1) }
    }
  }
}
