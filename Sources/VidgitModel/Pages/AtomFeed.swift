/// The passes of a page as a feed (RFC 4287).
public enum AtomFeed {
  /// A feed holds the newest passes only.
  public static let mostEntries = 100
  private static let subjectLimit = 300

  /// The whole document. Its ids and times come from commits, so that a feed and its entries stay the
  /// same wherever and whenever the page is made.
  public static func text(_ page: PageContents) -> String {
    let entries = page.passes.prefix(mostEntries)
    let updated = timestamp(entries.map(\.time).max() ?? page.begun)
    var text = """
      <?xml version="1.0" encoding="utf-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom">
        <id>\(AtomID.feed(root: page.root, publication: page.publication))</id>
        <title>\(MarkupText.escaped(page.title)): passes</title>
        <updated>\(updated)</updated>
        <author><name>\(name(page.author))</name></author>
        <generator>vidgit</generator>
        <link rel="alternate" type="text/html" href="\(link(page, "index.html"))"/>
        <link rel="self" type="application/atom+xml" href="\(link(page, "feed.xml"))"/>

      """
    for pass in entries { text += entry(pass, page) }
    return text + "</feed>\n"
  }

  private static func entry(_ pass: PagePass, _ page: PageContents) -> String {
    let place = "index.html#\(PageDocument.anchor(of: pass))"
    let subject = pass.subject.isEmpty ? pass.trailers.pass : pass.subject
    var summary = PageDocument.words(pass)
    if !pass.variants.isEmpty {
      summary.append("in \(pass.variants.prefix(PageDocument.mostPlaces).joined(separator: ", "))")
    }
    return """
        <entry>
          <id>\(AtomID.entry(commit: pass.commit))</id>
          <title>\(MarkupText.escaped(subject, limit: subjectLimit))</title>
          <updated>\(timestamp(pass.time))</updated>
          <author><name>\(name(pass.author))</name></author>
          <link rel="alternate" type="text/html" href="\(link(page, place))"/>
          <summary>\(MarkupText.escaped(summary.joined(separator: "; "), limit: 2_000))</summary>
        </entry>

      """
  }

  private static func link(_ page: PageContents, _ place: String) -> String {
    MarkupText.escaped((page.site ?? "") + place)
  }

  /// A person must have a name.
  private static func name(_ text: String) -> String {
    MarkupText.escaped(text.isEmpty ? "unknown" : text, limit: 200)
  }

  /// "2026-03-09T14:05:00Z" (RFC 3339), held to years of four digits.
  public static func timestamp(_ seconds: Int64) -> String {
    let held = min(max(seconds, 0), 253_402_300_799)
    let time = held % 86_400
    return "\(date(held))T\(padded(time / 3600)):\(padded(time / 60 % 60)):\(padded(time % 60))Z"
  }

  /// "2026-03-09", UTC.
  public static func date(_ seconds: Int64) -> String {
    // Days into years of 400-year cycles that begin on 1 March (Hinnant, "chrono-compatible
    // low-level date algorithms").
    let days = min(max(seconds, 0), 253_402_300_799) / 86_400 + 719_468
    let (era, day) = days.quotientAndRemainder(dividingBy: 146_097)
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * month + 2) / 5 + 1
    let calendarMonth = month < 10 ? month + 3 : month - 9
    let calendarYear = year + era * 400 + (calendarMonth <= 2 ? 1 : 0)
    return "\(padded(calendarYear, 4))-\(padded(calendarMonth))-\(padded(date))"
  }

  private static func padded(_ value: Int64, _ digits: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
