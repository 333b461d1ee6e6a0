import Testing

@testable import VidgitModel

/// Prints speeds, and asserts only that the work was done: how fast is `make bench`'s to judge.
@Suite(.serialized) struct ThroughputTests {
  @Test func shards() throws {
    var random = SeededGenerator(seed: 2)
    let frames = 200_000
    let lines = (0..<frames).map { index in
      FrameLine(
        pts: Int64(index) * 1001, dur: 1001, hash: random.digest(), uri: "media/falls.json",
        source: random.digest(), filters: ["noir-3f2a9c1d0b7e"])
    }
    let clock = ContinuousClock()
    var shards: [[UInt8]] = []
    let encoding = clock.measure {
      for start in stride(from: 0, to: frames, by: Shard.capacity) {
        shards.append(Shard.encode(lines[start..<min(start + Shard.capacity, frames)]))
      }
    }
    var parser = ShardParser()
    var read: [FrameLine] = []
    read.reserveCapacity(frames)
    let parsing = try clock.measure {
      for shard in shards {
        try shard.withUnsafeBytes { try parser.parse($0, file: "f", into: &read) }
      }
    }
    #expect(read == lines)
    let megabytes = Double(shards.reduce(0) { $0 + $1.count }) / 1e6
    print("shards: encode \(rate(megabytes, encoding)), parse \(rate(megabytes, parsing))")
    let strictBytes = text(shards[0]).replacing("\"pts\"", with: " \"pts\"")
    let strict = try clock.measure {
      let lines = try Shard.parse(Array(strictBytes.utf8), file: "f")
      #expect(lines.count == Shard.capacity)
    }
    print("shards: strict \(rate(Double(strictBytes.utf8.count) / 1e6, strict))")
  }

  private func rate(_ megabytes: Double, _ duration: Duration) -> String {
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    return "\(Int(megabytes / seconds)) MB/s"
  }
}
