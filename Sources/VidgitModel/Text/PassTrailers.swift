/// What a pass says about itself at the end of its commit's message, as Git trailers.
public struct PassTrailers: Hashable, Sendable {
  /// The operation: "filter", "cut", ...
  public var pass: String
  /// Recipe ids in the order applied.
  public var recipes: [String]
  /// The range as the user wrote it; `nil` for the whole timeline.
  public var range: String?
  /// Frames that were computed.
  public var made: Int
  /// Frames whose result was known already.
  public var reused: Int
  /// The engine with its version, such as "libavfilter 8.44.100".
  public var engine: String?
  /// What the pass cost, for each recipe that cost something.
  public var costs: [PassCost]
  /// The id in hex of the commit that an undo takes back.
  public var undoes: String?

  public init(
    pass: String, recipes: [String] = [], range: String? = nil, made: Int = 0, reused: Int = 0,
    engine: String? = nil, costs: [PassCost] = [], undoes: String? = nil
  ) {
    self.pass = pass
    self.recipes = recipes
    self.range = range
    self.made = made
    self.reused = reused
    self.engine = engine
    self.costs = costs
    self.undoes = undoes
  }

  /// The commit says where objects and media can be fetched, and changes no frame: for people it is
  /// no pass.
  public var namesPlacesOnly: Bool { ["publish", "store"].contains(pass) }

  /// `text` (a subject, and perhaps a body) with the trailers at its end.
  ///
  /// - Throws: where a value holds a line break or another control character, or `text` is empty.
  public func message(_ text: String) throws(ModelError) -> String {
    var message = text
    while let last = message.last, last.isWhitespace { message.removeLast() }
    guard !message.isEmpty else {
      throw ModelError("commit message", reason: "the message is empty")
    }
    // Trailers of the user's own, such as Signed-off-by, make one block with these.
    message += TrailerBlock(message).lines.isEmpty ? "\n\n" : "\n"
    for (key, value) in try lines() { message += "\(key): \(value)\n" }
    return message
  }

  private func lines() throws(ModelError) -> [(String, String)] {
    var lines = [("Vidgit-Pass", pass)]
    lines += recipes.map { ("Vidgit-Recipe", $0) }
    if let range { lines.append(("Vidgit-Range", range)) }
    if made > 0 || reused > 0 {
      lines.append(("Vidgit-Frames", "made=\(made), reused=\(reused)"))
    }
    if let engine { lines.append(("Vidgit-Engine", engine)) }
    lines += costs.map { ("Vidgit-Cost", $0.text) }
    if let undoes { lines.append(("Vidgit-Undoes", undoes)) }
    for (key, value) in lines {
      guard !value.isEmpty, value.first != " ", value.last != " ",
        value.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
      else {
        throw ModelError(
          "trailer \(key)", reason: "the value is empty, or holds a line break or edge space")
      }
    }
    return lines
  }

  /// Reads the trailers of a commit's message; `nil` where it has no `Vidgit-Pass`.
  ///
  /// A stranger may have written the message: what does not parse is left at its default.
  public init?(parsing message: String) {
    let trailers = TrailerBlock(message).lines
    func values(_ key: String) -> [String] {
      trailers.filter { $0.key.lowercased() == key }.map(\.value)
    }
    guard let pass = values("vidgit-pass").last else { return nil }
    self.init(
      pass: pass, recipes: values("vidgit-recipe").filter { Recipe.isID($0) },
      range: values("vidgit-range").last, engine: values("vidgit-engine").last,
      costs: values("vidgit-cost").compactMap(PassCost.init(text:)),
      undoes: values("vidgit-undoes").last)
    for part in (values("vidgit-frames").last ?? "").split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1).map { String($0.filter { $0 != " " }) }
      guard pair.count == 2, let count = Int(pair[1]), count >= 0 else { continue }
      if pair[0] == "made" { made = count }
      if pair[0] == "reused" { reused = count }
    }
  }
}

/// The trailers of a message by the rules of `git interpret-trailers`: the last paragraph, unless
/// it is the first, where all of its lines are trailers, or a quarter are and Git made one of them.
struct TrailerBlock {
  private(set) var lines: [(key: String, value: String)] = []

  init(_ message: String) {
    let all = message.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.last == "\r" ? $0.dropLast() : $0
    }
    let isBlank: (Substring) -> Bool = { $0.allSatisfy { $0 == " " || $0 == "\t" } }
    guard let last = all.lastIndex(where: { !isBlank($0) }) else { return }
    guard let blank = all[...last].lastIndex(where: isBlank),
      all[..<blank].contains(where: { !isBlank($0) })
    else { return }
    var others = 0
    var picked = 0
    var hasGitsOwn = false
    for line in all[(blank + 1)...last] where !line.hasPrefix("#") {
      if line.hasPrefix("(cherry picked from commit ") {
        hasGitsOwn = true
        picked += 1
      } else if line.first == " " || line.first == "\t" {
        continueLast(line, &others)
      } else if let (key, value) = Self.trailer(line) {
        hasGitsOwn = hasGitsOwn || key == "Signed-off-by"
        lines.append((key, value))
      } else {
        others += 1
      }
    }
    if others > 0, !hasGitsOwn || (lines.count + picked) * 3 < others { lines = [] }
  }

  private mutating func continueLast(_ line: Substring, _ others: inout Int) {
    guard !lines.isEmpty else {
      others += 1
      return
    }
    lines[lines.count - 1].value += " " + Self.trimmed(line)
  }

  private static func trailer(_ line: Substring) -> (String, String)? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let key = trimmed(line[..<colon])
    guard !key.isEmpty,
      key.utf8.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") })
    else { return nil }
    return (key, trimmed(line[line.index(after: colon)...]))
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let end = text.lastIndex { !isSpace($0) }
    return end.map { String(text[...$0].drop(while: isSpace)) } ?? ""
  }
}
