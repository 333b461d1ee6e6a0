/// A timeline as a strip: which stretches of it carry which recipes.
public struct TimelineStrip: Sendable {
  /// Neighbouring frames with the same recipes.
  public struct Run: Hashable, Sendable {
    /// Ticks, half open.
    public var start: Int64
    public var end: Int64
    /// Recipe ids in the order applied.
    public var filters: [String]
    /// Stretches too short to draw were put together: this is what most of it carries.
    public var isMixed = false
  }

  /// The rectangles that a drawing has at the most.
  public static let mostRectangles = 400
  /// The recipes of one run that are drawn, one below the other.
  public static let mostBands = 4

  /// In order, without gaps.
  public let runs: [Run]
  /// How many frames carry each recipe.
  public let recipes: [String: Int]
  /// Frames that carry any.
  public let filtered: Int
  /// Ticks of `timebase`, which is in seconds a tick.
  public let length: Int64
  public let timebase: Rational

  /// - Parameter times: of the same lines.
  public init(_ lines: [FrameLine], _ times: FrameTimes) {
    var runs: [Run] = []
    var recipes: [String: Int] = [:]
    var filtered = 0
    for (index, line) in lines.enumerated() {
      if runs.last?.filters == line.filters {
        runs[runs.count - 1].end = times.starts[index + 1]
      } else {
        runs.append(
          Run(start: times.starts[index], end: times.starts[index + 1], filters: line.filters))
      }
      if !line.filters.isEmpty { filtered += 1 }
      for id in Set(line.filters) { recipes[id, default: 0] += 1 }
    }
    let bands = min(Self.mostBands, runs.map(\.filters.count).max() ?? 1)
    self.runs = Self.merged(runs, most: Self.mostRectangles / max(1, bands), length: times.length)
    self.recipes = recipes
    self.filtered = filtered
    length = times.length
    timebase = times.timebase
  }

  /// Puts short runs together until there are at most `most`: the strip is cut into that many equal
  /// parts, and each shows what covers the most of it.
  private static func merged(_ runs: [Run], most: Int, length: Int64) -> [Run] {
    guard runs.count > most else { return runs }
    var parts: [Run] = []
    var first = 0
    for part in 0..<most {
      let start = Int64(Int128(length) * Int128(part) / Int128(most))
      let end = Int64(Int128(length) * Int128(part + 1) / Int128(most))
      guard end > start else { continue }
      while runs[first].end <= start { first += 1 }
      var shares: [[String]: Int64] = [:]
      var place = first
      while place < runs.count, runs[place].start < end {
        let share = min(end, runs[place].end) - max(start, runs[place].start)
        shares[runs[place].filters, default: 0] += share
        place += 1
      }
      let widest = shares.max {
        $0.value != $1.value
          ? $0.value < $1.value : $0.key.lexicographicallyPrecedes($1.key)
      }
      let run = Run(
        start: start, end: end, filters: widest?.key ?? [], isMixed: shares.count > 1)
      if let last = parts.last, last.filters == run.filters {
        parts[parts.count - 1].end = end
        parts[parts.count - 1].isMixed = last.isMixed || run.isMixed
      } else {
        parts.append(run)
      }
    }
    return parts
  }
}

extension TimelineStrip {
  /// The strip as an `svg` element, as wide as its place.
  ///
  /// - Parameters:
  ///   - label: what it shows, for those who do not see it.
  ///   - name: what people call a recipe.
  func svg(label: String, colors: RecipeColors, name: (String) -> String) -> String {
    var text =
      "<svg class=\"strip\" viewBox=\"0 0 1000 24\" preserveAspectRatio=\"none\" role=\"img\" "
      + "aria-label=\"\(MarkupText.escaped(label))\">\n"
    for run in runs {
      let (left, right) = (place(run.start), place(run.end))
      let chain = run.filters.isEmpty ? "as filmed" : run.filters.map(name).joined(separator: ", ")
      let (start, end) = (FrameTimes.text(run.start, timebase), FrameTimes.text(run.end, timebase))
      let title = "\(start) to \(end): \(run.isMixed ? "mostly " : "")\(chain)"
      text += "<g><title>\(MarkupText.escaped(title))</title>"
      let bands = run.filters.suffix(Self.mostBands)
      for (index, id) in bands.enumerated() {
        let (top, bottom) = (24 * index / bands.count, 24 * (index + 1) / bands.count)
        text += Self.rectangle(left, right, top, bottom, "fill=\"\(colors.hex(of: id))\"")
      }
      if bands.isEmpty { text += Self.rectangle(left, right, 0, 24, "class=\"plain\"") }
      text += "</g>\n"
    }
    return text + "</svg>"
  }

  /// Tenths of a unit from the left edge; there are 1,000 units.
  private func place(_ ticks: Int64) -> Int {
    Int(Int128(ticks) * 10_000 / Int128(max(1, length)))
  }

  private static func rectangle(
    _ left: Int, _ right: Int, _ top: Int, _ bottom: Int, _ paint: String
  ) -> String {
    func units(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }
    // What is there can be seen, however short it is.
    let width = max(8, right - left)
    return "<rect x=\"\(units(min(left, 10_000 - width)))\" y=\"\(top)\" width=\"\(units(width))\" "
      + "height=\"\(bottom - top)\" \(paint)/>"
  }
}
