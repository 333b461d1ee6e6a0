import Foundation
import TestSupport
import Testing

/// `vidgit diff --flicker`, beside numbers that are known beforehand.
@Suite struct FlickerTests {
  /// A still picture with detail, one pixel a level, raw.
  static let still = raw(
    "still.nut", "testsrc2=size=160x120:rate=25:duration=1,loop=24:1,trim=end_frame=25")
  /// A large noisy picture that passes by, three pixels a frame to the left and one up: no frame is blurred.
  static let pan = raw(
    "pan.nut",
    "\(texture),loop=24:1,trim=end_frame=25,crop=160:120:x=3*n:y=n")
  /// A softer one, by a pixel and a half to the left and a half up.
  static let slow = raw(
    "slow.nut",
    "\(soft),scale=640:480,loop=24:1,trim=end_frame=25,crop=320:240:x=3*n:y=n,"
      + "scale=160:120:flags=area")
  /// Half of the one, then half of the other.
  static let cut = raw(
    "cut.nut",
    "\(texture),loop=24:1,trim=end_frame=24,crop=160:120:x=3*n+90*gte(n\\,12):y=n,"
      + "hue=h='if(gte(n,12),90,0)',negate=enable='gte(n,12)'")

  /// Blurred noise: something to follow everywhere.
  static let texture =
    "color=gray:size=320x240:rate=25:duration=0.04,noise=alls=100:all_seed=7,gblur=sigma=2,"
    + "eq=contrast=6,format=yuv444p"

  static let soft = texture.replacingOccurrences(of: "sigma=2", with: "sigma=4")

  static func raw(_ file: String, _ source: String) -> Clip {
    Clip(file, encoders: ["rawvideo"]) {
      try $0.generate(
        source: source, ["-c:v", "rawvideo", "-pix_fmt", "yuv420p", "-fflags", "+bitexact"])
    }
  }

  private func flicker(
    _ repository: Repository, _ old: String, _ new: String
  ) throws -> [String: Any] {
    let diff = try object(
      Tool.vidgit.succeed(["diff", old, new, "--flicker", "--json"], in: repository.path).output)
    return try #require(diff["flicker"] as? [String: Any])
  }

  private func number(_ flicker: [String: Any], _ key: String) throws -> Double {
    try #require(flicker[key] as? Double)
  }

  /// The mean absolute difference of neighbouring frames, place by place, as `ffmpeg` has it.
  private func plainDifference(_ clip: Clip) throws -> Double {
    let values = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", clip.path(), "-vf",
      "tblend=all_mode=difference,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-",
      "-f", "null", "-",
    ]).lines.filter { $0.contains("YAVG") }.compactMap {
      $0.split(separator: "=").last.flatMap { Double($0) }
    }
    return values.reduce(0, +) / Double(values.count)
  }

  /// The mean absolute difference of two noises of one sigma is 2 sigma / sqrt(pi).
  @Test func measuresNoiseOfAKnownSize() throws {
    let repository = try Workspace().split(Self.still)
    // Uniform noise of strength s: what `noise` does is asked of ffmpeg, not computed here.
    try repository.succeed("filter", "graph:noise=c0s=24:c0f=t", "-b", "noisy")
    let raw = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", Self.still.path(), "-vf", "noise=c0s=24:c0f=t", "-pix_fmt",
      "gray", "-f", "rawvideo", "-",
    ]).standardOutput
    let clean = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", Self.still.path(), "-pix_fmt", "gray", "-f", "rawvideo", "-",
    ]).standardOutput
    // The noise's own sigma, from its difference to the clean picture where nothing is clipped.
    var (count, squares) = (0.0, 0.0)
    for (noisy, plain) in zip(raw, clean) where (60...190).contains(plain) {
      count += 1
      squares += pow(Double(noisy) - Double(plain), 2)
    }
    let sigma = (squares / count).squareRoot()
    #expect(sigma > 5)
    let measured = try flicker(repository, "main", "noisy")
    #expect(try number(measured, "old") < 0.01)
    #expect(measured["pairs"] as? Int == 24)
    let expected = 2 * sigma / Double.pi.squareRoot()
    let new = try number(measured, "new")
    #expect(abs(new / expected - 1) < 0.12, "\(new), expected \(expected)")
  }

  @Test func followsAPan() throws {
    let repository = try Workspace().split(Self.pan)
    let same = try flicker(repository, "main", "main")
    // Without motion the same frames differ a great deal.
    #expect(try plainDifference(Self.pan) > 8)
    #expect(try number(same, "old") < 0.3)
    #expect(try number(same, "new") == number(same, "old"))
    #expect(try number(same, "share") > 0.85)
    // A look that changes no brightness from frame to frame is followed as well.
    try repository.succeed("filter", "graph:negate", "-b", "negative")
    #expect(try number(flicker(repository, "main", "negative"), "new") < 0.3)
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed("filter", "graph:noise=c0s=30:c0f=t", "-b", "noisy")
    let noisy = try flicker(repository, "main", "noisy")
    #expect(try number(noisy, "new") > max(5, 20 * number(noisy, "old")))
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed("filter", "graph:noise=c0s=60:c0f=t", "-b", "noisier")
    let two = try flicker(repository, "noisy", "noisier")
    #expect(try number(two, "old") == number(noisy, "new"))
    #expect(try number(two, "ratio") > 1.5)
    #expect(try abs(number(two, "ratio") - number(two, "new") / number(two, "old")) < 1e-9)
  }

  @Test func followsMotionBetweenPixels() throws {
    let repository = try Workspace().split(Self.slow)
    let same = try flicker(repository, "main", "main")
    let plain = try plainDifference(Self.slow)
    #expect(plain > 8)
    #expect(try number(same, "old") < plain / 5)
    #expect(try number(same, "share") > 0.85)
  }

  @Test func leavesOutWhatDoesNotGoOn() throws {
    let repository = try Workspace().split(Self.cut)
    let scenes = try flicker(repository, "main", "main")
    #expect((scenes["leftOut"] as? [String: Any])?["sceneChanges"] as? Int == 1)
    let runs = try #require(scenes["runs"] as? [[String: Any]])
    #expect(runs.map { $0["first"] as? Int } == [0, 12])
    #expect(runs.map { $0["end"] as? Int } == [12, 24])
    #expect(try number(scenes, "old") < 0.3)

    try repository.succeed("cut", "3..6")
    try repository.succeed("filter", "graph:negate", "--range", "..5")
    let rest = try flicker(repository, "main~2", "main")
    let leftOut = try #require(rest["leftOut"] as? [String: Any])
    #expect(leftOut["gaps"] as? Int == 1)
    #expect(leftOut["sceneChanges"] as? Int == 1)
    #expect(leftOut["recipeChanges"] as? Int == 1)
    #expect(try number(rest, "new") < 0.3)
    let words = try repository.succeed("diff", "main~2", "main", "--flicker")
    #expect(words.output.contains("flicker left out: 1 change of scene, 1 gap in the source"))
  }
}
