import Testing

@testable import VidgitModel

@Suite struct TimelineMergeTests {
  private func line(_ number: Int) -> FrameLine {
    var generator = SeededGenerator(seed: UInt64(number))
    return FrameLine(pts: Int64(number), dur: 10, hash: generator.digest(), uri: "media/a.json")
  }

  private func lines(_ numbers: some Sequence<Int>) -> [FrameLine] { numbers.map { line($0) } }

  private func filtered(_ lines: [FrameLine], _ range: Range<Int>, _ recipe: String) -> [FrameLine]
  {
    var lines = lines
    for place in range {
      var generator = SeededGenerator(
        seed: UInt64(lines[place].pts) &* 31 &+ UInt64(recipe.utf8.reduce(0) { $0 + Int($1) }))
      lines[place].source = lines[place].sourceHash
      lines[place].hash = generator.digest()
      lines[place].filters.append("\(recipe)-0123456789ab")
    }
    return lines
  }

  private func merged(
    _ base: [FrameLine], _ ours: [FrameLine], _ theirs: [FrameLine]
  ) -> [FrameLine] {
    let merge = TimelineMerge(base: base, ours: ours, theirs: theirs)
    #expect(merge.conflicts == [])
    let lines = merge.entries.map(\.line)
    // The same from the pieces, and the same the other way round.
    #expect(expand(merge.entries.pieces, ours) == lines)
    let swapped = TimelineMerge(base: base, ours: theirs, theirs: ours)
    #expect(swapped.conflicts == [])
    #expect(swapped.entries.map(\.line) == lines)
    return lines
  }

  private func expand(_ pieces: [TimelinePiece], _ ours: [FrameLine]) -> [FrameLine] {
    pieces.flatMap { piece -> [FrameLine] in
      switch piece {
      case .old(let range): Array(ours[range])
      case .new(let lines): lines
      }
    }
  }

  @Test func changesOfDifferentFramesCombine() {
    let base = lines(0..<100)
    let result = merged(base, filtered(base, 0..<50, "a"), filtered(base, 50..<100, "b"))
    #expect(result == filtered(filtered(base, 0..<50, "a"), 50..<100, "b"))
  }

  @Test func cutsAndFiltersCombine() {
    let base = lines(0..<100)
    let ours = Array(filtered(base, 40..<60, "a")[..<80])
    let theirs = filtered(base, 0..<40, "b")
    #expect(
      merged(base, ours, theirs)
        == Array(filtered(filtered(base, 40..<60, "a"), 0..<40, "b")[..<80]))
    // A cut wins over a filter on the frames that are gone.
    #expect(
      merged(base, Array(base[..<80]), filtered(base, 0..<100, "b"))
        == Array(filtered(base, 0..<100, "b")[..<80]))
  }

  @Test func theSameChangeIsOne() {
    let base = lines(0..<20)
    let both = filtered(base, 5..<10, "a")
    #expect(merged(base, both, both) == both)
    let spliced = Array(base[..<10]) + lines(500..<510) + Array(base[10...])
    #expect(merged(base, spliced, spliced) == spliced)
  }

  @Test func aFilterFollowsAMove() {
    let base = lines(0..<100)
    let moved =
      Array(base[..<20]) + Array(base[60..<70]) + Array(base[20..<60]) + Array(base[70...])
    let result = merged(base, moved, filtered(base, 60..<70, "b"))
    #expect(result == filtered(moved, 20..<30, "b"))
  }

  @Test func aFilterFollowsAReversal() {
    let base = lines(0..<30)
    let reversed = Array(base[..<10]) + base[10..<20].reversed() + Array(base[20...])
    let result = merged(base, reversed, filtered(base, 0..<30, "b"))
    #expect(result == filtered(reversed, 0..<30, "b"))
  }

  @Test func durationAndPictureAreApart() {
    let base = lines(0..<10)
    var slow = base
    for place in 2..<6 { slow[place].dur = 20 }
    var expected = filtered(base, 0..<10, "a")
    for place in 2..<6 { expected[place].dur = 20 }
    #expect(merged(base, slow, filtered(base, 0..<10, "a")) == expected)
  }

  @Test func differentRecipesConflictInRuns() {
    let base = lines(0..<100)
    let ours = filtered(base, 0..<60, "a")
    let theirs = filtered(base, 40..<100, "b")
    let merge = TimelineMerge(base: base, ours: ours, theirs: theirs)
    #expect(merge.conflicts.map(\.frames) == [40..<60])
    #expect(merge.conflicts.first?.kind == .picture)
    #expect(merge.settled { _ in .ours }.entries.map(\.line) == filtered(ours, 60..<100, "b"))
    #expect(merge.settled { _ in .theirs }.entries.map(\.line) == filtered(theirs, 0..<40, "a"))
    let (entries, open) = merge.settled { $0 < 50 ? .theirs : nil }
    #expect(open.map(\.frames) == [50..<60])
    #expect(entries[45].line == theirs[45])
  }

  @Test func otherFramesAtOnePlaceConflict() {
    let base = lines(0..<20)
    let ours = Array(base[..<10]) + lines(500..<505) + Array(base[10...])
    let theirs = Array(base[..<10]) + lines(600..<603) + Array(base[10...])
    let merge = TimelineMerge(base: base, ours: ours, theirs: theirs)
    #expect(merge.conflicts.map(\.kind) == [.order])
    #expect(merge.settled { _ in .ours }.entries.map(\.line) == ours)
    #expect(merge.settled { _ in .theirs }.entries.map(\.line) == theirs)
  }

  @Test func oneMoveToTwoPlacesConflicts() {
    let base = lines(0..<40)
    func moved(to place: Int) -> [FrameLine] {
      var lines = Array(base[..<10]) + Array(base[12...])
      lines.insert(contentsOf: base[10..<12], at: place)
      return lines
    }
    let merge = TimelineMerge(base: base, ours: moved(to: 30), theirs: moved(to: 20))
    #expect(merge.conflicts.map(\.kind) == [.order, .order])
    #expect(merge.settled { _ in .ours }.entries.map(\.line) == moved(to: 30))
    #expect(merge.settled { _ in .theirs }.entries.map(\.line) == moved(to: 20))
  }

  /// With one side unchanged the merge is the other side, whatever that did.
  @Test func nothingOnOneSideGivesTheOther() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let base = lines((0..<30).map { _ in Int.random(in: 0..<40, using: &generator) })
      var side = base.filter { _ in Int.random(in: 0..<5, using: &generator) > 0 }
      for _ in 0..<3 where !side.isEmpty {
        let a = Int.random(in: 0..<side.count, using: &generator)
        let b = Int.random(in: a...side.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: side = filtered(side, a..<b, "x")
        case 1: side.replaceSubrange(a..<b, with: side[a..<b].reversed())
        default: side.insert(contentsOf: side[a..<b], at: a)
        }
      }
      #expect(merged(base, side, base) == side)
    }
  }
}
