import FFmpeg
import Foundation
import VidgitModel

/// Makes the pictures and the clip of a variant, every frame checked against its hash.
struct PagePictures {
  private let repository: VideoRepository
  /// Where the page grows.
  private let folder: String

  /// The longer side of a still picture, in pixels.
  private static let mostPixels = 960
  private static let quality = 90

  init(_ repository: VideoRepository, in folder: String) {
    self.repository = repository
    self.folder = folder
  }

  /// - Parameters:
  ///   - base: the timeline of the frame before; nil where there is none to show.
  ///   - name: of the variant's folder.
  /// - Returns: the pictures, and why the one before is missing where it could not be made.
  /// - Throws: `VidgitError`; nothing of the variant is left then.
  func make(
    _ timeline: Timeline, _ sample: PageSample, base: Timeline?, name: String
  ) async throws -> (pictures: PageVariant.Pictures, problem: VidgitError?) {
    let place = "variants/\(name)"
    try DurableFile.makeFolder("\(folder)/\(place)")
    do {
      return try await make(timeline, sample, base: base, at: place)
    } catch {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(place)")
      throw error
    }
  }

  private func make(
    _ timeline: Timeline, _ sample: PageSample, base: Timeline?, at place: String
  ) async throws -> (pictures: PageVariant.Pictures, problem: VidgitError?) {
    let header = timeline.revision.header
    let durations = Set(timeline.lines[sample.frames].map(\.dur))
    let clip = "\(place)/clip.mp4"
    let writer = ClipWriter(
      "\(folder)/\(clip)", timebase: header.ratio,
      frameRate: durations.count == 1 ? Self.rate(durations.first!, header) : nil)
    var best: (frame: Int, look: PictureLook, bytes: [UInt8])?
    var time: Int64 = 0
    var number = sample.frames.lowerBound
    try await forEachFrame(timeline, sample.frames) { frame in
      let duration = min(timeline.lines[number].dur, sample.longest - time)
      try VidgitError.reading { try writer.write(frame, at: time, duration: duration) }
      if sample.candidates.contains(number) {
        let look = PictureLook(frame, most: Self.mostPixels)
        let bytes = try Self.encoded(frame, look)
        // The picture with the most in it: one of an empty street says little.
        if bytes.count > best?.bytes.count ?? 0 { best = (number, look, bytes) }
      }
      time += duration
      number += 1
    }
    let size = try VidgitError.reading { try writer.finish() }
    // A clip has at least one frame.
    let (chosen, look, bytes) = best!
    try DurableFile.write(bytes, to: "\(folder)/\(place)/poster.jpg")
    var before: String?
    var problem: VidgitError?
    if let base, let frame = sample.before(chosen) {
      do {
        try await forEachFrame(base, frame..<frame + 1) {
          try DurableFile.write(
            Self.encoded($0, look), to: "\(folder)/\(place)/before.jpg")
        }
        before = "\(place)/before.jpg"
      } catch let error as VidgitError where error.isAboutPixels {
        problem = error
      }
    }
    let times = try timeline.times()
    let pictures = PageVariant.Pictures(
      poster: "\(place)/poster.jpg", before: before, clip: clip, width: look.width,
      height: look.height, clipWidth: size.width, clipHeight: size.height, frame: chosen,
      time: times.clock(times.starts[chosen]))
    return (pictures, problem)
  }

  private static func encoded(_ frame: Frame, _ look: PictureLook) throws -> [UInt8] {
    try VidgitError.reading {
      var scaler = Scaler()
      return try StillImage.encode(
        look.picture(of: frame, with: &scaler), format: .jpg, quality: quality, with: &scaler)
    }
  }

  /// Makes frames on many tasks and hands them on in order.
  private func forEachFrame(
    _ timeline: Timeline, _ frames: Range<Int>, _ body: (Frame) throws -> Void
  ) async throws {
    let revision = timeline.revision
    let range = try VidgitError.model {
      try RangeExpression(parsing: "\(frames.lowerBound)..\(frames.upperBound)")
    }
    let selection = try Selection(range: range, frames: nil, of: repository, revision)
    let maker = FrameMaker(
      repository, revision,
      recipes: try RecipeShelf(repository, revision).recipesOfLines(in: selection))
    let source = FrameSource(repository, revision)
    var rest = frames.makeIterator()
    try await mapInOrder(
      width: Width.feedingEncoder(frameBytes: revision.frameBytes, jobs: nil),
      next: { try rest.next().map { try source.find(timeline.lines[$0]) } },
      transform: { try await maker.make($0) }, consume: body)
  }

  private static func rate(_ duration: Int64, _ header: Header) -> Ratio? {
    let (ticks, overflow) = header.timebase.num.multipliedReportingOverflow(by: duration)
    guard !overflow, let den = Int32(exactly: ticks), let num = Int32(exactly: header.timebase.den)
    else { return nil }
    return Ratio(num, den)
  }
}

extension VidgitError {
  /// Whether it says that frames cannot be had, and not that the disk or the system fails.
  var isAboutPixels: Bool {
    switch kind {
    case .notFound, .verification, .badInput, .refused: true
    case .usage, .conflict, .system: false
    }
  }
}
