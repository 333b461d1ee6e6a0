import FFmpeg
import VidgitModel

/// Makes every frame of a revision again and reports those that are not what their line says. Those
/// of media that are not at hand are passed over.
struct DeepVerify {
  private let repository: VideoRepository
  private let revision: Revision
  private let shelf: RecipeShelf
  private let missing: AbsentMedia

  init(
    _ repository: VideoRepository, _ revision: Revision, _ shelf: RecipeShelf,
    _ missing: AbsentMedia
  ) {
    self.repository = repository
    self.revision = revision
    self.shelf = shelf
    self.missing = missing
  }

  private struct Work: Sendable {
    let place: String
    let found: Result<FrameSource.Found, VidgitError>
  }

  private struct Outcome: Sendable {
    let place: String
    let error: VidgitError?
  }

  private static func check(_ work: Work, _ maker: FrameMaker) async -> Outcome {
    do {
      _ = try await maker.make(work.found.get())
      return Outcome(place: work.place, error: nil)
    } catch {
      let told = error as? VidgitError ?? VidgitError(.system, "\(error)", underlying: error)
      return Outcome(place: work.place, error: told)
    }
  }

  func run(into result: inout Verify.Result, _ progress: ProgressHandler) async throws {
    let selection = try Selection(range: nil, frames: nil, of: repository, revision)
    let maker = try FrameMaker(
      repository, revision, recipes: shelf.recipesOfLines(in: selection), check: .deep)
    let source = FrameSource(repository, revision)
    var lines = TimelineCursor(repository, revision).lines()
    var done = 0
    try await mapInOrder(
      width: Width.of(frameBytes: revision.frameBytes, jobs: nil),
      next: { () throws -> Work? in
        var next = try lines.next()
        while let line = next?.line, missing.hides(line) {
          done += 1
          result.unmadeFrames += 1
          next = try lines.next()
        }
        guard let line = next?.line else { return nil }
        let found: Result<FrameSource.Found, VidgitError>
        do {
          found = .success(try source.find(line))
        } catch let error as VidgitError {
          found = .failure(error)
        }
        return Work(place: lines.lastPlace, found: found)
      },
      transform: { work in await Self.check(work, maker) },
      consume: { outcome in
        if let error = outcome.error { result.add(outcome.place, error) }
        done += 1
        progress(OperationProgress(phase: "verify", done: done, total: selection.count))
      })
  }
}
