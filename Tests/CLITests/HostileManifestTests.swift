import Foundation
import TestSupport
import Testing

/// Manifests that somebody wrote to do harm: refused in words, never a crash.
@Suite struct HostileManifestTests {
  private func setDurations(_ repository: Repository, _ duration: (Int) -> Int64?) throws {
    try repository.edit("frames/000000.jsonl") { text in
      text.split(separator: "\n").enumerated().map { number, line in
        guard let value = duration(number) else { return String(line) }
        return String(line).replacing(/"dur":\d+/, with: "\"dur\":\(value)")
      }.joined(separator: "\n") + "\n"
    }
  }

  @Test func refusesALengthThatNoVideoHas() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    // Every one is in bounds, and their sum fits 64 bits.
    try setDurations(repository) { _ in 838_488_366_986_797_800 }
    let out = workspace.file("out.nut")
    for command in [
      ["render", "--lossless", "-o", out], ["status"], ["show"], ["log", "--frame", "3"],
      ["export", "manifest"], ["filter", "noir"], ["cut", "0..2"],
    ] {
      let result = try Tool.vidgit.run(command, in: repository.path)
      let said = Comment(rawValue: result.snapshot)
      #expect(result.signal == nil, said)
      if ["export", "log"].contains(command[0]) { continue }
      result.expectError(Status.badInput, saying: ["durations", "beyond what a video can have"])
    }
    let verify = try repository.vidgit("verify")
    #expect(verify.status == Status.fault)
    #expect(verify.output.contains("frames/000000.jsonl:2: "), Comment(rawValue: verify.snapshot))
    #expect(try workspace.entries == ["repo"])
  }

  /// Maps of what is there, and sums of bytes, go by it.
  @Test(arguments: ["9223372036854775807", "1125899906842624", "70368744177665"])
  func refusesAMediumLongerThanAny(_ size: String) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: repository.file("media")).first)
    try repository.edit("media/\(name)") {
      $0.replacing(#/"size": \d+/#, with: "\"size\": \(size)")
    }
    for command in [
      ["render", "-o", workspace.file("out.mp4")], ["status"], ["pull"], ["show"],
      ["filter", "noir"],
    ] {
      let result = try Tool.vidgit.run(command, in: repository.path)
      result.expectError(Status.badInput, saying: ["media/\(name)", size, "what a video can have"])
    }
    #expect(try workspace.entries == ["repo"])
  }

  /// In bounds, and too much for one container or the other.
  @Test(arguments: ["nut", "mkv", "mov", "mp4"], [1 << 31, 1 << 40, 1 << 50, 1 << 59])
  func rendersOrRefusesALongFrame(_ ending: String, _ duration: Int64) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    try setDurations(repository) { $0 == 3 ? duration : nil }
    let result = try repository.vidgit(
      "render", "--lossless", "-o", workspace.file("out.\(ending)"))
    let said = Comment(rawValue: result.snapshot)
    #expect(result.signal == nil, said)
    guard result.status != 0 else { return }
    result.expectError(Status.badInput, Status.usage)
    #expect(try workspace.entries == ["repo"])
  }

  /// Each is in bounds, and a frame of them is longer than any clock of a container counts.
  @Test(arguments: ["mkv", "mp4", "nut"])
  func rendersOrRefusesEqualFramesThatAreTooLong(_ ending: String) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    try setDurations(repository) { _ in 1 << 40 }
    try repository.edit("video.json") {
      $0.replacing(#/"timebase": \[\d+, \d+\]/#, with: "\"timebase\": [2147483647, 1]")
    }
    let result = try repository.vidgit("render", "-o", workspace.file("out.\(ending)"))
    #expect(result.signal == nil, Comment(rawValue: result.snapshot))
    guard result.status != 0 else { return }
    result.expectError(Status.badInput, Status.usage)
    #expect(try workspace.entries == ["repo"])
  }

  /// Two of them would be one recipe, and what has another name is nobody's to read.
  @Test(arguments: [
    "filters/noir.yaml", "filters/noir.json", "filters/noir-40c27907eff1.yaml",
    "filters/noir-40c27907eff1.jsonl", "media/notes.txt", "frames/000001.json",
  ])
  func refusesAFileThatTheFormatDoesNotName(_ path: String) throws {
    let repository = try Workspace().split(.short)
    let twin = "filters/noir.json"
    for file in path.hasPrefix("filters/noir.") ? [twin, path] : [path] {
      let url = URL(fileURLWithPath: repository.file(file))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("{}\n".utf8).write(to: url)
    }
    _ = try repository.git("add", "-f", ".")
    _ = try repository.git("commit", "-q", "-m", "Add \(path)")
    for command in [
      ["status"], ["show"], ["verify"], ["filter", "noir"], ["cut", "0..2"],
      ["export", "manifest"],
    ] {
      let result = try Tool.vidgit.run(command, in: repository.path)
      let name = path.hasPrefix("filters/noir.") ? twin : path
      result.expectError(Status.refused, saying: [name, "is not a name"])
    }
  }

  @Test func saysWhyARecipeIsRefused() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let id = "evil-40c27907eff1"
    try FileManager.default.createDirectory(
      atPath: repository.file("filters"), withIntermediateDirectories: true)
    let recipe = """
      {"name": "evil", "engine": "graph", "scope": "frame", "filters": \
      [{"filter": "drawtext", "options": {"textfile": "/etc/passwd"}}]}

      """
    try Data(recipe.utf8).write(to: URL(fileURLWithPath: repository.file("filters/\(id).json")))
    _ = try repository.git("add", "filters")
    try repository.edit("frames/000000.jsonl") { text in
      text.split(separator: "\n").map {
        let hash = $0.firstMatch(of: /sha256:[0-9a-f]{64}/)!.output
        return $0.replacingOccurrences(
          of: "\"filters\":[]", with: "\"source\":\"\(hash)\",\"filters\":[\"\(id)\"]")
      }.joined(separator: "\n") + "\n"
    }
    for command in [
      ["render", "-o", workspace.file("out.mp4")], ["filter", "noir", "-b", "noir"],
    ] {
      let result = try Tool.vidgit.run(command, in: repository.path)
      result.expectError(Status.refused, saying: ["drawtext", "not allowed"])
    }
    let verify = try repository.vidgit("verify")
    #expect(verify.status == Status.fault)
    #expect(verify.output.contains("drawtext"), Comment(rawValue: verify.snapshot))
    #expect(try workspace.entries == ["repo"])
  }
}
