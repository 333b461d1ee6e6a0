import Foundation
import TestSupport
import Testing

/// What is saved of a damaged file comes back.
@Suite struct SalvageTests {
  @Test func givesBackEveryFrameThatItNamed() throws {
    let path = try Clip.damagedMP4.orSkip()
    let repository = try Workspace().split(path, ["--salvage"])
    #expect(try repository.json("media/damaged.json")["salvaged"] as? Bool == true)
    for _ in 0..<2 { try repository.succeed("verify", "--deep") }
    // What the program makes of it with one thread, less the pictures that it calls damaged.
    let theirs = try FrameHash(
      parsing: Tool.ffmpeg.succeed([
        "-v", "quiet", "-nostdin", "-threads", "1", "-i", path, "-an", "-fps_mode", "passthrough",
        "-f", "framehash", "-hash", "sha256", "-",
      ]).output
    ).hashes
    let kept = try repository.hashes()
    #expect(kept.count > 40)
    #expect(kept.count < theirs.count)
    var rest = theirs[...]
    for hash in kept {
      let place = try #require(rest.firstIndex(of: hash))
      rest = rest[(place + 1)...]
    }
  }

  @Test func makesTheSameFramesEveryTime() throws {
    let path = try Clip.damagedMP4.orSkip()
    let trees = try (0..<3).map { _ in
      try Workspace().split(path, ["--salvage"]).git("rev-parse", "HEAD^{tree}")
    }
    #expect(Set(trees).count == 1)
  }

  @Test func filtersAndRendersAPartFarInside() throws {
    let repository = try Workspace().split(.damagedMP4, ["--salvage"])
    try repository.succeed("filter", "graph:negate", "--range", "50%..", "-b", "late")
    try repository.succeed("verify", "--deep")
    let out = repository.path + ".nut"
    try repository.succeed("render", "late", "-o", out, "--lossless", "--range", "60%..")
    let rendered = try FrameHash.ofFFmpeg(out).hashes
    #expect(rendered.count > 10)
    #expect(try rendered == repository.hashes("late").suffix(rendered.count))
  }

  @Test func saysNothingOfAWholeFile() throws {
    let repository = try Workspace().split(.short)
    #expect(try repository.json("media/short.json")["salvaged"] == nil)
  }
}
