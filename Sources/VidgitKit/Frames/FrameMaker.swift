import FFmpeg
import VidgitModel

/// Makes the finished, checked pixels of lines that `FrameSource` has found. Any task may use it.
final class FrameMaker: Sendable {
  /// Which frames are compared with their line's hash.
  enum Check: Sendable {
    /// Every frame, and the source frame that a filtered one is made of.
    case deep
    case every
    /// One in 32, chosen by the hash: enough to notice a decoder that differs, at little cost. The
    /// medium's bytes are known by their digest, and `MediaCursor` compares after every seek.
    case some
    case none

    func includes(_ line: FrameLine) -> Bool {
      switch self {
      case .deep, .every: true
      case .some: line.hash.withBytes { $0[0] & 31 == 0 }
      case .none: false
      }
    }
  }

  private let objects: ObjectStore
  private let colour: Colour
  private let sampleAspectRatio: Ratio
  private let runners: [String: FrameRecipeRunner]
  private let obstacles: [String: VidgitError]
  private let check: Check
  /// Seconds that the filters may take for one frame.
  private let patience: Double

  /// - Parameters:
  ///   - recipes: every recipe that a line without an object names.
  ///   - check: objects are always compared.
  init(
    _ repository: VideoRepository, _ revision: Revision, recipes: LineRecipes,
    check: Check = .every, patience: Double = 60
  ) {
    objects = repository.objects
    colour = revision.header.colour
    sampleAspectRatio = revision.header.aspect
    runners = recipes.prepared.mapValues { FrameRecipeRunner($0) }
    obstacles = recipes.obstacles
    // A medium whose whole hash nobody has seen is known by its frames alone.
    self.check = repository.media.partial.isEmpty || check == .deep ? check : .every
    self.patience = patience
  }

  /// The pixels of a line.
  ///
  /// - Throws: `VidgitError`: verification where the pixels are not those of the line's hash.
  func make(_ found: FrameSource.Found) async throws -> Frame {
    switch found.origin {
    case .object:
      return try objects.frame(found.key).with(colour: colour, sampleAspectRatio: sampleAspectRatio)
    case .source(let source): return try await make(found, from: source)
    case .picture(let picture): return try await make(found, from: picture.decode())
    }
  }

  private func make(_ found: FrameSource.Found, from source: Frame) async throws -> Frame {
    let frame = try source.with(colour: colour, sampleAspectRatio: sampleAspectRatio)
    if check == .deep, let expected = found.line.source, frame.digest != expected {
      throw otherSource(found.line)
    }
    let made = try await apply(found.line.filters, to: frame)
    if check.includes(found.line),
      made.shape != found.key.shape || made.digest != found.key.digest
    {
      throw mismatch(found, source: source, made: made)
    }
    return made
  }

  private func apply(_ ids: [String], to frame: Frame) async throws -> Frame {
    guard !ids.isEmpty else { return frame }
    let chain = try ids.map { id in
      guard let runner = runners[id] else {
        throw obstacles[id] ?? VidgitError(.notFound, "the recipe '\(id)' is not at hand")
      }
      return runner
    }
    return try await withDeadline(
      seconds: patience, timeout: { [patience] in Self.tooSlow(ids, patience) }
    ) {
      try chain.reduce(frame) { try $1.apply(to: $0) }
    }
  }

  static func tooSlow(_ ids: [String], _ seconds: Double) -> VidgitError {
    VidgitError(
      .refused,
      "the recipe '\(ids.joined(separator: ", "))' took more than \(Int(seconds)) s for one frame",
      hint: "nothing was changed; use smaller radii or sizes")
  }

  private func otherSource(_ line: FrameLine) -> VidgitError {
    VidgitError(
      .verification,
      "the frame at pts \(line.pts) of '\(line.uri)' is not the source that the timeline says",
      hint: "the file decodes differently here, or the manifest was changed")
  }

  private func mismatch(
    _ found: FrameSource.Found, source: Frame, made: Frame
  ) -> VidgitError {
    let line = found.line
    let place = "the frame at pts \(line.pts) of '\(line.uri)'"
    if line.filters.isEmpty || source.digest != line.source {
      return VidgitError(
        .verification, "\(place) does not have the pixels that the timeline says",
        hint:
          "the file decodes differently here, or the manifest was changed: see `vidgit verify --deep`"
      )
    }
    return VidgitError(
      .verification,
      "\(place) decodes right, but \(line.filters.joined(separator: ", ")) gives "
        + "\(made.shape) \(made.digest.text) and not \(found.key.shape) \(line.hash.text)",
      hint:
        "this machine's filters differ from the author's: compare `Vidgit-Engine` in `vidgit log` "
        + "with `vidgit --version`")
  }
}
