import FFmpeg
import VidgitModel

/// Which neighbours of two timelines can be measured, and their pictures.
struct FlickerPlan: Sendable {
  /// How a frame of the new timeline follows the one before it.
  enum Step: UInt8, Sendable {
    case measured
    /// Not in the source, or not in the old timeline.
    case gap
    case otherRecipes
    /// One of the two is not in the old timeline, or there is none before.
    case none
  }

  /// The brightness of one frame, unfiltered and in both revisions.
  struct Views: Sendable {
    let place: Int
    let source: Luma
    let old: Luma
    let new: Luma
  }

  /// One for each frame of the new timeline.
  let steps: [Step]
  /// The frames that are part of a pair, by their places in the new timeline.
  let places: [Int]
  let unmatched: Int
  private let partners: [Int32]

  init(_ old: Timeline, _ new: Timeline) {
    var partners = [Int32](repeating: -1, count: new.lines.count)
    let alignment = TimelineAlignment(old.lines, new.lines)
    for block in alignment.blocks + alignment.moves {
      for (old, new) in zip(block.old, block.new) { partners[new] = Int32(old) }
    }
    let source = SourceSteps(new.lines, in: new.revision)
    var steps = [Step](repeating: .none, count: new.lines.count)
    for place in new.lines.indices.dropFirst() {
      let (before, now) = (Int(partners[place - 1]), Int(partners[place]))
      guard before >= 0, now >= 0 else { continue }
      let lines = (new.lines[place - 1], new.lines[place])
      if now != before + 1 || !source.isStep(from: lines.0, to: lines.1) {
        steps[place] = .gap
      } else if lines.0.filters != lines.1.filters
        || old.lines[before].filters != old.lines[now].filters
      {
        steps[place] = .otherRecipes
      } else {
        steps[place] = .measured
      }
    }
    self.steps = steps
    self.partners = partners
    unmatched = partners.count { $0 < 0 }
    places = steps.indices.filter {
      steps[$0] == .measured || ($0 + 1 < steps.count && steps[$0 + 1] == .measured)
    }
  }

  /// Makes the pictures of all places on many tasks and hands them on in order.
  func forEach(
    _ repository: VideoRepository, _ old: Timeline, _ new: Timeline,
    _ body: (Views) async throws -> Void
  ) async throws {
    // The source is decoded once: a cursor keeps the frame that it has read last.
    let (oldSource, newSource) = (
      FrameSource(repository, old.revision), FrameSource(repository, new.revision)
    )
    let (oldMaker, newMaker) = (try maker(repository, old), try maker(repository, new))
    let objects = repository.objects
    var rest = places[...]
    try await mapInOrder(
      width: Width.of(
        frameBytes: old.revision.frameBytes + 2 * new.revision.frameBytes, jobs: nil),
      next: { () throws -> (Int, FrameSource.Found, FrameSource.Found?, FrameSource.Found?)? in
        guard let place = rest.popFirst() else { return nil }
        let (before, after) = (old.lines[Int(partners[place])], new.lines[place])
        return (
          place, try newSource.find(after.unfiltered),
          before.filters.isEmpty ? nil : try oldSource.find(before),
          after.filters.isEmpty ? nil : try newSource.find(after)
        )
      },
      transform: { place, source, before, after in
        let frame = try source.unfiltered(objects)
        let size = Luma.Size(of: frame, widest: Flicker.widest)
        let luma = try Luma(frame, size: size)
        var (old, new) = (luma, luma)
        if let before { old = try Luma(await oldMaker.make(before), size: size) }
        if let after { new = try Luma(await newMaker.make(after), size: size) }
        return Views(place: place, source: luma, old: old, new: new)
      },
      consume: body)
  }

  private func maker(_ repository: VideoRepository, _ timeline: Timeline) throws -> FrameMaker {
    let selection = try Selection(range: nil, frames: nil, of: repository, timeline.revision)
    return FrameMaker(
      repository, timeline.revision,
      recipes: try RecipeShelf(repository, timeline.revision).recipesOfLines(in: selection))
  }
}

extension FrameLine {
  /// The line of the source frame, to find that.
  var unfiltered: FrameLine {
    var line = self
    line.hash = sourceHash
    line.source = nil
    line.filters = []
    return line
  }
}

extension FrameSource.Found {
  /// The pixels of an unfiltered line. They are not compared with its hash.
  func unfiltered(_ objects: ObjectStore) throws -> Frame {
    switch origin {
    case .source(let frame): frame
    case .picture(let picture): try picture.decode()
    case .object: try objects.frame(key)
    }
  }
}
