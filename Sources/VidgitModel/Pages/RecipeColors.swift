/// The colours by which a page shows its recipes: taken from their ids, so that a recipe looks the same
/// on every page, and moved on only where two of one page would look alike.
struct RecipeColors {
  private var colors: [String: String] = [:]

  /// Neighbouring hues are hard to tell apart: steps of 15 degrees.
  private static let hues = 24

  init(_ ids: [String]) {
    let sorted = ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    // How many steps lie between two colours at least; none where there are too many.
    let distance = max(0, min(3, Self.hues / 2 / max(1, sorted.count)))
    var taken: [Int] = []
    for id in sorted {
      let (hue, lightness) = Self.own(id)
      let tries = (0..<Self.hues).map { (hue + 7 * $0) % Self.hues }
      let free = tries.first { hue in
        taken.allSatisfy { min(abs($0 - hue), Self.hues - abs($0 - hue)) >= distance }
      }
      taken.append(free ?? hue)
      colors[id] = Self.hex(hue: (free ?? hue) * 15, saturation: 62, lightness: lightness)
    }
  }

  /// "#3d8fd1", told apart from a white and from a black page alike.
  func hex(of id: String) -> String {
    if let color = colors[id] { return color }
    let (hue, lightness) = Self.own(id)
    return Self.hex(hue: hue * 15, saturation: 62, lightness: lightness)
  }

  private static func own(_ id: String) -> (hue: Int, lightness: Int) {
    let bytes = Digest(of: Array(id.utf8)).withBytes { ($0[0], $0[1]) }
    return (Int(bytes.0) % hues, [44, 52, 60][Int(bytes.1) % 3])
  }

  /// - Parameters:
  ///   - hue: degrees, 0 to 359.
  ///   - saturation: per cent, as `lightness`.
  static func hex(hue: Int, saturation: Int, lightness: Int) -> String {
    let light = Double(lightness) / 100
    let chroma = Double(saturation) / 100 * min(light, 1 - light)
    let digits = Array("0123456789abcdef")
    var text = "#"
    for offset in [0, 8, 4] {
      let place = (Double(offset) + Double(hue) / 30).truncatingRemainder(dividingBy: 12)
      let value = light - chroma * max(-1, min(place - 3, 9 - place, 1))
      let byte = Int((value * 255).rounded())
      text.append(digits[byte >> 4])
      text.append(digits[byte & 15])
    }
    return text
  }
}
