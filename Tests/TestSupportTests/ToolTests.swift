import Foundation
import TestSupport
import Testing

@Suite struct ToolTests {
  @Test func readsBothPipesWhileTheProgramRuns() throws {
    let script = "yes out | head -c 3000000; yes err | head -c 3000000 >&2; exit 7"
    let result = try Tool.require("sh").run(["-c", script])
    #expect(result.standardOutput.count == 3_000_000)
    #expect(result.standardError.count == 3_000_000)
    #expect(result.status == 7)
    #expect(result.signal == nil)
  }

  @Test func passesInputThrough() throws {
    let input = Data((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    #expect(try Tool.require("cat").run([], input: input).standardOutput == input)
    // A program that reads nothing.
    #expect(try Tool.require("true").run([], input: input).status == 0)
  }

  @Test func killsAfterTheTimeout() throws {
    let start = ContinuousClock.now
    #expect(throws: TestSupportError.self) {
      try Tool.require("sh").run(["-c", "sleep 30 & sleep 30"], timeout: .milliseconds(200))
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func tellsSignalsFromStatuses() throws {
    let result = try Tool.require("sh").run(["-c", "kill -9 $$"])
    #expect(result.signal == SIGKILL)
    #expect(result.status == nil)
    #expect(result.snapshot == "[signal 9]\n")
  }

  @Test func interrupts() throws {
    let script = "trap 'echo bye; exit 130' INT; while :; do sleep 0.05; done"
    let result = try Tool.require("sh").run(
      ["-c", script], interruption: Interruption(after: .milliseconds(300)))
    #expect(result.snapshot == "bye\n[status 130]\n")
  }

  @Test func runsInAHermeticEnvironment() throws {
    let folder = try TemporaryFolder()
    let result = try Tool.require("env").run([], in: folder.path, environment: ["EXTRA": "1"])
    let names = Set(result.lines.compactMap { $0.split(separator: "=").first.map(String.init) })
    #expect(names.isSuperset(of: ["PATH", "HOME", "GIT_CONFIG_GLOBAL", "EXTRA", "TZ"]))
    #expect(names.isDisjoint(with: ["USER", "LANG", "SHELL", "OLDPWD", "GIT_DIR"]))
  }

  @Test func makesTheSameCommitEveryTime() throws {
    let commits = try (0..<2).map { _ in
      let folder = try TemporaryFolder()
      try Tool.git.succeed(["init", "-q", "-b", "main"], in: folder.path)
      try Tool.git.succeed(["commit", "-q", "--allow-empty", "-m", "First"], in: folder.path)
      return try Tool.git.succeed(["rev-parse", "HEAD"], in: folder.path).output
    }
    #expect(commits[0].count == 41)
    #expect(commits[0] == commits[1])
  }

  @Test func normalisesPathsInSnapshots() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    let result = try Tool.require("sh").run(
      ["-c", "echo $PWD/x; echo \(other.path)/y >&2; printf z; exit 3"], in: folder.path)
    #expect(
      result.naming(other.path, "$OTHER").snapshot
        == "$PWD/x\nz\n[no line end]\n[stderr]\n$OTHER/y\n[status 3]\n")
  }

  @Test func removesTheFolder() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    let path = try #require(folder?.path)
    let locked = try #require(try folder?.folder("a/locked"))
    try folder?.write("x", to: "a/locked/file")
    chmod(locked, 0o500)
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
