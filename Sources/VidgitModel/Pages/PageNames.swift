/// Names for the folders of variants: safe on every disk and in every address, each one once.
public struct PageNames {
  private var taken: Set<String> = []

  public init() {}

  /// A name as close to `text` as can be: "feature/noir" gives "feature-noir". Two that differ in
  /// capitals alone are told apart, since not every disk does.
  public mutating func name(for text: String) -> String {
    let hasLetters = text.utf8.contains { $0.isASCIIAlphanumeric }
    let base = hasLetters ? FileNames.safe(text) : "variant"
    var name = base
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      name = "\(base)-\(number)"
      number += 1
    }
    return name
  }
}
