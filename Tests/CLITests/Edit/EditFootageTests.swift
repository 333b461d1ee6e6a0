import TestSupport
import Testing

/// All edits one after another on footage that nobody made for a test.
@Suite(.enabled(if: SharedVideos.folder != nil, Comment(rawValue: SharedVideos.missing)))
struct EditFootageTests {
  @Test(arguments: SharedVideos.paths) func edits(_ path: String) throws {
    let repository = try Workspace().split(path, ["--range", "..60"])
    var lines = try repository.lines()
    let count = lines.count
    func edit(_ arguments: String..., change: (inout [String]) throws -> Void) throws {
      try change(&lines)
      try repository.expectEdit(arguments, gives: lines)
    }
    try edit("cut", "5..7") { $0.removeSubrange(5..<7) }
    try edit("keep", "..\(count - 5)") { $0.removeSubrange((count - 5)...) }
    try edit("move", "10..15", "2") { lines in
      let moved = lines[10..<15]
      lines.removeSubrange(10..<15)
      lines.insert(contentsOf: moved, at: 2)
    }
    try edit("repeat", "8..12", "--times", "2") { lines in
      let again = Array(lines[8..<12])
      lines.insert(contentsOf: again + again, at: 12)
    }
    try edit("reverse", "..20") { $0.replaceSubrange(..<20, with: $0[..<20].reversed()) }
    try edit("splice", "HEAD~3", "at", "6", "--range", "2..4") { lines in
      let old = try repository.lines("HEAD~3")
      lines.insert(contentsOf: old[2..<4], at: 6)
    }

    let (hashes, durations) = (try repository.hashes(), try repository.durations())
    try repository.succeed("speed", "3..13", "3/2")
    #expect(try repository.hashes() == hashes)
    let faster = try repository.durations()
    #expect(faster[..<3] + faster[13...] == durations[..<3] + durations[13...])
    let (before, after) = (durations[3..<13].reduce(0, +), faster[3..<13].reduce(0, +))
    #expect(abs(after * 3 - before * 2) * 2 <= 3)
    try repository.expectRender()
  }
}
