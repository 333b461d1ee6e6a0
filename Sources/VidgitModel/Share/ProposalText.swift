/// The text of a pull request: what a variant changes, for people who decide about it.
public struct ProposalText {
  /// One run of frames.
  public struct Row: Sendable {
    /// "300..600", "0:10.000..0:20.000"
    public let frames: String
    public let times: String
    /// "changed", "added", ...
    public let what: String
    public let before: [String]
    public let after: [String]

    public init(frames: String, times: String, what: String, before: [String], after: [String]) {
      (self.frames, self.times, self.what) = (frames, times, what)
      (self.before, self.after) = (before, after)
    }
  }

  public var changed: Int
  public var total: Int
  public var rows: [Row]
  /// Id, and the recipe in one line.
  public var recipes: [(id: String, text: String)]
  public var costs: [PassCost]
  /// The address of the contact sheet; nil where there is none.
  public var sheet: String?
  /// The user's own words, in Markdown.
  public var message: String

  private static let mostRows = 20
  /// GitHub takes 65,536 characters.
  private static let mostText = 2000

  public init(
    changed: Int, total: Int, rows: [Row], recipes: [(id: String, text: String)],
    costs: [PassCost], sheet: String?, message: String
  ) {
    (self.changed, self.total, self.rows) = (changed, total, rows)
    (self.recipes, self.costs, self.sheet) = (recipes, costs, sheet)
    self.message = message
  }

  /// In GitHub's Markdown.
  public var markdown: String {
    var text = message.isEmpty ? "" : message + "\n\n"
    text += "\(Self.mark)\n"
    text += "\(changed) of \(total) frames differ.\n\n"
    if let sheet { text += "![Before and after](\(sheet))\n\n" }
    text += "| frames | time | | before | after |\n|---|---|---|---|---|\n"
    for row in rows.prefix(Self.mostRows) {
      text +=
        "| \(row.frames) | \(row.times) | \(row.what) | \(Self.chain(row.before)) | "
        + "\(Self.chain(row.after)) |\n"
    }
    if rows.count > Self.mostRows { text += "\nand \(rows.count - Self.mostRows) more runs\n" }
    if !recipes.isEmpty {
      text += "\n**Recipes**\n\n"
      for recipe in recipes.prefix(Self.mostRows) {
        text += "- \(Self.code(recipe.id)): \(Self.code(recipe.text))\n"
      }
    }
    if !costs.isEmpty {
      text += "\n**Cost**\n\n"
      for cost in costs {
        text += "- \(cost.amount)"
        if let recipe = cost.recipe { text += " for \(Self.code(recipe))" }
        if let calls = cost.calls { text += ", \(calls) calls" }
        text += "\n"
      }
    }
    text +=
      "\nLook at it with `vidgit review` and the number of this pull request, take it in with "
      + "`vidgit merge`.\n"
    return text
  }

  /// What comes before it is the user's; GitHub does not show it.
  private static let mark = "<!-- vidgit -->"

  /// The user's own words in a text that was made here.
  public static func message(in markdown: String) -> String {
    guard let mark = markdown.firstRange(of: mark) else { return "" }
    var words = String(markdown[..<mark.lowerBound])
    while let last = words.last, last.isWhitespace { words.removeLast() }
    return words
  }

  private static func chain(_ recipes: [String]) -> String {
    recipes.isEmpty ? "source" : recipes.map(code).joined(separator: " ")
  }

  /// Text as code, whatever is in it: no link, picture, mention or row comes of it.
  static func code(_ text: String) -> String {
    var clean = TerminalText.escaped(text).replacing("|", with: "\u{a6}")
    if clean.count > mostText { clean = clean.prefix(mostText) + "..." }
    var (run, longest) = (0, 0)
    for character in clean {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return longest == 0 ? "`\(clean)`" : "\(fence) \(clean) \(fence)"
  }
}
