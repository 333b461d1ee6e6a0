extension PageDocument {
  /// Passes that the page lists; the repository has all.
  public static let mostPasses = 200
  /// Variants that it names for each.
  static let mostPlaces = 8

  var passes: String {
    let shown = page.passes.prefix(Self.mostPasses)
    let list =
      shown.isEmpty
      ? "<p class=\"none\">No pass has been made.</p>"
      : "<ol class=\"passes\">\(shown.map(item).joined(separator: "\n"))</ol>"
    let rest =
      shown.count < page.passes.count
      ? "<p class=\"soft\">The newest \(shown.count) of \(page.passes.count). "
        + "<code>vidgit log</code> tells all.</p>" : ""
    return """
      <section id="passes" aria-labelledby="passes-title"><div class="wide">
      <h2 id="passes-title">Passes</h2>
      \(list)\(rest)
      </div></section>
      """
  }

  private func item(_ pass: PagePass) -> String {
    let subject = pass.subject.isEmpty ? pass.trailers.pass : pass.subject
    let recipes = pass.trailers.recipes.map { id in
      let text = swatch(id) + Self.text(recipeName(id))
      guard page.recipes.contains(where: { $0.id == id }) else {
        return "<span class=\"chip\">\(text)</span>"
      }
      return "<a class=\"chip\" href=\"#recipe-\(MarkupText.escaped(id))\">\(text)</a>"
    }
    let words = Self.words(pass, withRecipes: false).map {
      "<span class=\"chip\">\(Self.text($0))</span>"
    }
    let more = pass.variants.count - Self.mostPlaces
    let places =
      pass.variants.prefix(Self.mostPlaces).map { Self.name($0) }.joined(separator: ", ")
      + (more > 0 ? " and \(more) more" : "")
    return """
      <li id="\(Self.anchor(of: pass))"><h3>\(Self.name(subject))</h3>
      <p class="soft small"><time datetime="\(AtomFeed.timestamp(pass.time))">\(AtomFeed.date(pass.time))</time> · \
      \(Self.name(pass.author)) · <span class="mono">\(Self.text(Self.short(pass.commit)))</span>\
      \(places.isEmpty ? "" : " · in \(places)")</p>
      <p class="said">\((recipes + words).joined(separator: "\n"))</p></li>
      """
  }

  /// What a pass did, in words: "filter", "10s..20s", "300 frames made, 12 reused", "0.69 USD".
  static func words(_ pass: PagePass, withRecipes: Bool = true) -> [String] {
    let trailers = pass.trailers
    var words = [trailers.pass]
    if withRecipes { words += trailers.recipes }
    if let range = trailers.range { words.append(range) }
    if trailers.made > 0 || trailers.reused > 0 {
      let reused = trailers.reused > 0 ? ", \(trailers.reused) reused" : ""
      words.append("\(count(trailers.made, "frame")) made\(reused)")
    }
    words += trailers.costs.map { "\($0.amount)" }
    if let engine = trailers.engine { words.append(engine) }
    return words
  }
}
