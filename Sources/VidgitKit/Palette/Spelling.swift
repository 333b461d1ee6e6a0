/// Guesses what somebody meant to write.
public enum Spelling {
  /// Up to three of `names` that are a slip or two away from `text`, the closest first.
  public static func close(to text: String, in names: [String]) -> [String] {
    guard text.count <= 40 else { return [] }
    let limit = max(1, min(2, text.count / 3))
    return names.map { (name: $0, distance: distance(Array(text.lowercased()), Array($0))) }
      .filter { $0.distance <= limit }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(3).map(\.name)
  }

  /// Letters put in, left out, changed, or swapped with their neighbour (optimal string alignment).
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
