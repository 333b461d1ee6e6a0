/// Frames as people list them: "0,100,250,300..310".
public struct FrameList: Hashable, Sendable {
  public static let maximumItems = 10_000

  /// What the user wrote.
  public let text: String
  public let items: [RangeExpression]

  /// - Throws: with the column and what was expected.
  public init(parsing text: String) throws(ModelError) {
    self.text = text
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count <= Self.maximumItems else {
      throw ModelError("list of frames", reason: "more than \(Self.maximumItems) items")
    }
    var items: [RangeExpression] = []
    var column = 1
    for part in parts {
      guard !part.isEmpty else {
        throw ModelError(
          "list of frames", column: column, reason: "a frame number or a range is expected here")
      }
      items.append(try RangeExpression(parsing: String(part)))
      column += part.unicodeScalars.count + 1
    }
    self.items = items
  }

  /// These ranges as one list.
  public init(_ items: [RangeExpression]) {
    text = items.map(\.text).joined(separator: ",")
    self.items = items
  }

  /// The frames in order, each once, as ranges that neither touch nor overlap.
  ///
  /// - Throws: where an item reaches beyond the timeline.
  public func resolve(in times: FrameTimes) throws(ModelError) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for item in items { ranges.append(try item.resolve(in: times)) }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    var merged: [Range<Int>] = []
    for range in ranges {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
