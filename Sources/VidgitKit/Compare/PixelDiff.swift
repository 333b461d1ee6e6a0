import FFmpeg
import Foundation
import VidgitModel

/// How far the pictures of two revisions are apart, run by run.
public struct PixelDiff: Sendable {
  public struct Measure: Sendable {
    /// Decibels, of the mean squared error over all frames of the run; infinite for equal ones.
    public let psnr: Double
    /// The mean over all frames, and the worst, from 0 to 1.
    public let ssim: Double
    public let worstSSIM: Double
  }

  /// One for each of the diff's runs; nil where one side has no picture, or the pixels are equal.
  public let measures: [Measure?]

  /// Frames of other sizes or pixel formats are fitted into the old ones first.
  ///
  /// - Throws: what getting the frames throws.
  public init(
    directory: String, from oldSpec: String, to newSpec: String,
    progress: ProgressHandler = { _ in }
  ) async throws {
    let repository = try VideoRepository.open(at: directory)
    let old = try repository.timeline(of: repository.revision(oldSpec))
    let new = try repository.timeline(of: repository.revision(newSpec), like: old)
    let runs = TimelineDiff(old.lines, new.lines).runs
    let pairs = FramePairs(repository, old, new)
    let total = runs.reduce(0) { $0 + (Self.isMeasured($1) ? $1.new.count : 0) }
    var done = 0
    var measures: [Measure?] = []
    for run in runs {
      guard Self.isMeasured(run) else {
        measures.append(nil)
        continue
      }
      var sum = Sum()
      try await pairs.forEach(run.places) { pair in
        try VidgitError.reading {
          var scaler = Scaler()
          let (before, after) = (pair.old!, pair.new!)
          let fitted =
            after.shape == before.shape
            ? after
            : try scaler.convert(
              after, to: before.pixelFormat, width: before.width, height: before.height)
          sum.add(try PictureDifference(before, fitted))
        }
        done += 1
        progress(OperationProgress(phase: "compare", done: done, total: total))
      }
      measures.append(sum.measure)
    }
    self.measures = measures
  }

  private static func isMeasured(_ run: TimelineDiff.Run) -> Bool {
    run.isRepainted && (run.kind == .changed || run.kind == .moved)
  }

  private struct Sum {
    var count = 0
    var error = 0.0
    var ssim = 0.0
    var worst = 1.0
    /// The square of the largest value of a pixel.
    var peak = 255.0 * 255

    mutating func add(_ difference: PictureDifference) {
      count += 1
      error += difference.meanSquaredError
      ssim += difference.ssim
      worst = min(worst, difference.ssim)
      if difference.psnr.isFinite, difference.meanSquaredError > 0 {
        peak = difference.meanSquaredError * pow(10, difference.psnr / 10)
      }
    }

    var measure: Measure {
      let mean = error / Double(max(1, count))
      return Measure(
        psnr: mean > 0 ? 10 * log10(peak / mean) : .infinity, ssim: ssim / Double(max(1, count)),
        worstSSIM: worst)
    }
  }
}
