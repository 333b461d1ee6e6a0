extension PageDocument {
  /// Longer files are only led to.
  private static let longestShown = 1 << 14

  var recipes: String {
    let cards =
      page.recipes.isEmpty
      ? "<p class=\"none\">No frame carries a recipe.</p>"
      : "<div class=\"recipes\">\(page.recipes.map(card).joined(separator: "\n"))</div>"
    return """
      <section id="recipes" aria-labelledby="recipes-title"><div class="wide">
      <h2 id="recipes-title">Recipes</h2>
      \(cards)
      </div></section>
      """
  }

  private func card(_ item: PageRecipe) -> String {
    let anchor = "recipe-\(MarkupText.escaped(item.id))"
    let heading = """
      <article class="card recipe" id="\(anchor)" aria-labelledby="\(anchor)-title">
      <h3 id="\(anchor)-title">\(swatch(item.id))\(Self.name(recipeName(item.id)))</h3>
      <p class="soft small mono">\(Self.text(item.id))</p>
      """
    guard let recipe = item.recipe else {
      return heading + "<p class=\"small\">The repository does not hold this recipe.</p></article>"
    }
    let scope = recipe.scope == .frame ? "sees single frames" : "sees runs of frames"
    let bytes = recipe.fileBytes()
    let json =
      bytes.count > Self.longestShown
      ? "" : "<pre>\(MarkupText.escapedLines(String(decoding: bytes, as: UTF8.self)))</pre>"
    return heading + """
      <p class="small">Engine \(Self.name(recipe.engine.name)), \(scope)</p>
      <code class="what" tabindex="0" role="region" aria-label="What \(Self.text(recipeName(item.id))) does">\(MarkupText.escaped(GraphNotation.text(of: recipe), limit: 4_000))</code>
      <details><summary>The recipe as JSON</summary>\(json)
      <a class="small" href="\(MarkupText.escaped(item.file))">\(MarkupText.escaped(item.file))</a></details>
      </article>
      """
  }
}
