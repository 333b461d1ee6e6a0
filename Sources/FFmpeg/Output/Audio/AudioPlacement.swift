/// Which samples of a source go where: pure arithmetic, in samples of the source's rate.
struct AudioPlacement {
  struct Piece: Equatable {
    var source: Range<Int64>
    var output: Int64
  }

  /// Samples to keep, and the silence to put before them.
  struct Run: Equatable {
    var source: Range<Int64>
    /// Where the silence, or without any the samples, begin in the output.
    var output: Int64
    var silence: Int64
  }

  private var pieces: ArraySlice<Piece>
  /// Where the samples of the first piece that are not there yet begin.
  private var cursor: Int64?
  /// The end of what is put out; nil before the first sample.
  private var written: Int64?

  init(_ pieces: [Piece]) {
    self.pieces = pieces[...]
    settle()
  }

  /// What is left of the piece that is being filled; nil when all are full.
  var wanted: Range<Int64>? {
    pieces.first.map { (cursor ?? $0.source.lowerBound)..<$0.source.upperBound }
  }

  /// The next samples to take from a decoded stretch. Call it with the same stretch until it gives
  /// nil; then the stretch is used up.
  mutating func next(in stretch: Range<Int64>) -> Run? {
    while let piece = pieces.first, let wanted {
      let taken = wanted.clamped(to: stretch)
      if taken.isEmpty {
        // The source has passed the piece, or gone past its end; what was not there is silent.
        guard stretch.lowerBound >= wanted.upperBound else { return nil }
        advance()
        continue
      }
      cursor = taken.upperBound
      if taken.upperBound == piece.source.upperBound { advance() }
      if let run = place(taken, of: piece) { return run }
    }
    return nil
  }

  private mutating func place(_ taken: Range<Int64>, of piece: Piece) -> Run? {
    let output = piece.output + taken.lowerBound - piece.source.lowerBound
    guard let end = written else {
      written = output + Int64(taken.count)
      return Run(source: taken, output: output, silence: 0)
    }
    // Pieces that meet between two samples may overlap by one after rounding.
    let overlap = max(0, end - output)
    guard overlap < Int64(taken.count) else { return nil }
    written = output + Int64(taken.count)
    return Run(
      source: taken.lowerBound + overlap..<taken.upperBound, output: end,
      silence: max(0, output - end))
  }

  private mutating func advance() {
    pieces.removeFirst()
    cursor = nil
    settle()
  }

  private mutating func settle() {
    while let first = pieces.first, first.source.isEmpty { pieces.removeFirst() }
  }
}
