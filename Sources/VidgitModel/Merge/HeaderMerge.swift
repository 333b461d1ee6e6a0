/// A three-way merge of video.json, key by key.
public struct HeaderMerge: Sendable {
  /// Ours where there is a conflict.
  public let header: Header
  /// Keys that both sides have changed, and not in the same way.
  public let conflicts: [String]

  /// - Parameter side: whose value is taken where both have changed one; nil lists a conflict.
  /// - Throws: where the merged keys do not make a header.
  public init(
    base: Header, ours: Header, theirs: Header, favouring side: TimelineMerge.Side? = nil
  ) throws(ModelError) {
    let before = base.json.object!
    let their = theirs.json.object!
    var merged = ours.json.object!
    var conflicts: [String] = []
    for key in merged.keys + their.keys.filter({ merged[$0] == nil }) {
      guard merged[key] != their[key], their[key] != before[key] else { continue }
      if merged[key] == before[key] || side == .theirs {
        merged[key] = their[key]
      } else if let list = Self.union(before[key], merged[key], their[key]) {
        merged[key] = list
      } else if side == nil {
        conflicts.append(key)
      }
    }
    self.conflicts = conflicts
    header = try Header(json: .object(merged))
  }

  /// Two lists that both only grew (the sounds of two splices, two stores) become one.
  private static func union(
    _ base: JSONValue?, _ ours: JSONValue?, _ theirs: JSONValue?
  ) -> JSONValue? {
    guard let ours = ours?.array, let theirs = theirs?.array else { return nil }
    let base = base?.array ?? []
    guard base.allSatisfy({ ours.contains($0) && theirs.contains($0) }) else { return nil }
    // A pair of numbers is no list: a timebase has no union.
    guard (ours + theirs).allSatisfy({ $0.int == nil }) else { return nil }
    return .array(ours + theirs.filter { !ours.contains($0) })
  }
}
