import Foundation
import TestSupport
import Testing

/// The sound of a render follows the picture: beeps of known pitch at known times are looked for in what the
/// real `ffmpeg` decodes of it.
@Suite struct EditSoundTests {
  /// Ten seconds with a beep at the beginning of each: 400 Hz, 500 Hz, ... 1,300 Hz.
  private static let beeps = clip(
    "beeps.mov", rate: 25, seconds: 10, from: 400, step: 100,
    [
      "-c:a", "pcm_s16le",
    ])
  /// Four seconds with 2,000 to 2,600 Hz, of another size, rate and codec.
  private static let others = clip(
    "others.mp4", size: "128x96", rate: 30, seconds: 4, from: 2000, step: 200,
    ["-c:a", "aac", "-ar", "44100"])

  private static func clip(
    _ file: String, size: String = "160x120", rate: Int, seconds: Int, from: Int, step: Int,
    _ codec: [String]
  ) -> Clip {
    Clip(file) {
      let sound =
        "aevalsrc=0.8*sin(2*PI*(\(from)+\(step)*floor(t))*t)*lt(mod(t\\,1)\\,0.06):s=48000:d=\(seconds)"
      try $0.ffmpeg(
        [
          "-f", "lavfi", "-i", LavfiSource.moving(size: size, rate: rate, seconds: seconds), "-f",
          "lavfi", "-i", sound,
        ] + EncoderArguments.x264 + codec + [$0.output])
    }
  }

