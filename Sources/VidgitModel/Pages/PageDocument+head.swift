import Foundation

extension PageDocument {
  var head: String {
    ([
      "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta http-equiv=\"Content-Security-Policy\" content=\"\(Self.policy)\">",
      "<meta name=\"referrer\" content=\"no-referrer\">",
      "<meta name=\"color-scheme\" content=\"light dark\">",
      "<meta name=\"generator\" content=\"vidgit\">",
      "<meta name=\"description\" content=\"\(Self.text(summary))\">",
      "<title>\(Self.text(page.title))</title>",
      "<link rel=\"icon\" type=\"image/svg+xml\" href=\"icon.svg\">",
      "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Passes\" href=\"feed.xml\">",
    ] + linkCard).joined(separator: "\n")
  }

  /// What other sites show of a link to the page (the Open Graph protocol), as far as it is known: all
  /// addresses in it are absolute.
  private var linkCard: [String] {
    let shown = page.variants.first { $0.pictures != nil }
    var properties = [
      ("og:type", page.site != nil && shown != nil ? "video.other" : "website"),
      ("og:title", Self.text(page.title)), ("og:description", Self.text(summary)),
    ]
    guard let site = page.site.map({ MarkupText.escaped($0) }) else {
      return Self.metas(properties)
    }
    properties.append(("og:url", site))
    if let variant = shown, let pictures = variant.pictures {
      let clip = site + MarkupText.escaped(pictures.clip)
      properties += [
        ("og:image", site + MarkupText.escaped(pictures.poster)), ("og:image:type", "image/jpeg"),
        ("og:image:width", "\(pictures.width)"), ("og:image:height", "\(pictures.height)"),
        ("og:image:alt", Self.text("\(variant.name) at \(pictures.time)")), ("og:video", clip),
        ("og:video:type", "video/mp4"), ("og:video:width", "\(pictures.clipWidth)"),
        ("og:video:height", "\(pictures.clipHeight)"),
      ]
      if clip.hasPrefix("https:") { properties.append(("og:video:secure_url", clip)) }
    }
    return ["<link rel=\"canonical\" href=\"\(site)\">"] + Self.metas(properties)
  }

  private static func metas(_ properties: [(name: String, value: String)]) -> [String] {
    properties.map { "<meta property=\"\($0.name)\" content=\"\($0.value)\">" }
  }

  /// Nothing is loaded but what lies beside the page, and no style or script runs but the page's own:
  /// the last line of defence against what a stranger's manifest might smuggle in.
  static let policy =
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src '\(source(PageStyle.text))'; "
    + "script-src '\(source(PageScript.text))'; base-uri 'none'; form-action 'none'"

  private static func source(_ text: String) -> String {
    let digest = Digest(of: Array(text.utf8)).withBytes { Data($0) }
    return "sha256-\(digest.base64EncodedString())"
  }

  /// "3 variants, 240 frames, 0:08.000, 4 passes"
  private var summary: String {
    let first = page.variants.first
    return [
      Self.count(page.variants.count, "variant"), Self.count(first?.frames ?? 0, "frame"),
      first?.length ?? "0:00.000", Self.count(page.passes.count, "pass", "passes"),
    ].joined(separator: ", ")
  }
}
