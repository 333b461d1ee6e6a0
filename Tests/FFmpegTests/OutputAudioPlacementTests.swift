import Testing

@testable import FFmpeg

@Suite struct OutputAudioPlacementTests {
  typealias Piece = AudioPlacement.Piece
  typealias Run = AudioPlacement.Run

  /// All runs that stretches of `size` samples of a source of `length` give.
  private func runs(_ pieces: [Piece], length: Int64 = 1000, size: Int64 = 64) -> [Run] {
    var placement = AudioPlacement(pieces)
    var runs: [Run] = []
    for start in stride(from: 0, to: length, by: Int(size)) {
      let stretch = Int64(start)..<min(Int64(start) + size, length)
      while let run = placement.next(in: stretch) { runs.append(run) }
    }
    return runs
  }

  @Test func takesExactlyWhatIsAsked() {
    let kept = runs([Piece(source: 10..<200, output: 0), Piece(source: 300..<305, output: 190)])
    #expect(kept.flatMap { Array($0.source) } == Array(10..<200) + Array(300..<305))
    #expect(kept.allSatisfy { $0.silence == 0 })
  }

  @Test func fillsGapsWithSilence() {
    let kept = runs([Piece(source: 0..<64, output: 100), Piece(source: 64..<128, output: 200)])
    #expect(
      kept == [
        Run(source: 0..<64, output: 100, silence: 0),
        Run(source: 64..<128, output: 164, silence: 36),
      ])
  }

  @Test func isSilentWhereTheSourceHasNothing() {
    // The source begins with 40 and has a hole between 60 and 80.
    var placement = AudioPlacement([Piece(source: 0..<100, output: 0)])
    #expect(placement.next(in: 40..<60) == Run(source: 40..<60, output: 40, silence: 0))
    #expect(placement.next(in: 40..<60) == nil)
    #expect(placement.next(in: 80..<120) == Run(source: 80..<100, output: 60, silence: 20))
    #expect(placement.wanted == nil)
  }

  @Test func dropsWhatRoundingDoubles() {
    let kept = runs([Piece(source: 0..<64, output: 0), Piece(source: 64..<128, output: 63)])
    #expect(kept.map(\.source) == [0..<64, 65..<128])
    #expect(kept.map(\.silence) == [0, 0])
  }

  @Test func waitsForASeekBackwards() {
    var placement = AudioPlacement([
      Piece(source: 500..<510, output: 0), Piece(source: 20..<30, output: 10),
    ])
    #expect(placement.next(in: 500..<564) == Run(source: 500..<510, output: 0, silence: 0))
    #expect(placement.wanted == 20..<30)
    // After the seek.
    #expect(placement.next(in: 0..<64) == Run(source: 20..<30, output: 10, silence: 0))
    #expect(placement.wanted == nil)
  }

  @Test func repeatsWithinAStretch() {
    let kept = runs([Piece(source: 5..<10, output: 0), Piece(source: 7..<12, output: 5)])
    #expect(kept.map(\.source) == [5..<10, 7..<12])
  }
}
