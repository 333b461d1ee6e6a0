import Testing

@testable import VidgitModel

@Suite struct ShardNameTests {
  @Test func readsAndWritesNames() throws {
    for path in ["frames/000042.jsonl", "frames/000042-5.jsonl", "frames/000000-05.jsonl"] {
      #expect(ShardName(path)?.path == path)
    }
    for bad in [
      "42.jsonl", "000042-.jsonl", "000042-50.jsonl", "000042-5-1.jsonl", "00004x.jsonl",
      "000042.json", "media/000042.jsonl", "+00042.jsonl", "000042-\u{661}.jsonl",
    ] {
      #expect(ShardName(bad) == nil, "\(bad)")
    }
  }

  @Test func sortsAsFileNamesDo() throws {
    let sorted = [
      "000000-05", "000000-5", "000000", "000001-1", "000001-15", "000001-2", "000001", "000002-9",
      "000002",
    ].map { "frames/\($0).jsonl" }
    #expect(sorted.sorted() == sorted)
    #expect(sorted.compactMap { ShardName($0) }.sorted().map(\.path) == sorted)
  }

  @Test func findsRoomBetweenAnyTwo() throws {
    var generator = SeededGenerator(seed: 7)
    var names = [ShardName(whole: 0), ShardName(whole: 1)]
    for _ in 0..<500 {
      let place = Int.random(in: 0...names.count, using: &generator)
      let count = Int.random(in: 1...12, using: &generator)
      let between = try #require(
        ShardName.between(
          place == 0 ? nil : names[place - 1], place == names.count ? nil : names[place],
          count: count))
      #expect(between.count == count)
      names.insert(contentsOf: between, at: place)
    }
    #expect(names.sorted() == names)
    #expect(Set(names).count == names.count)
    #expect(names.map(\.path).sorted() == names.map(\.path))
    #expect(
      names.allSatisfy {
        ShardName($0.path) == $0 && FileNames.isSafe(String($0.path.dropFirst(7)))
      })
  }

  @Test func bisectsOnePlaceManyTimes() throws {
    var upper = ShardName(whole: 1)
    var times = 0
    while times < 80, let name = ShardName.between(ShardName(whole: 0), upper, count: 1)?.first {
      #expect(name < upper)
      upper = name
      times += 1
    }
    #expect(times == 80)
  }
}

@Suite struct ShardPlanTests {
  private let shards = [
    ("frames/000000.jsonl", 1000), ("frames/000001.jsonl", 1000), ("frames/000002.jsonl", 500),
  ]

  private func lines(_ count: Int) -> [FrameLine] {
    var generator = SeededGenerator(seed: 1)
    return (0..<count).map {
      FrameLine(pts: Int64($0), dur: 1, hash: generator.digest(), uri: "media/a.json")
    }
  }

  @Test func leavesAloneWhatStays() {
    let plan = ShardPlan([.old(0..<2500)], shards: shards)
    #expect(plan.removed == [])
    #expect(plan.entries.map(\.path) == shards.map(\.0))
    #expect(plan.entries.map(\.content) == [.whole(0), .whole(1), .whole(2)])
  }

  @Test func aCutTouchesOnlyItsShards() {
    let plan = ShardPlan([.old(0..<1100), .old(1200..<2500)], shards: shards)
    #expect(plan.entries.map(\.path) == shards.map(\.0))
    #expect(plan.entries[1].content == .pieces([.old(1000..<1100), .old(1200..<2000)]))
    #expect(plan.removed == [])
  }

  @Test func aCutOfAWholeShardOnlyRemovesIt() {
    let plan = ShardPlan([.old(0..<1000), .old(2000..<2500)], shards: shards)
    #expect(plan.entries.map(\.path) == ["frames/000000.jsonl", "frames/000002.jsonl"])
    #expect(plan.removed == ["frames/000001.jsonl"])
  }

  @Test func anInsertionFindsNamesBetween() {
    let plan = ShardPlan([.old(0..<1000), .new(lines(2500)), .old(1000..<2500)], shards: shards)
    #expect(plan.entries.map(\.path) == plan.entries.map(\.path).sorted())
    #expect(plan.entries.count == 6)
    #expect(Set(shards.map(\.0)).isSubset(of: plan.entries.map(\.path)))
    #expect(plan.removed == [])
  }

  @Test func aMoveKeepsBytes() {
    let plan = ShardPlan([.old(1000..<2500), .old(0..<1000)], shards: shards)
    #expect(plan.entries.map(\.content) == [.whole(1), .whole(2), .whole(0)])
    #expect(
      plan.entries.map(\.path) == [
        "frames/000001.jsonl", "frames/000002.jsonl", "frames/000003.jsonl",
      ])
    #expect(plan.removed == ["frames/000000.jsonl"])
  }

  /// Whatever the pieces are, reading the planned shards by name gives their lines.
  @Test func givesBackTheTimeline() {
    var generator = SeededGenerator(seed: 3)
    let old = lines(2500)
    for _ in 0..<200 {
      var pieces: [TimelinePiece] = []
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let a = Int.random(in: 0..<2500, using: &generator)
        let b = Int.random(in: a...2500, using: &generator)
        let isNew = Int.random(in: 0..<4, using: &generator) == 0
        pieces.append(isNew ? .new(Array(old[a..<b].reversed())) : .old(a..<b))
      }
      func expand(_ pieces: [TimelinePiece]) -> [FrameLine] {
        pieces.flatMap { piece -> [FrameLine] in
          switch piece {
          case .old(let range): Array(old[range])
          case .new(let lines): lines
          }
        }
      }
      let starts = [0, 1000, 2000, 2500]
      let plan = ShardPlan(pieces, shards: shards)
      let written = plan.entries.sorted { $0.path < $1.path }.flatMap { entry -> [FrameLine] in
        switch entry.content {
        case .whole(let index): Array(old[starts[index]..<starts[index + 1]])
        case .pieces(let pieces): expand(pieces)
        }
      }
      #expect(written == expand(pieces))
      #expect(Set(plan.entries.map(\.path)).count == plan.entries.count)
      #expect(Set(plan.removed).isDisjoint(with: plan.entries.map(\.path)))
      #expect(
        plan.entries.allSatisfy { entry in
          if case .pieces(let pieces) = entry.content {
            pieces.lineCount <= Shard.capacity
          } else {
            true
          }
        })
    }
  }
}
