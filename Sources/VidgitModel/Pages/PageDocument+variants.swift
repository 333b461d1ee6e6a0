extension PageDocument {
  /// The video itself: its name, the variant that all others are compared with, the facts.
  var hero: String {
    guard let first = page.variants.first else { return "" }
    let facts = page.facts.map { fact in
      let isDigest = fact.value.utf8.count == 2 * Digest.byteCount
      return
        "<div\(fact.value.count + fact.more.count > 14 ? " class=\"long\"" : "")><dt>\(Self.text(fact.name))</dt>"
        + "<dd\(isDigest ? " class=\"mono\"" : "")>\(value(fact))</dd></div>"
    }
    let links =
      page.variants.dropFirst().map {
        "<a href=\"#\(Self.anchor(of: $0))\">\(Self.name($0.name))</a>"
      } + ["<a href=\"#recipes\">Recipes</a>", "<a href=\"#passes\">Passes</a>"]
    let variants =
      page.variants.count == 1
      ? "One variant so far" : "\(page.variants.count) variants of one video"
    return """
      <div class="hero"><div class="film"></div><div class="wide">
      <p class="eyebrow">\(variants)</p>
      <h1 dir="auto">\(Self.text(page.title))</h1>
      <p class="lead">\(Self.count(first.frames, "frame")), \(Self.text(first.length)), \
      \(Self.count(page.passes.count, "pass", "passes")). You see \(Self.name(first.name)).</p>
      <div class="stage\(first.pictures?.isTall == true ? " tall" : "")">
      <div>\(first.pictures.map { "<div class=\"screen\">\(clip(first, $0))</div>" } ?? Self.missing)
      \(track(first))</div>
      <div><dl class="facts">
      \(facts.joined(separator: "\n"))
      </dl>
      <nav class="jump" aria-label="On this page">\(links.joined(separator: "\n"))</nav></div>
      </div>
      </div><div class="film"></div></div>
      """
  }

  var variants: String {
    let others = page.variants.dropFirst()
    let cards =
      others.isEmpty
      ? "<p class=\"none\">There is no other variant yet: "
        + "<code>vidgit filter RECIPE -b NAME</code> makes one.</p>"
      : others.map(card).joined(separator: "\n")
    return """
      <section id="variants" aria-labelledby="variants-title"><div class="wide">
      <h2 id="variants-title">Variants</h2>
      \(cards)
      </div></section>
      """
  }

  static func anchor(of variant: PageVariant) -> String {
    "variant-\(MarkupText.escaped(variant.folder))"
  }

  private func value(_ fact: PageFact) -> String {
    let text = "<bdi>\(MarkupText.escaped(fact.value, limit: 300))</bdi>"
    let more = fact.more.isEmpty ? "" : ", \(Self.text(fact.more))"
    guard let link = fact.link, MarkupText.isWebAddress(link) else { return text + more }
    return
      "<a rel=\"noopener noreferrer nofollow\" href=\"\(MarkupText.escaped(link))\">\(text)</a>\(more)"
  }

  private func card(_ variant: PageVariant) -> String {
    let anchor = Self.anchor(of: variant)
    var looks = Self.missing
    if let pictures = variant.pictures {
      let wipe = pictures.before.map { self.wipe(variant, pictures, before: $0) } ?? ""
      looks = """
        <div class="looks \(wipe.isEmpty ? "one" : "two")\(pictures.isTall ? " tall" : "")">\(wipe)
        <div class="clip">\(clip(variant, pictures))
        <p class="caption">A short clip, without sound</p></div>
        </div>
        """
    }
    let changes = variant.changes.map { Self.text($0) }.joined(separator: ", ")
    return """
      <article class="card" id="\(anchor)" aria-labelledby="\(anchor)-title">
      <header><h3 id="\(anchor)-title">\(Self.name(variant.name))</h3>
      <p class="soft small">\(changes.isEmpty ? "the same frames" : changes) · \
      <span class="mono">\(Self.text(Self.short(variant.commit)))</span></p></header>
      \(looks)
      \(track(variant))
      </article>
      """
  }

  private static let missing =
    "<p class=\"none\">The pixels of this variant were not at hand where the page was made, "
    + "so there are no pictures.</p>"

  private func clip(_ variant: PageVariant, _ pictures: PageVariant.Pictures) -> String {
    """
    <video controls loop muted playsinline preload="none" width="\(pictures.clipWidth)" \
    height="\(pictures.clipHeight)" poster="\(MarkupText.escaped(pictures.poster))" \
    aria-label="A short clip of \(Self.text(variant.name))"><source \
    src="\(MarkupText.escaped(pictures.clip))" type="video/mp4"></video>
    """
  }

  private func wipe(
    _ variant: PageVariant, _ pictures: PageVariant.Pictures, before: String
  ) -> String {
    let (old, new) = (page.variants[0].name, variant.name)
    func figure(_ side: String, _ file: String, _ name: String) -> String {
      "<figure class=\"\(side)\"><img src=\"\(MarkupText.escaped(file))\" width=\"\(pictures.width)\" "
        + "height=\"\(pictures.height)\" loading=\"lazy\" decoding=\"async\" alt=\"\(Self.text(name)) at "
        + "\(Self.text(pictures.time))\"><figcaption>\(Self.name(name))</figcaption></figure>"
    }
    return """
      <div><div class="wipe">
      \(figure("before", before, old))
      \(figure("after", pictures.poster, new))
      <label class="control"><span class="hidden">Wipe between \(Self.text(old)) and \
      \(Self.text(new))</span><input type="range" min="0" max="100" value="50" disabled \
      data-before="\(Self.text(old))" data-after="\(Self.text(new))"></label>
      </div>
      <p class="caption">Frame \(pictures.frame) at \(Self.text(pictures.time)), before and after</p></div>
      """
  }

  private func track(_ variant: PageVariant) -> String {
    let strip = variant.strip
    let label =
      "Timeline of \(variant.name): \(strip.filtered) of \(Self.count(variant.frames, "frame")) "
      + "carry a recipe"
    let used = strip.recipes.sorted {
      $0.value != $1.value
        ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
    }
    let legend = used.map { id, count in
      "<li>\(swatch(id))<a href=\"#recipe-\(MarkupText.escaped(id))\">"
        + "\(Self.name(recipeName(id)))</a> <span class=\"soft\">"
        + "\(Self.count(count, "frame"))</span></li>"
    }
    return """
      <div class="track">
      \(strip.svg(label: MarkupText.cut(label, Self.nameLimit + 80), colors: colors, name: recipeName))
      <div class="ends"><span>0:00.000</span><span>\(Self.text(variant.length))</span></div>
      \(legend.isEmpty ? "<p class=\"small soft\">No frame carries a recipe.</p>" : "<ul class=\"legend\">\(legend.joined(separator: "\n"))</ul>")
      </div>
      """
  }
}
