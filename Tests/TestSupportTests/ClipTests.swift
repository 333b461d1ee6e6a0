import Foundation
import TestSupport
import Testing

@Suite struct ClipTests {
  @Test(arguments: Clip.decodable) func decodes(_ clip: Clip) throws {
    let hashes = try FrameHash.ofFFmpeg(clip.orSkip())
    #expect(hashes.lines.count >= 10)
    #expect(Set(hashes.hashes).count > hashes.lines.count / 2, "the picture must move")
    #expect(try Data(contentsOf: URL(fileURLWithPath: clip.path())).count < 4_000_000)
  }

  @Test(arguments: Clip.undecodable) func hasNoFrames(_ clip: Clip) throws {
    // Playlists decode in the program, which opens whatever a file names; that is why they are here.
    let decodes = [Clip.disguisedPlaylist.name, Clip.disguisedConcat.name].contains(clip.name)
    let result = try Tool.ffmpeg.run([
      "-v", "error", "-nostdin", "-i", clip.path(), "-map", "0:v:0", "-f", "framehash", "-",
    ])
    let frames = (try? FrameHash(parsing: result.output).lines.count) ?? 0
    #expect((frames > 0) == decodes, Comment(rawValue: result.snapshot))
  }

  @Test(arguments: Clip.damaged) func decodesInPart(_ clip: Clip) throws {
    let result = try Tool.ffmpeg.run([
      "-v", "error", "-nostdin", "-i", clip.path(), "-map", "0:v:0", "-f", "framehash", "-",
    ])
    #expect(try FrameHash(parsing: result.output).lines.count > 10)
  }

  @Test func hasTheTimesItPromises() throws {
    let cfr = try FrameHash.ofFFmpeg(Clip.cfr.path())
    #expect(cfr.relativeTimes[..<3] == [[0, 1], [1, 25], [2, 25]])
    let vfr = try FrameHash.ofFFmpeg(Clip.vfr.path())
    let steps = zip(vfr.lines, vfr.lines.dropFirst()).map { $1.pts - $0.pts }
    #expect(Set(steps).count > 3)
    #expect(vfr.header["tb 0"] == "1/90000")
    #expect(try FrameTimes.ofFFprobe(Clip.negativePts.path()).frames[0].pts ?? 0 < 0)
    #expect(try FrameTimes.ofFFprobe(Clip.cfr.path()).frames.count == 50)
    #expect(try FrameHash.ofFFmpeg(Clip.editList.path()).lines.count < 50)
  }

  @Test func hasThePicturesItPromises() throws {
    #expect(try probe(.tenBit, "stream=pix_fmt") == "yuv420p10le")
    #expect(try probe(.oddSize, "stream=width,height") == "161,121")
    #expect(try probe(.fullRange, "stream=pix_fmt") == "yuvj420p")
    #expect(try probe(.sampleAspectRatio, "stream=sample_aspect_ratio") == "16:11")
    #expect(try probe(.hdr, "stream=color_transfer") == "smpte2084")
    #expect(try probe(.alpha, "stream=pix_fmt") == "yuva420p")
    #expect(try probe(.palette, "stream=pix_fmt") == "pal8")
    let sizes = try FrameHash.ofFFmpeg(Clip.sizeChange.path()).lines.map(\.size)
    #expect(Set(sizes) == [160 * 120 * 3 / 2, 128 * 96 * 3 / 2])
  }

  @Test(arguments: [
    (Clip.rotated90, "transpose=clock"), (.rotated180, "hflip,vflip"),
    (.rotated270, "transpose=cclock"), (.flippedHorizontally, "hflip"),
    (.flippedVertically, "vflip"), (.transposed, "transpose=cclock_flip"),
  ])
  func turnsAsItPromises(_ clip: Clip, _ graph: String) throws {
    #expect(
      try FrameHash.ofFFmpeg(clip.path()).hashes
        == FrameHash.ofFFmpeg(Clip.cfr.path(), graph: graph).hashes)
  }

  @Test func tellsWhatTheMachineLacks() {
    let clip = Clip("nothing.mp4", encoders: ["no-such-encoder"]) { _ in }
    let error = #expect(throws: ClipUnavailable.self) { try clip.path() }
    #expect(error?.description.contains("no-such-encoder") == true)
  }

  @Test func refusesALineThatIsNoFrameHash() {
    #expect(throws: TestSupportError.self) { try FrameHash(parsing: "#tb 0: 1/25\n0, 1, x\n") }
  }

  private func probe(_ clip: Clip, _ entries: String) throws -> String {
    try Tool.ffprobe.succeed([
      "-v", "error", "-select_streams", "v:0", "-show_entries", entries, "-of", "csv=p=0",
      clip.path(),
    ]).output.trimmingCharacters(in: CharacterSet(charactersIn: "\n,"))
  }
}
