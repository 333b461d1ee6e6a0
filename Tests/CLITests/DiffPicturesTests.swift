import Foundation
import TestSupport
import Testing

/// diff --pixels, --contact-sheet and --video, beside what the ffmpeg program says.
@Suite struct DiffPicturesTests {
  /// One variant: frames 10..30 in another look, 40.. gone.
  private func repository() throws -> Repository {
    let repository = try Workspace().split(.groups)
    try repository.succeed(
      "filter", "graph:hue=s=0,eq=contrast=1.4", "-b", "grey", "--range", "10..30")
    try repository.succeed("cut", "40..")
    return repository
  }

  @Test func measuresAsFFmpegDoes() throws {
    let repository = try repository()
    let workspace = repository.workspace
    for (revision, name) in [("main", "old.nut"), ("grey", "new.nut")] {
      try repository.succeed(
        "render", revision, "-o", "../\(name)", "--lossless", "--range", "10..30")
    }
    func ffmpeg(_ measure: String, _ pattern: Regex<(Substring, Substring)>) throws -> Double {
      let said = try Tool.ffmpeg.succeed(
        [
          "-hide_banner", "-nostdin", "-i", workspace.file("new.nut"), "-i",
          workspace.file("old.nut"), "-lavfi", measure, "-f", "null", "-",
        ])
      let match = try #require(said.errors.firstMatch(of: pattern))
      return try #require(Double(match.1))
    }
    let diff = try object(repository.succeed("diff", "main", "grey", "--pixels", "--json").output)
    let runs = try #require(diff["runs"] as? [[String: Any]])
    #expect(runs.compactMap { $0["kind"] as? String } == ["changed", "removed"])
    let psnr = try #require(runs[0]["psnr"] as? Double)
    let ssim = try #require(runs[0]["ssim"] as? Double)
    let (theirPSNR, theirSSIM) = try (
      ffmpeg("psnr", #/average:([0-9.]+)/#), ffmpeg("ssim", #/All:([0-9.]+)/#)
    )
    #expect(abs(psnr - theirPSNR) < 0.01)
    #expect(abs(ssim - theirSSIM) < 0.0001)
    #expect(runs[1]["psnr"] == nil)
  }

  @Test func drawsPairsOfEveryRun() throws {
    let repository = try repository()
    try repository.succeed("diff", "main", "grey", "--contact-sheet", "../sheet.png")
    let probe = try Tool.ffprobe.succeed([
      "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0",
      repository.workspace.file("sheet.png"),
    ])
    let sides = probe.lines[0].split(separator: ",").compactMap { Int($0) }
    // Four pictures of 320x240 across, a row for each of two runs.
    #expect(sides[0] > 4 * 320 && sides[1] > 2 * 240)
    try repository.vidgit("diff", "main", "main", "--contact-sheet", "../none.png").expectError(
      Status.conflict, saying: ["nothing to draw"])
    try repository.vidgit("diff", "main", "grey", "--contact-sheet", "../sheet.txt").expectError(
      Status.usage, saying: [".png"])
  }

  @Test func rendersTheTwoAsOneVideo() throws {
    let repository = try repository()
    try repository.succeed("diff", "main", "grey", "--video", "../both.mp4")
    try repository.succeed("diff", "main", "grey", "--video", "../wipe.mkv", "--wipe")
    try repository.succeed("diff", "main", "grey", "--video", "../both.gif")
    for (name, size) in [
      ("both.mp4", "320,120"), ("wipe.mkv", "160,120"), ("both.gif", "320,120"),
    ] {
      let path = repository.workspace.file(name)
      let probe = try Tool.ffprobe.succeed([
        "-v", "error", "-count_frames", "-show_entries", "stream=width,height,nb_read_frames",
        "-of", "csv=p=0", path,
      ])
      // What was cut plays against black.
      #expect(probe.lines == ["\(size),50"])
    }
    // The left half of a frame before the change is the right half.
    let halves = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", repository.workspace.file("both.mp4"), "-frames:v", "1",
      "-lavfi",
      "split[a][b];[a]crop=160:120:0:0[l];[b]crop=160:120:160:0[r];[l][r]psnr,metadata=print:file=-",
      "-f", "null", "-",
    ])
    let psnr = try #require(halves.output.firstMatch(of: #/psnr_avg=([0-9.inf]+)/#)).1
    #expect(psnr == "inf" || (Double(psnr) ?? 0) > 35)
    // The GIF shows the same, in few colours.
    let gif = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", repository.workspace.file("both.gif"), "-i",
      repository.workspace.file("both.mp4"), "-lavfi",
      "[0]format=rgb24[a];[1]scale,format=rgb24[b];[a][b]psnr=shortest=1,metadata=print:file=-",
      "-f", "null", "-",
    ])
    let worst = gif.output.matches(of: #/psnr_avg=([0-9.inf]+)/#).map { Double($0.1) ?? 99 }.min()
    #expect(try #require(worst) > 15)
    try repository.vidgit("diff", "main", "grey", "--wipe").expectError(Status.usage)
    try repository.vidgit("diff", "main", "grey", "--video", "../both.xyz").expectError(
      Status.usage)
    try repository.vidgit("diff", "main", "grey", "--video", "../both.wav").expectError(
      Status.usage, saying: ["H.264, VP9 or GIF", ".gif"])
    #expect(try !repository.workspace.entries.contains { $0.contains("vidgit-part") })
  }
}
