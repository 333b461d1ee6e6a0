import Foundation
import Testing

@testable import VidgitModel

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PageDocumentTests {
  static func strip(_ chains: [[String]], durations: [Int64]? = nil) throws -> TimelineStrip {
    var generator = SeededGenerator(seed: 1)
    let lines = chains.enumerated().map { index, chain in
      FrameLine(
        pts: Int64(index), dur: durations?[index] ?? 1, hash: generator.digest(),
        uri: "media/a.json", source: chain.isEmpty ? nil : generator.digest(), filters: chain)
    }
    return TimelineStrip(
      lines, try FrameTimes(durations: lines.map(\.dur), timebase: Rational(1, 25)))
  }

  // MARK: The strip

  @Test func putsNeighboursTogether() throws {
    let strip = try Self.strip(
      [[], ["a-1"], ["a-1"], ["a-1", "b-2"], []], durations: [5, 1, 2, 3, 4])
    #expect(strip.runs.map(\.start) == [0, 5, 8, 11])
    #expect(strip.runs.map(\.end) == [5, 8, 11, 15])
    #expect(strip.recipes == ["a-1": 3, "b-2": 1])
    #expect(strip.filtered == 3)
    let svg = strip.svg(label: "x", colors: RecipeColors([])) { $0 }
    #expect(svg.contains("<title>0:00.200 to 0:00.320: a-1</title>"))
    #expect(svg.contains("<title>0:00.000 to 0:00.200: as filmed</title>"))
    #expect(svg.components(separatedBy: "<rect").count - 1 == 5)
  }

  @Test(arguments: [1, 2, 6]) func holdsFewRectangles(_ depth: Int) throws {
    let chain = (0..<depth).map { "a-\($0)" }
    let strip = try Self.strip((0..<9_999).map { $0 % 3 == 0 ? [] : chain })
    let svg = strip.svg(label: "x", colors: RecipeColors([])) { $0 }
    let count = svg.components(separatedBy: "<rect").count - 1
    #expect(count <= TimelineStrip.mostRectangles)
    #expect(strip.runs.first?.start == 0 && strip.runs.last?.end == 9_999)
    #expect(zip(strip.runs, strip.runs.dropFirst()).allSatisfy { $0.end == $1.start })
    // Two of three frames carry it, so that every part of the strip mostly does.
    #expect(strip.runs.allSatisfy { $0.filters == chain && $0.isMixed })
    #expect(svg.contains("mostly a-0"))
  }

  @Test func showsAShortRunOfALongTimeline() throws {
    let strip = try Self.strip([[], ["a-1"], []], durations: [1 << 40, 1, 1 << 40])
    #expect(strip.svg(label: "x", colors: RecipeColors([])) { $0 }.contains("width=\"0.8\""))
  }

  // MARK: The page

  static let hostile = #"<script>alert(1)</script>"'><img src=x onerror=alert(1)>&"# + "\u{202e}🎬"

  /// All texts are what a stranger would write.
  static func page(site: String? = nil, publication: String = "") throws -> PageContents {
    let recipe = try Recipe(
      json: .object([
        "name": "noir", "engine": "graph", "scope": "frame",
        "filters": .array([
          .object(["filter": "drawbox", "options": .object(["color": .string(hostile)])])
        ]),
        "note": .string(hostile),
      ]), file: "t.json")
    let ids = [recipe.id, "<b>\"-0123456789ab"]
    var variants = try ["main", hostile].map { name in
      PageVariant(
        name: name, folder: "v", commit: String(repeating: "ab", count: 20), frames: 3,
        length: "0:00.120", changes: [hostile], pictures: nil,
        strip: try strip([[], ids, [ids[0]]]))
    }
    variants[1].pictures = .init(
      poster: "variants/v/poster.jpg", before: "variants/v/before.jpg",
      clip: "variants/v/clip.mp4", width: 960, height: 540, clipWidth: 640, clipHeight: 360,
      frame: 1, time: "0:00.040")
    let trailers = PassTrailers(
      pass: hostile, recipes: [recipe.id], range: hostile, made: 2, engine: hostile)
    var page = PageContents(
      title: hostile,
      facts: [
        PageFact("Source", hostile, link: "javascript:alert(1)"),
        PageFact("Source", "b.mp4", link: "https://example.org/b.mp4?a&b"),
      ],
      variants: variants,
      recipes: [.init(id: recipe.id, recipe: recipe), .init(id: ids[1], recipe: nil)],
      passes: [
        PagePass(
          commit: String(repeating: "cd", count: 20), subject: hostile + "\u{0}",
          author: hostile, time: 1_700_000_000, trailers: trailers, variants: ["main", hostile])
      ], site: site, root: String(repeating: "00", count: 20), author: "")
    page.publication = publication
    page.begun = 1_600_000_000
    return page
  }

  @Test func letsNoStrangersMarkupThrough() throws {
    let text = PageDocument(try Self.page()).text
    #expect(text.components(separatedBy: "<script").count == 2)
    #expect(text.components(separatedBy: "<img").count == 3)
    #expect(!text.contains("<b>"))
    #expect(!text.contains("\u{202e}"))
    #expect(text.contains("&lt;script&gt;alert(1)"))
    #expect(!text.contains("javascript:"))
    #expect(text.contains(#"href="https://example.org/b.mp4?a&amp;b""#))
    // Every address leads to a place of the page, to a file beside it, or to the medium's own place.
    for match in text.matches(of: /(?:href|src|poster)="([^"]*)"/) {
      let place = String(match.1)
      #expect(
        place.hasPrefix("#") || place.hasPrefix("https://example.org/")
          || place.wholeMatch(
            of: /(feed\.xml|icon\.svg|variants\/v\/[a-z0-9.]+|recipes\/[a-z0-9-]+\.json)/)
            != nil,
        Comment(rawValue: place))
    }
    #expect(text == PageDocument(try Self.page()).text)
  }

  /// The properties of a page's card, by name.
  private func card(_ page: PageContents) -> [String: String] {
    let matches = PageDocument(page).text.matches(
      of: /<meta property="([^"]*)" content="([^"]*)">/)
    return Dictionary(uniqueKeysWithValues: matches.map { (String($0.1), String($0.2)) })
  }

  @Test func aCardSaysWhatIsKnown() throws {
    let site = "https://example.org/film/"
    let whole = card(try Self.page(site: site))
    #expect(whole["og:url"] == site)
    #expect(whole["og:image"] == site + "variants/v/poster.jpg")
    #expect(whole["og:image:width"] == "960" && whole["og:image:height"] == "540")
    #expect(whole["og:video"] == site + "variants/v/clip.mp4")
    #expect(whole["og:video:secure_url"] == whole["og:video"])
    #expect(whole["og:video:width"] == "640" && whole["og:video:height"] == "360")
    #expect(whole["og:type"] == "video.other")
    #expect(whole["og:title"]?.hasPrefix("&lt;script&gt;") == true)
    #expect(whole["og:description"] == "2 variants, 3 frames, 0:00.120, 1 pass")
    #expect(card(try Self.page(site: "http://a.example/"))["og:video:secure_url"] == nil)
    // An address that is not known is not made up.
    let local = card(try Self.page())
    #expect(local.keys.sorted() == ["og:description", "og:title", "og:type"])
    #expect(local["og:type"] == "website")
    #expect(!PageDocument(try Self.page()).text.contains("canonical"))
    // Nor are pictures.
    var bare = try Self.page(site: site)
    for index in bare.variants.indices { bare.variants[index].pictures = nil }
    #expect(
      card(bare).keys.sorted() == ["og:description", "og:title", "og:type", "og:url"])
    #expect(card(bare)["og:type"] == "website")
    #expect(PageDocument(bare).text.contains(#"<link rel="canonical" href="\#(site)">"#))
  }

  /// A name's direction reorders nothing that stands behind it.
  @Test func keepsNamesApartFromWhatFollows() throws {
    var page = try Self.page()
    page.title = "مشهد طويل"
    page.facts = [
      PageFact("Source", "مشهد.mp4", more: "204.8 kB", link: "https://example.org/a.mp4"),
      PageFact("Source", "مشهد.mp4", more: "204.8 kB"),
    ]
    let text = PageDocument(page).text
    #expect(text.contains("<h1 dir=\"auto\">مشهد طويل</h1>"))
    #expect(text.contains("a.mp4\"><bdi>مشهد.mp4</bdi></a>, 204.8 kB</dd>"))
    #expect(text.contains("<dd><bdi>مشهد.mp4</bdi>, 204.8 kB</dd>"))
  }

  @Test func allowsNothingFromOutside() throws {
    let text = PageDocument(try Self.page()).text
    let policy = try #require(
      text.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)
    ).1
    #expect(policy.hasPrefix("default-src 'none'; img-src 'self'; media-src 'self'; "))
    #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
    for (element, text) in [("style", PageStyle.text), ("script", PageScript.text)] {
      let digest = Digest(of: Array(text.utf8)).withBytes { Data($0) }.base64EncodedString()
      #expect(policy.contains("\(element)-src 'sha256-\(digest)'"))
    }
    // The policy forbids both.
    let bare = text.replacing(/"[^"]*"/, with: "")
    #expect(bare.contains(" class="))
    #expect(bare.firstMatch(of: /<[a-z]+[^>]* (style|on[a-z]+)=/) == nil)
  }

  @Test func saysWhatIsNotAtHand() throws {
    let text = PageDocument(try Self.page()).text
    #expect(text.contains("were not at hand"))
    #expect(text.contains("does not hold this recipe"))
  }

  @Test func staysShort() throws {
    var page = try Self.page()
    page.passes = (0..<500).map { number in
      var pass = page.passes[0]
      pass.commit = String(number)
      pass.variants = (0..<300).map { "variant-\($0)" }
      pass.subject = String(repeating: "long ", count: 10_000)
      return pass
    }
    let text = PageDocument(page).text
    #expect(text.components(separatedBy: "<li id=\"pass-").count - 1 == PageDocument.mostPasses)
    #expect(text.contains("The newest 200 of 500"))
    #expect(text.contains("and 292 more"))
    #expect(text.utf8.count < 1_000_000)
    let feed = AtomFeed.text(page)
    #expect(feed.components(separatedBy: "<entry>").count - 1 == AtomFeed.mostEntries)
    #expect(feed.utf8.count < 300_000)
  }

  // MARK: The feed

  @Test func feedIsWellFormed() throws {
    for site in [nil, "https://example.org/film/"] {
      let text = AtomFeed.text(try Self.page(site: site))
      let reader = FeedReader()
      let parser = XMLParser(data: Data(text.utf8))
      parser.delegate = reader
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(
        reader.texts["title"] == [
          "\(Self.seen): passes", "\(Self.seen)\\u{0}",
        ])
      // SHA-256 of "vidgit\nfeed\n0000..\n" and "vidgit\npass\ncdcd..", by `sha256sum`, with
      // the version and the variant of RFC 9562.
      #expect(
        reader.texts["id"] == [
          "urn:uuid:dfe6e22e-a63e-86bf-bbcf-120848f6dccd",
          "urn:uuid:779c5974-544d-89ff-b2ca-05ea60c96aa8",
        ])
      #expect(reader.texts["updated"] == ["2023-11-14T22:13:20Z", "2023-11-14T22:13:20Z"])
      #expect(reader.texts["name"] == ["unknown", Self.seen])
      let base = site ?? ""
      #expect(
        reader.links == [
          base + "index.html", base + "feed.xml",
          base + "index.html#pass-" + String(repeating: "cd", count: 20),
        ])
    }
  }

  /// Ids and times come from commits: an address changes neither, and a fork has a feed of its own.
  @Test func feedIsKnownByItsCommits() throws {
    func ids(_ page: PageContents) -> [String] {
      AtomFeed.text(page).matches(of: /<id>(.*)<\/id>/).map { String($0.1) }
    }
    let local = ids(try Self.page())
    #expect(Set(local).count == 2)
    #expect(ids(try Self.page(site: "https://example.org/film/")) == local)
    let ann = ids(try Self.page(publication: "ann/falls"))
    let ben = ids(try Self.page(site: "https://ben.example/", publication: "ben/falls"))
    #expect(Set([local[0], ann[0], ben[0]]).count == 3)
    #expect(ann[1] == local[1] && ben[1] == local[1])
    var empty = try Self.page()
    empty.passes = []
    #expect(AtomFeed.text(empty).contains("<updated>2020-09-13T12:26:40Z</updated>"))
  }

  private static let seen = hostile.replacing("\u{202e}", with: "\\u{202e}")
}

/// The texts and links of a feed, in their order.
private final class FeedReader: NSObject, XMLParserDelegate {
  var texts: [String: [String]] = [:]
  var links: [String] = []
  private var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    text = ""
    if let link = attributes["href"] { links.append(link) }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    texts[name, default: []].append(text)
  }
}
