import FFmpeg
import VidgitModel

/// The one stretch of a medium that a timeline shows.
struct MediaPart {
  let segment: Segment
  let timeline: Ratio
  /// Seconds a tick of the segment's source.
  let clock: Ratio
  /// From the first to the last frame of the medium, by its container's word.
  let isWhole: Bool

  init(segment: Segment, header: Header, clock: Ratio, video: StreamInfo?) {
    self.segment = segment
    self.clock = clock
    timeline = header.ratio
    guard let video else {
      isWhole = false
      return
    }
    let start = video.startTime ?? segment.source.lowerBound
    let frame = max(1, video.video.map { Self.frameDuration($0, clock) } ?? 1)
    let beginsThere = segment.source.lowerBound <= start + frame / 2
    // Containers round the duration; two frames less is still whole.
    let endsThere =
      video.duration.map { segment.source.upperBound >= start + $0 - 2 * frame } ?? true
    isWhole = beginsThere && endsThere
  }

  /// A chapter as far as it lies in the part, in the output's time; nil where it does not.
  func cut(_ chapter: Chapter) -> Chapter? {
    var chapter = moved(chapter, origin: segment.source.lowerBound)
    let length = clock.rescale(Int64(segment.source.count), to: chapter.timebase)
    chapter.start = max(0, chapter.start)
    chapter.end = min(length, chapter.end)
    return chapter.start < chapter.end ? chapter : nil
  }

  /// A chapter with its times counted from `origin`, which is in ticks of the medium.
  func moved(_ chapter: Chapter, origin: Int64) -> Chapter {
    var chapter = chapter
    let shift = clock.rescale(origin, to: chapter.timebase)
    chapter.start -= shift
    chapter.end -= shift
    return chapter
  }

  private static func frameDuration(_ video: VideoInfo, _ clock: Ratio) -> Int64 {
    let rate = video.averageFrameRate
    return rate.isValid ? Ratio(rate.den, rate.num).rescale(1, to: clock) : 1
  }
}
