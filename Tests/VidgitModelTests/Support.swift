import Testing

@testable import VidgitModel

/// SplitMix64: the same sequence for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func digest() -> Digest {
    Digest(words: (next(), next(), next(), next()))
  }
}

/// The error that `body` throws; a missing one is a failure of the test.
func failure<Value>(
  of body: () throws(ModelError) -> Value, sourceLocation: SourceLocation = #_sourceLocation
) -> ModelError {
  do {
    let value = try body()
    Issue.record("no error, but \(value)", sourceLocation: sourceLocation)
    return ModelError("", reason: "")
  } catch {
    return error
  }
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text, what: "t.json") }
