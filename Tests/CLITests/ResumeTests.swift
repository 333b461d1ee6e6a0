import Foundation
import TestSupport
import Testing

/// A pass that did not come to its end: what it made is not made again.
@Suite(.serialized) struct ResumeTests {
  /// So slow that a pass over 1,500 frames takes far longer than the tests wait, and so quick that a
  /// busy machine has made some frames by then.
  private static let slow =
    "graph:" + Array(repeating: "nlmeans=s=8:p=3:r=5", count: 4).joined(separator: ",")

  /// How many results the same recipe finds for the first frames, and how many it makes.
  private func reuse(
    _ recipe: String, _ repository: Repository, range: String = "0..10"
  ) throws -> [String: Any] {
    try object(
      repository.succeed("filter", recipe, "--range", range, "-b", "again", "--json").output)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
  func carriesOnAfterASignal(_ signal: Int32) throws {
    let repository = try Workspace().split(.long)
    let stopped = try Tool.vidgit.run(
      ["filter", Self.slow, "-b", "slow"], in: repository.path,
      interruption: Interruption(signal, after: .seconds(8)))
    let said = Comment(rawValue: stopped.snapshot)
    if signal == SIGKILL {
      #expect(stopped.signal == SIGKILL, said)
    } else {
      #expect(stopped.status == Status.interrupted, said)
    }
    let again = try reuse(Self.slow, repository, range: "0..4")
    let (reused, made) = (again["reused"] as? Int ?? 0, again["made"] as? Int ?? 0)
    #expect(reused >= 1 && reused + made == 4, "\(reused) reused, \(made) made")
  }

  @Test func carriesOnAfterAnError() throws {
    let repository = try Workspace().split(.groups)
    // The last frames lead nowhere.
    try repository.edit("frames/000000.jsonl") {
      var lines = $0.split(separator: "\n").map(String.init)
      lines[45].replace(/"pts":\d+/, with: "\"pts\":77777777")
      return lines.joined(separator: "\n") + "\n"
    }
    let stopped = try repository.vidgit("filter", "noir", "-b", "noir")
    stopped.expectError(Status.verification, saying: ["77777777"])
    let again = try reuse("noir", repository)
    #expect(again["reused"] as? Int == 10)
  }

  @Test func carriesOnAfterTheRunThatFailed() throws {
    let repository = try Workspace().split(.groups)
    try repository.edit("frames/000000.jsonl") {
      var lines = $0.split(separator: "\n").map(String.init)
      lines[45].replace(/"pts":\d+/, with: "\"pts\":77777777")
      return lines.joined(separator: "\n") + "\n"
    }
    let recipe = "graph:tmix=frames=3"
    let stopped = try repository.vidgit(
      "filter", recipe, "--frames", "0..10,40..50", "-b", "mixed")
    stopped.expectError(Status.verification, saying: ["77777777"])
    let again = try reuse(recipe, repository)
    #expect(again["reused"] as? Int == 10)
  }
}
