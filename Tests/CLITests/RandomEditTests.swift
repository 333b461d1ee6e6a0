import Foundation
import TestSupport
import Testing

/// Random sequences of commands beside a simple model of the timeline: a list of frames.
///
/// After every command the timeline is the model's, the whole repository is well, and what an undo
/// brings back is the exact tree from before.
@Suite struct RandomEditTests {
  /// A frame of the model.
  private struct Cell: Equatable {
    var pts: Int
    var dur: Int
    var filters: [String] = []
  }

  private static let recipes = ["negate", "hflip", "vflip"]
  private static let commands = 12

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func followsTheModel(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let repository = try Workspace().split(.groups)
    var cells = try read(repository)
    var undoable: [(cells: [Cell], tree: String)] = []
    for number in 0..<Self.commands {
      let said = Comment(rawValue: "seed \(seed), command \(number)")
      let tree = try RepositoryCheck(repository.path).tree()
      if Int.random(in: 0..<5, using: &random) == 0, let last = undoable.popLast() {
        try repository.succeed("undo")
        cells = last.cells
        #expect(try RepositoryCheck(repository.path).tree() == last.tree, said)
      } else if Int.random(in: 0..<5, using: &random) == 0,
        Set(cells.map(\.pts)).count == cells.count
      {
        undoable.append((cells, tree))
        cells = try mergeOfAFilterAndAnEdit(repository, cells, &random, "side\(number)")
      } else {
        undoable.append((cells, tree))
        let (arguments, after) = edit(cells, &random)
        try Tool.vidgit.succeed(arguments, in: repository.path)
        try repository.expectWhole()
        // What changes nothing makes no commit, so there is nothing to take back.
        if after == cells { undoable.removeLast() }
        cells = after
      }
      #expect(try read(repository) == cells, said)
    }
    try repository.succeed("verify", "--deep")
  }

  /// A filter on one branch, a cut, a move or the like on another one, and a merge of both.
  private func mergeOfAFilterAndAnEdit(
    _ repository: Repository, _ cells: [Cell], _ random: inout SplitMix, _ branch: String
  ) throws -> [Cell] {
    let range = Self.range(cells.count, &random)
    let recipe = Self.recipes.randomElement(using: &random)!
    try repository.succeed("switch", "-c", branch)
    try repository.succeed(
      "filter", "graph:\(recipe)", "--range", "\(range.lowerBound)..\(range.upperBound)")
    try repository.succeed("switch", "main")
    let filtered = Set(cells[range].map(\.pts))
    var (arguments, after) = edit(cells, &random, kinds: [0, 1, 2, 4, 5])
    // Two filters on the same frames do not combine, and are tested elsewhere.
    while arguments[0] == "filter" {
      (arguments, after) = edit(cells, &random, kinds: [0, 1, 2, 4, 5])
    }
    try Tool.vidgit.succeed(arguments, in: repository.path)
    try repository.succeed("merge", branch, "--no-ff")
    return after.map { cell in
      var cell = cell
      if filtered.contains(cell.pts) { cell.filters.append(recipe) }
      return cell
    }
  }

  /// A command and what it makes of the model.
  private func edit(
    _ cells: [Cell], _ random: inout SplitMix, kinds: [Int] = Array(0..<7)
  ) -> ([String], [Cell]) {
    let range = Self.range(cells.count, &random)
    let text = "\(range.lowerBound)..\(range.upperBound)"
    let (before, part, behind) = (
      cells[..<range.lowerBound], cells[range], cells[range.upperBound...]
    )
    switch kinds.randomElement(using: &random)! {
    case 0 where part.count < cells.count: return (["cut", text], Array(before + behind))
    case 1: return (["keep", text], Array(part))
    case 2 where part.count < cells.count:
      let rest = Array(before + behind)
      var place = Int.random(in: 0...rest.count, using: &random)
      var moved = rest
      moved.insert(contentsOf: part, at: place)
      // Places are counted in the timeline as it is.
      if place > before.count { place += part.count }
      // Where it stands already: an edit that makes no sense.
      guard place != range.lowerBound, place != range.upperBound else { break }
      return (["move", text, "\(place)"], moved)
    case 3: return (["repeat", text], Array(before + part + part + behind))
    case 4 where part.count > 1:
      return (["reverse", text], Array(before + part.reversed() + behind))
    case 5 where part.allSatisfy({ $0.dur % 2 == 0 && $0.dur > 2 }):
      let isFaster = Bool.random(using: &random)
      let retimed = part.map { cell in
        var cell = cell
        cell.dur = isFaster ? cell.dur / 2 : cell.dur * 2
        return cell
      }
      return (["speed", text, isFaster ? "2x" : "0.5x"], Array(before + retimed + behind))
    default: break
    }
    let recipe = Self.recipes.randomElement(using: &random)!
    let filtered = part.map { cell in
      var cell = cell
      cell.filters.append(recipe)
      return cell
    }
    return (["filter", "graph:\(recipe)", "--range", text], Array(before + filtered + behind))
  }

  private static func range(_ count: Int, _ random: inout SplitMix) -> Range<Int> {
    let start = Int.random(in: 0..<count, using: &random)
    return start..<Int.random(in: start + 1...count, using: &random)
  }

  private func read(_ repository: Repository) throws -> [Cell] {
    try repository.lines().map { line in
      let fields = try object(line)
      let filters = try #require(fields["filters"] as? [String])
      return Cell(
        pts: try #require(fields["pts"] as? Int), dur: try #require(fields["dur"] as? Int),
        filters: filters.map { String($0.dropLast(13)) })
    }
  }
}

/// SplitMix64: the same sequence for the same seed on every machine.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
