import Foundation
import TestSupport
import Testing

/// Interlaced frames are said to be so, as long as they are.
@Suite struct FieldTests {
  /// What players go by when they deinterlace.
  private func fields(_ path: String) throws -> String {
    try Tool.require("ffprobe").succeed([
      "-v", "error", "-select_streams", "v", "-read_intervals", "%+#1", "-show_entries",
      "stream=field_order:frame=interlaced_frame,top_field_first", "-of", "csv=p=0", path,
    ]).output.split(whereSeparator: { ",\n".contains($0) }).joined(separator: " ")
  }

  @Test(arguments: [
    ("mp4", []), ("mov", []), ("mkv", []), ("mov", ["--codec", "prores"]),
    ("mkv", ["--codec", "ffv1"]), ("nut", ["--lossless"]), ("mp4", ["--lossless"]),
  ]) func saysThatFramesAreInterlaced(_ ending: String, _ options: [String]) throws {
    let repository = try Workspace().split(.interlaced)
    let out = repository.path + "-fields.\(ending)"
    let result = try Tool.vidgit.succeed(
      ["render", "main", "-o", out] + options, in: repository.path)
    #expect(!result.errors.contains("interlaced"))
    let said = try fields(out)
    #expect(said.hasPrefix("1 1"), "\(said)")
    // NUT has no place for it.
    #expect(ending == "nut" || said.contains("tt") || said.contains("tb"), "\(said)")
  }

  @Test func saysFieldsAsLongAsThereAreAny() throws {
    let repository = try Workspace().split(.interlaced)
    let out = repository.path + "-fields.mov"
    try repository.succeed("filter", "sepia")
    try repository.succeed("render", "-o", out)
    #expect(try fields(out).hasPrefix("1 1"))
    try repository.succeed("filter", "graph:bwdif=mode=send_frame")
    try repository.succeed("render", "-o", out)
    #expect(try fields(out).hasPrefix("0 "))
    let hevc = try repository.succeed("render", "main~1", "-o", out, "--codec", "hevc")
    #expect(hevc.errors.contains("interlaced"), Comment(rawValue: hevc.snapshot))
  }
}
