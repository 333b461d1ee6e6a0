/// A published page as one HTML document: styles and script inside, pictures beside it, nothing from
/// anywhere else.
public struct PageDocument {
  let page: PageContents
  let names: [String: String]
  let colors: RecipeColors

  /// Longer names are cut; the address or the title has them whole.
  static let nameLimit = 120

  public init(_ page: PageContents) {
    self.page = page
    colors = RecipeColors(page.recipes.map(\.id))
    names = Dictionary(
      page.recipes.compactMap { recipe in recipe.recipe.map { (recipe.id, $0.name) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The whole document.
  public var text: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    \(head)
    <style>\(PageStyle.text)</style>
    </head>
    <body>
    <a class="skip" href="#variants">Skip to the variants</a>
    \(hero)
    <main>
    \(variants)
    \(recipes)
    \(passes)
    </main>
    <footer><div class="wide small soft">
    <p>Every frame of this video is the hash of its pixels, every pass a commit, every variant a branch. \
    Made with vidgit, without a server. <a href="feed.xml">Feed of the passes</a></p>
    </div></footer>
    <script>\(PageScript.text)</script>
    </body>
    </html>

    """
  }

  // MARK: Words

  /// A stranger's text, cut where it is long.
  static func text(_ text: String) -> String { MarkupText.escaped(text, limit: nameLimit) }

  /// The same inside of a sentence, whose direction it does not change.
  static func name(_ name: String) -> String { "<bdi>\(text(name))</bdi>" }

  static func count(_ number: Int, _ one: String, _ more: String? = nil) -> String {
    "\(number) \(number == 1 ? one : more ?? one + "s")"
  }

  static func anchor(of pass: PagePass) -> String { "pass-\(MarkupText.escaped(pass.commit))" }

  static func short(_ commit: String) -> String { String(commit.prefix(10)) }

  /// What people call a recipe: its name, or the part of the id before the digits.
  func recipeName(_ id: String) -> String {
    names[id] ?? (Recipe.isID(id) ? String(id.dropLast(Recipe.idDigits + 1)) : id)
  }

  func swatch(_ id: String) -> String {
    "<svg viewBox=\"0 0 8 8\" aria-hidden=\"true\"><rect width=\"8\" height=\"8\" fill=\""
      + colors.hex(of: id) + "\"/></svg>"
  }

  /// The picture in the tab of a browser.
  public static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#17140f"/>\
    <path d="M8 7v10a6 6 0 0 0 6 6h3M8 13h9" fill="none" stroke="#f5b47c" stroke-width="3"/>\
    <circle cx="8" cy="6" r="3" fill="#f4efe7"/><circle cx="21" cy="13" r="3.5" fill="#3d8fd1"/>\
    <circle cx="21" cy="23" r="3.5" fill="#f5b47c"/></svg>

    """
}
