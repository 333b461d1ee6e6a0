/// A stretch of a new timeline.
public enum TimelinePiece: Hashable, Sendable {
  /// Lines of the old timeline, as they are.
  case old(Range<Int>)
  /// Lines that are new or changed.
  case new([FrameLine])

  public var count: Int {
    switch self {
    case .old(let range): range.count
    case .new(let lines): lines.count
    }
  }
}

extension [TimelinePiece] {
  /// Lines of the new timeline.
  public var lineCount: Int { reduce(0) { $0 + $1.count } }

  /// Without empty pieces, and with neighbours joined where they follow each other.
  public var joined: [TimelinePiece] {
    var result: [TimelinePiece] = []
    for piece in self where piece.count > 0 {
      switch (result.last, piece) {
      case (.old(let before)?, .old(let range)) where before.upperBound == range.lowerBound:
        result[result.count - 1] = .old(before.lowerBound..<range.upperBound)
      case (.new(let before)?, .new(let lines)):
        result[result.count - 1] = .new(before + lines)
      default: result.append(piece)
      }
    }
    return result
  }
}
