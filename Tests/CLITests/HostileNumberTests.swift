import Foundation
import TestSupport
import Testing

/// Numbers that no video and no person has, in media and on the command line: an answer in words,
/// never a crash.
@Suite struct HostileNumberTests {
  /// A chapter before all time, in Matroska, with the video a second behind its beginning.
  private func chapterBeforeTime(in workspace: Workspace) throws -> String {
    // A length of 8 bytes, so that the numbers can be put in place of these.
    let chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART=80000000000\nEND=90000000000\ntitle=One\n"
    try workspace.folder.write(";FFMETADATA1\n" + chapter, to: "chapters.txt")
    let path = workspace.file("chapter.mkv")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", Clip.short.orSkip(), "-i", workspace.file("chapters.txt"),
      "-map", "0:v", "-map_metadata", "1", "-map_chapters", "1", "-c", "copy",
      "-output_ts_offset", "1", path,
    ])
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    for (id, value): (UInt8, UInt64) in [(0x91, 0x8000_0000_0000_0001), (0x92, 1 << 63 - 1)] {
      let place = try #require(data.firstRange(of: Data([id, 0x88, 1])))
      data.replaceSubrange(
        place.lowerBound + 2..<place.lowerBound + 10,
        with: withUnsafeBytes(of: value.bigEndian) { Data($0) })
    }
    try data.write(to: URL(fileURLWithPath: path))
    let chapters = try Tool.ffprobe.succeed([
      "-v", "error", "-show_entries", "chapter=start", "-of", "csv=p=0", path,
    ]).output
    try #require(chapters.contains("-9223372036854775807"))
    return path
  }

  @Test func leavesOutAChapterBeforeAllTime() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(chapterBeforeTime(in: workspace))
    for (name, options) in [("all.mkv", []), ("part.mkv", ["--range", "2..6"])] {
      try Tool.vidgit.succeed(
        ["render", "-o", workspace.file(name)] + options, in: repository.path)
    }
  }

  @Test(arguments: ["9223372036854775807", "8"]) func saysThatThereIsNoSuchFrame(_ number: String)
    throws
  {
    let repository = try Workspace().split(.short)
    try repository.vidgit("show", "--frame", number).expectError(
      Status.usage, saying: ["there is no frame \(number)"])
  }
}