  /// Expects these beeps in a render: the second of the source that each comes from, and when it begins in ms.
  private func expectBeeps(
    _ repository: Repository, _ expected: [(pitch: Int, time: Double)],
    within tolerance: ClosedRange<Double> = -2...2, notes: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let out = repository.workspace.file("sound.mov")
    try? FileManager.default.removeItem(atPath: out)
    let result = try Tool.vidgit.succeed(["render", "-o", out], in: repository.path)
    for note in notes {
      #expect(
        result.errors.contains(note), Comment(rawValue: result.snapshot),
        sourceLocation: sourceLocation)
    }
    let found = try Beep.all(in: out)
    let said = Comment(rawValue: "\(found)")
    #expect(found.count == expected.count, said, sourceLocation: sourceLocation)
    for (beep, expected) in zip(found, expected) {
      #expect(
        tolerance.contains(beep.time - expected.time), said, sourceLocation: sourceLocation)
      if expected.pitch > 0 {
        #expect(abs(beep.pitch - expected.pitch) <= 50, said, sourceLocation: sourceLocation)
      }
    }
    let length = try repository.durations().reduce(0, +)
    let clock = try #require(try repository.json("video.json")["timebase"] as? [Int])
    let sound = try #require(Double(try Media(out).stream("a:0", "duration")))
    #expect(
      sound <= Double(length * clock[0]) / Double(clock[1]) + 0.001, said,
      sourceLocation: sourceLocation)
  }

  @Test func followsACut() throws {
    let repository = try Workspace().split(Self.beeps)
    try repository.succeed("cut", "2.4s..4.6s", "8.5s..")
    // 2.4 s is frame 60; 4.6 s is frame 115: 2.2 s less.
    try expectBeeps(
      repository,
      [(400, 0), (500, 1000), (600, 2000), (900, 2800), (1000, 3800), (1100, 4800), (1200, 5800)],
      notes: ["encoded again"])
  }

  @Test func followsAMoveAndARepetition() throws {
    let repository = try Workspace().split(Self.beeps)
    try repository.succeed("keep", "..5s")
    try repository.succeed("move", "2.8s..3.2s", "0")
    try expectBeeps(
      repository, [(700, 200), (400, 400), (500, 1400), (600, 2400), (800, 4000)])
    // Shorter than what a decoder holds, and back within it.
    try repository.succeed("repeat", "0.2s..0.32s", "--times", "2")
    try expectBeeps(
      repository,
      [
        (700, 200), (700, 320), (700, 440), (400, 640), (500, 1640), (600, 2640), (800, 4240),
      ])
  }

  /// The filter that stretches sound works on windows of 43 ms, so that a beep begins a little early; what
  /// follows is in its place again.
  @Test(arguments: [("2x", 0.5, -20.0), ("0.5x", 2, -65), ("4x", 0.25, -25)])
  func stretchesWithTheSpeed(factor: String, scale: Double, early: Double) throws {
    let repository = try Workspace().split(Self.beeps)
    try repository.succeed("keep", "..7.5s")
    try repository.succeed("speed", "2.52s..5.52s", factor)
    let shift = 3000 * (scale - 1)
    var expected: [(Int, Double)] = [(400, 0), (500, 1000), (600, 2000)]
    for time in [3000.0, 4000, 5000] { expected.append((0, 2520 + (time - 2520) * scale)) }
    expected += [(1000, 6000 + shift), (1100, 7000 + shift)]
    try expectBeeps(
      repository, expected, within: early...2, notes: ["stretched with the picture: \(factor)"])
    let found = try Beep.all(in: repository.workspace.file("sound.mov"))
    for (beep, time) in zip(found.suffix(2), [6000 + shift, 7000 + shift]) {
      #expect(abs(beep.time - time) <= 2)
    }
    // The pitch stays, as far as crossings of zero tell it where a beep swells.
    for (beep, pitch) in zip(found.dropFirst(3), [700, 800, 900]) where scale == 0.5 {
      #expect(abs(beep.pitch - pitch) <= 150, "\(found)")
    }
  }

  /// Whoever changed the lines: the durations say how fast they play.
  @Test func stretchesWhatIsEditedByHand() throws {
    let repository = try Workspace().split(Self.beeps)
    try repository.edit("frames/000000.jsonl") { text in
      text.split(separator: "\n").enumerated().map { index, line in
        (63..<138).contains(index) ? line.replacing("\"dur\":512,", with: "\"dur\":256,") : line
      }.joined(separator: "\n") + "\n"
    }
    try repository.expectWhole()
    var expected: [(Int, Double)] = [(400, 0), (500, 1000), (600, 2000)]
    expected += [(0, 2760), (0, 3260), (0, 3760)]
    for second in 6...9 { expected.append((400 + 100 * second, Double(second) * 1000 - 1500)) }
    try expectBeeps(
      repository, expected, within: -20...2, notes: ["stretched with the picture: 2x"])
  }

  @Test func playsEachMediumInOneTrack() throws {
    let repository = try Workspace().split(Self.beeps)
    let other = try Self.others.orSkip()
    try repository.succeed("keep", "..4s")
    try repository.succeed("splice", other, "at", "2.52s", "--range", "0.9s..2.5s")
    // 0.9 s is frame 27 of 30 a second; 48 frames are 1.6 s.
    let spliced: [(Int, Double)] = [
      (400, 0), (500, 1000), (600, 2000), (2200, 2620), (2400, 3620), (700, 4600),
    ]
    try expectBeeps(repository, spliced)
    let out = repository.workspace.file("sound.mov")
    #expect(try Media(out).stream("a:0", "codec_name") == "pcm_s16le")
    #expect(try Media(out).stream("a:1", "codec_name") == "")
    // The first medium says what the track is like, wherever it plays.
    try repository.succeed("splice", other, "at", "0", "--range", "..1s")
    try expectBeeps(
      repository, [(2000, 0)] + spliced.map { ($0.0, $0.1 + 1000) })
    #expect(try Media(out).stream("a:0", "sample_rate") == "48000")
    // In a container whose sound is compressed.
    let small = repository.workspace.file("sound.mp4")
    try repository.succeed("render", "-o", small)
    #expect(try Media(small).stream("a:0", "codec_name") == "aac")
    let found = try Beep.all(in: small)
    #expect(found.count == 7)
    for (beep, expected) in zip(found.dropFirst(), spliced) {
      #expect(abs(beep.time - expected.1 - 1000) <= 6, "\(found)")
    }
  }

  @Test func isSilentWhereThereIsNothingToHear() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(Self.beeps)
    try repository.succeed("keep", "..6s")
    try repository.succeed("reverse", "1.52s..3.52s")
    try repository.succeed("repeat", "100", "--times", "25")
    // Frame 100 is the one at 4 s: it beeps once, stands for a second, and goes on from its beginning.
    try expectBeeps(
      repository, [(400, 0), (500, 1000), (800, 4000), (800, 5000), (900, 6000)],
      notes: ["runs backwards (0:02.000)", "stands still (0:00.960)"])
    let mute = workspace.file("mute.mp4")
    try FileManager.default.copyItem(atPath: Clip.thousands.orSkip(), toPath: mute)
    try repository.succeed("splice", mute, "at", "0", "--range", "..1s")
    try expectBeeps(
      repository, [(400, 1000), (500, 2000), (800, 5000), (800, 6000), (900, 7000)],
      notes: ["no sound with the frames of 'mute.mp4'"])
  }

  @Test func saysWhatIsLeftOut() throws {
    let repository = try Workspace().split(.subtitlesAndChapters)
    try repository.succeed("cut", "10..20")
    let out = repository.workspace.file("out.mkv")
    let edited = try repository.succeed("render", "-o", out)
    #expect(
      edited.errors.contains("subtitles of 'subtitles-chapters.mkv' are left out"),
      Comment(rawValue: edited.snapshot))
    try repository.succeed("reverse", "..")
    let mute = repository.workspace.file("mute.mkv")
    let reversed = try repository.succeed("render", "-o", mute)
    #expect(
      reversed.errors.contains("no sound where the picture runs backwards"),
      Comment(rawValue: reversed.snapshot))
    #expect(try Media(mute).stream("a:0", "codec_name") == "")
    // A line can claim to show for centuries.
    try repository.edit("frames/000000.jsonl") { text in
      text.replacing(#/"dur":\d+/#, with: "\"dur\":1000000000000", maxReplacements: 1)
    }
    let long = try repository.succeed("render", "-o", repository.workspace.file("long.nut"))
    #expect(long.errors.contains("longer than 24 hours"), Comment(rawValue: long.snapshot))
  }

  /// A medium with two tracks keeps both; where another has one, the second is silent.
  @Test func keepsTracksApart() throws {
    let workspace = try Workspace()
    let two = workspace.file("two.mov")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", Self.beeps.orSkip(), "-i", Self.others.orSkip(), "-map",
      "0:v", "-map", "0:a", "-map", "1:a", "-c", "copy", two,
    ])
    let repository = try workspace.split(two)
    try repository.succeed("keep", "..3s")
    try repository.succeed("splice", Self.others.orSkip(), "at", "1.52s", "--range", "..2s")
    try expectBeeps(
      repository, [(400, 0), (500, 1000), (2000, 1520), (2200, 2520), (600, 4000)])
    let second = try Beep.all(in: workspace.file("sound.mov"), track: 1)
    #expect(second.map { Int($0.time.rounded()) } == [0, 1000, 4000], "\(second)")
  }
}

/// A sound after silence.
private struct Beep: CustomStringConvertible {
  /// Milliseconds from the beginning of the file.
  let time: Double
  /// Hertz, by the zero crossings of its first 40 ms.
  let pitch: Int

  var description: String { "\(pitch) Hz at \(Int(time.rounded())) ms" }

  static func all(in path: String, track: Int = 0) throws -> [Beep] {
    let rate = 48_000
    let data = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", path, "-map", "0:a:\(track)", "-af",
      "aresample=async=1:first_pts=0", "-f", "s16le", "-ac", "1", "-ar", "\(rate)", "-",
    ]).standardOutput
    let samples = data.withUnsafeBytes { bytes in
      (0..<data.count / 2).map {
        Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Int16.self))
      }
    }
    var beeps: [Beep] = []
    var last = Int.min / 2
    for index in samples.indices where samples[index].magnitude > 3000 {
      if index - last > rate / 40 {
        let window = samples[index..<min(index + rate / 25, samples.count)]
        let crossings = zip(window, window.dropFirst()).filter { ($0 < 0) != ($1 < 0) }.count
        beeps.append(
          Beep(time: Double(index) * 1000 / Double(rate), pitch: crossings * 25 / 2))
      }
      last = index
    }
    return beeps
  }
}
