import FFmpeg
import Git2
import VidgitModel

/// What a split found, for its commit message and its result.
struct SplitSummary {
  let scan: VideoScan
  let timeline: TimelineWriter

  private var header: Header { timeline.header! }

  func message(_ options: SplitOptions) throws -> String {
    var text = "Split \(FileNames.safe(header.name))\n\n"
    text += "\(Counted.text(timeline.frameCount, "frame")) of \(header.width)x\(header.height) "
    text += "\(header.pixelFormat), \(lengthText)"
    text += header.audio.isEmpty ? ".\n" : ", \(header.audio.count) audio.\n"
    if scan.damage > 0 { text += "\nThe file is damaged; this is what decodes of it.\n" }
    return try VidgitError.model {
      try PassTrailers(
        pass: "split", recipes: [], range: options.range?.text, made: timeline.frameCount,
        reused: 0, engine: LibraryVersions.codec
      ).message(text)
    }
  }

  func result(directory: String, commit: ObjectID) -> SplitResult {
    var notes: [String] = []
    if scan.damage > 0 {
      notes.append(
        "the file is damaged (\(Counted.text(scan.damage, "place"))): the frames that decode were kept, and the "
          + "one before a gap shows until the next")
    }
    if timeline.changesShape {
      notes.append("frames change their size or pixel format in mid-stream; a render fits them")
    }
    return SplitResult(
      directory: directory, commit: commit.hex, frames: timeline.frameCount,
      duration: timeline.duration, timebase: header.timebase, width: header.width,
      height: header.height, pixelFormat: header.pixelFormat, audioStreams: header.audio.count,
      damage: scan.damage, notes: notes)
  }

  private var lengthText: String {
    FrameTimes.text(timeline.duration, header.timebase)
  }
}
