import FFmpeg
import Foundation
import Git2
import VidgitModel

/// Renders a revision to a video, straight from the object database.
///
/// Every frame is checked against its hash as it passes, and the file appears whole or not at all.
public struct Render {
  private let options: RenderOptions

  public init(_ options: RenderOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: usage for settings that do not go together, not found for a revision,
  ///   a medium or an object, verification for a frame that is not what its hash says.
  public func run(progress: ProgressHandler = { _ in }) async throws -> RenderResult {
    let repository = try VideoRepository.open(at: options.directory)
    guard !options.parts.isEmpty else {
      return try await render(repository, repository.revision(options.revision), progress)
    }
    // The mixed timeline lives in the pack's memory and is never written.
    var pack = try VidgitError.git { try repository.git.packWriter(limit: .max) }
    let mixed = try repository.mixed(options.parts, into: &pack)
    let result = try await render(repository, mixed, progress)
    _ = consume pack
    return result
  }

  private func render(
    _ repository: VideoRepository, _ revision: Revision, _ progress: ProgressHandler
  ) async throws -> RenderResult {
    let plan = try RenderPlan(repository, revision, range: options.range)
    try repository.requireOutput(options.output)
    try await repository.provide(
      revision, frames: plan.frames, recipes: { plan.recipes },
      needsSound: options.carriesAudio && !isFolder, progress)
    if isFolder { return try await pictures(repository, revision, plan, progress) }

    let container = try ContainerFormat.named(by: options.output, takesPictures: true)
    let file = try OutputFile(options.output, of: repository)
    do {
      let writer = try VideoWriter(
        file.temporary, container: container, options, plan, repository, revision)
      try await forEachFrame(repository, revision, plan, progress) { frame, start, duration in
        try VidgitError.reading(hint: Self.writingHint) {
          try writer.write(frame.with(pts: start, duration: duration))
        }
      }
      let result = try VidgitError.reading(hint: Self.writingHint) { try writer.finish() }
      try file.moveIntoPlace()
      return RenderResult(
        output: options.output, commit: revision.origin, frames: plan.frames.count,
        encoder: result.encoder, pixelFormat: result.pixelFormat, notes: result.notes)
    } catch {
      file.discard()
      throw error
    }
  }

  private static let writingHint =
    "another container may hold it: .nut takes the most; `vidgit show` tells what plays when"

  /// Makes every frame of the plan on many tasks and hands them on in order.
  private func forEachFrame(
    _ repository: VideoRepository, _ revision: Revision, _ plan: RenderPlan,
    _ progress: ProgressHandler,
    _ body: (_ frame: Frame, _ start: Int64, _ duration: Int64) throws -> Void
  ) async throws {
    // The encoder is what takes the time, and the memory.
    let source = FrameSource(repository, revision, threads: 0)
    let maker = FrameMaker(
      repository, revision, recipes: plan.recipes, check: options.verifies ? .every : .none)
    var lines = TimelineCursor(repository, revision).lines(in: plan.frames)
    var first: Int64?
    var done = 0
    try await mapInOrder(
      width: Width.feedingEncoder(frameBytes: revision.frameBytes, jobs: options.jobs),
      next: { try lines.next().map { (start: $0.start, found: try source.find($0.line)) } },
      transform: {
        (start: $0.start, duration: $0.found.line.dur, frame: try await maker.make($0.found))
      },
      consume: { item in
        if first == nil { first = item.start }
        try body(item.frame, item.start - first!, item.duration)
        done += 1
        progress(OperationProgress(phase: "render", done: done, total: plan.frames.count))
      })
  }

  private func pictures(
    _ repository: VideoRepository, _ revision: Revision, _ plan: RenderPlan,
    _ progress: ProgressHandler
  ) async throws -> RenderResult {
    guard let format = ImageFormat(rawValue: options.codec ?? "png") else {
      throw VidgitError(
        .usage, "a folder gets pictures, and '\(options.codec!)' is no format of pictures",
        hint: "--codec png, jpg or webp; for a video, name a file such as out.mp4")
    }
    let folder = try ImageFolder(options.output, format, of: repository)
    var index = 0
    do {
      try await forEachFrame(repository, revision, plan, progress) { frame, _, _ in
        try folder.write(frame, index: index)
        index += 1
      }
      try folder.moveIntoPlace()
    } catch {
      folder.discard()
      throw error
    }
    return RenderResult(
      output: options.output, commit: revision.origin, frames: index,
      encoder: format.rawValue, pixelFormat: "", notes: [])
  }

  private var isFolder: Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: options.output, isDirectory: &isFolder)
    return options.output.hasSuffix("/") || (exists && isFolder.boolValue)
  }
}
