/// The name of a shard as a place in the order of play: "000042.jsonl", or "000042-5.jsonl" for
/// one that was put between 000041 and 000042.
///
/// File names sort by their bytes, and "-" sorts before ".", so "000042-5.jsonl" stands between
/// "000041.jsonl" and "000042.jsonl": as a number it is 41.5. Between any two names there is room
/// for more, so that an insertion renames no other shard.
struct ShardName: Hashable, Comparable, Sendable {
  /// The place times ten to the power of `maximumDigits`.
  private let scaled: Int128

  static let maximumDigits = 28
  private static let unit = power(maximumDigits)

  private init(scaled: Int128) { self.scaled = scaled }

  init(whole: Int) { scaled = Int128(whole) * Self.unit }

  /// Reads a name with or without its folder; `nil` for any other name.
  init?(_ path: String) {
    let folder = FileNames.framesFolder
    let file = path.hasPrefix(folder) ? path.dropFirst(folder.count) : path[...]
    guard file.hasSuffix(".jsonl") else { return nil }
    let parts = file.dropLast(6).split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts[0].utf8.count == 6,
      parts.allSatisfy({ $0.utf8.allSatisfy(\.isASCIIDigit) }), let whole = Int(parts[0])
    else { return nil }
    guard parts.count == 2 else {
      self.init(whole: whole)
      return
    }
    // Without a zero at the end, so that each place has one name.
    let digits = parts[1]
    guard (1...Self.maximumDigits).contains(digits.utf8.count), digits.last != "0",
      let fraction = Int128(digits)
    else { return nil }
    self.init(
      scaled: Int128(whole - 1) * Self.unit
        + fraction * Self.power(Self.maximumDigits - digits.utf8.count))
  }

  /// "frames/000042-5.jsonl"
  var path: String {
    // The floor, since the places before the first shard are below zero.
    let below = scaled >= 0 ? scaled / Self.unit : (scaled - Self.unit + 1) / Self.unit
    let fraction = scaled - below * Self.unit
    guard fraction > 0 else { return Shard.name(Int(below)) }
    var digits = String(fraction)
    digits = String(repeating: "0", count: Self.maximumDigits - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    return String(Shard.name(Int(below) + 1).dropLast(6)) + "-\(digits).jsonl"
  }

  static func < (left: ShardName, right: ShardName) -> Bool { left.scaled < right.scaled }

  /// `count` names in order between two others; an end that is `nil` is open.
  ///
  /// Whole numbers where they suffice, else the shortest fractions, evenly spread. `nil` where
  /// there is no room left, which takes thousands of insertions at one place.
  static func between(_ lower: ShardName?, _ upper: ShardName?, count: Int) -> [ShardName]? {
    let low = lower?.scaled ?? -unit
    let high = upper?.scaled ?? Int128(Shard.maximumCount) * unit
    for digits in 0...maximumDigits {
      let step = power(maximumDigits - digits)
      // Multiples of the step strictly between the two.
      let first = floor(low, step) + 1
      let end = upper == nil ? high / step : ceiling(high, step)
      guard end - first >= Int128(count) else { continue }
      // Whole numbers follow each other; fractions leave room on both sides.
      if digits == 0 { return (0..<count).map { ShardName(scaled: (first + Int128($0)) * step) } }
      let room = end - first + 1
      return (1...max(1, count)).prefix(count).map {
        ShardName(scaled: (first - 1 + room * Int128($0) / Int128(count + 1)) * step)
      }
    }
    return nil
  }

  private static func floor(_ value: Int128, _ step: Int128) -> Int128 {
    value >= 0 ? value / step : -((-value + step - 1) / step)
  }

  private static func ceiling(_ value: Int128, _ step: Int128) -> Int128 {
    -floor(-value, step)
  }

  private static func power(_ exponent: Int) -> Int128 {
    (0..<exponent).reduce(Int128(1)) { value, _ in value * 10 }
  }
}

extension Shard {
  /// Whether vidgit would give a shard this name, with or without the folder.
  public static func isName(_ path: String) -> Bool { ShardName(path) != nil }
}
