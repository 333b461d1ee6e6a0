import Testing

@testable import VidgitModel

@Suite struct TimelineAlignmentTests {
  private func line(_ number: Int, filters: [String] = []) -> FrameLine {
    var generator = SeededGenerator(seed: UInt64(number))
    return FrameLine(pts: Int64(number), dur: 1, hash: generator.digest(), uri: "media/a.json")
  }

  private func lines(_ numbers: some Sequence<Int>) -> [FrameLine] { numbers.map { line($0) } }

  @Test func aCutLeavesTwoBlocks() {
    let alignment = TimelineAlignment(lines(0..<100), lines(Array(0..<30) + Array(50..<100)))
    #expect(
      alignment.blocks == [.init(old: 0..<30, new: 0..<30), .init(old: 50..<100, new: 30..<80)])
    #expect(alignment.moves == [])
  }

  @Test func aMoveIsOneRun() {
    let moved = Array(0..<20) + Array(60..<70) + Array(20..<60) + Array(70..<100)
    let alignment = TimelineAlignment(lines(0..<100), lines(moved))
    #expect(alignment.moves == [.init(old: 60..<70, new: 20..<30)])
    #expect(alignment.blocks.reduce(0) { $0 + $1.old.count } == 90)
  }

  @Test func aRepeatIsAnAddition() {
    let alignment = TimelineAlignment(
      lines(0..<50), lines(Array(0..<20) + Array(10..<20) + Array(20..<50)))
    #expect(alignment.moves == [])
    #expect(alignment.blocks.reduce(0) { $0 + $1.old.count } == 50)
  }

  @Test func aReversalTakesNoTime() {
    let alignment = TimelineAlignment(lines(0..<20_000), lines((0..<20_000).reversed()))
    #expect(
      alignment.blocks.reduce(0) { $0 + $1.old.count }
        + alignment.moves.reduce(0) { $0 + $1.old.count } == 20_000)
  }

  /// Blocks are in order and hold equal frames, and what they leave has no partner.
  @Test func matchesWhatCanBeMatched() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<300 {
      func some() -> [Int] {
        (0..<Int.random(in: 0...12, using: &generator)).map { _ in
          Int.random(in: 0..<8, using: &generator)
        }
      }
      let (old, new) = (lines(some()), lines(some()))
      let alignment = TimelineAlignment(old, new)
      var place = (0, 0)
      for block in alignment.blocks {
        #expect(block.old.lowerBound >= place.0 && block.new.lowerBound >= place.1)
        place = (block.old.upperBound, block.new.upperBound)
      }
      var usedOld: Set<Int> = []
      var usedNew: Set<Int> = []
      for block in alignment.blocks + alignment.moves {
        #expect(block.old.count == block.new.count)
        for (a, b) in zip(block.old, block.new) {
          #expect(old[a].isSameSource(as: new[b]))
          #expect(usedOld.insert(a).inserted && usedNew.insert(b).inserted)
        }
      }
      let left = Set(old.indices.filter { !usedOld.contains($0) }.map { old[$0].pts })
      let right = Set(new.indices.filter { !usedNew.contains($0) }.map { new[$0].pts })
      #expect(left.isDisjoint(with: right))
    }
  }
}
