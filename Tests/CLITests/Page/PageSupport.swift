import Foundation
import TestSupport
import Testing

/// A page that `vidgit export page` wrote.
struct WrittenPage {
  let folder: String

  func text(_ name: String = "index.html") throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// All files, by their paths in the page's folder.
  var files: [String: Data] {
    get throws {
      let paths = try #require(FileManager.default.enumerator(atPath: folder)).compactMap {
        $0 as? String
      }
      var files: [String: Data] = [:]
      for path in paths {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
          atPath: "\(folder)/\(path)", isDirectory: &isFolder)
        if !exists || isFolder.boolValue { continue }
        files[path] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)"))
      }
      return files
    }
  }

  /// The ids of the feed and of its entries.
  func feedIDs() throws -> [String] {
    try text("feed.xml").matches(of: /<id>(.*)<\/id>/).map { String($0.1) }
  }

  /// Expects that html5lib, which has the rules of the standard, finds nothing to complain of, and
  /// that the feed is one that feedparser takes without a complaint.
  func expectWellFormed(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let script = """
      import feedparser, html5lib, sys, xml.dom.minidom
      text = open(sys.argv[1] + "/index.html", encoding="utf-8").read()
      tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
      ids = [e.get("id") for e in tree.iter() if e.get("id")]
      assert len(ids) == len(set(ids)), "an id stands twice"
      for e in tree.iter("a"):
        link = e.get("href")
        assert not link.startswith("#") or link[1:] in ids, link
      for e in tree.iter("img"):
        assert e.get("alt"), "a picture without words"
      for e in tree.iter("input"):
        assert any(e in list(label.iter()) for label in tree.iter("label")), "no label"
      assert len(list(tree.iter("script"))) == 1 and len(list(tree.iter("style"))) == 1
      xml.dom.minidom.parse(sys.argv[1] + "/feed.xml")
      feed = feedparser.parse(sys.argv[1] + "/feed.xml")
      assert not feed.bozo and feed.version == "atom10", feed.get("bozo_exception")
      for e in [feed.feed] + feed.entries:
        assert e.id.startswith("urn:uuid:") and e.title and e.link, e
        assert e.updated_parsed and e.author_detail.name, e
      ids = [feed.feed.id] + [e.id for e in feed.entries]
      assert len(ids) == len(set(ids)), "an id of the feed stands twice"
      """
    let result = try Self.python().run(["-c", script, folder])
    #expect(result.status == 0, Comment(rawValue: result.snapshot), sourceLocation: sourceLocation)
  }

  /// Python with both, which `make test-deps` installs.
  private static func python() throws -> Tool {
    let own = SharedVideos.packageRoot + "/.build/venv/bin/python"
    let tools = [Tool(name: "python", path: own)] + [Tool.find("python3")].compactMap { $0 }
    for tool in tools where FileManager.default.isExecutableFile(atPath: tool.path) {
      if try tool.run(["-c", "import feedparser, html5lib"]).status == 0 { return tool }
    }
    try skip("no html5lib and feedparser for Python: `make test-deps` installs it")
  }
}

/// What a person meets who opens a page in a browser: the answer of `Tests/Browser/page.py`.
struct BrowserReport: Decodable {
  struct View: Decodable {
    /// Pixels by which the page is wider than its window.
    let overflow: Int
    /// The widths of the pictures; 0 where one does not load.
    let pictures: [Int]
    /// Width and seconds of every clip.
    let clips: [[Double]]
    let headings: [Int]
    let paper: String
    /// Wipes that the script has taken over.
    let live: Int
    /// Value, words and edge of a wipe: at first, and after the right arrow, End and Home.
    let keyboard: [[String]]?
    /// Its value after a press at three quarters of its width.
    let pointer: Int?
  }

  let phone: View
  let desk: View
  let dark: View
  /// Left edge and width of the two pictures of a wipe where no script runs.
  let withoutScript: [[Double]]?
  /// Errors and messages of the console, and dialogs.
  let complaints: [String]
  let requests: [String]

  init(opening page: WrittenPage) throws {
    guard let browser = Tool.find("chromium") ?? Tool.find("chromium-browser") else {
      try skip("no 'chromium' on PATH: the page is not opened in a browser")
    }
    let python = try Tool.require("python3")
    let script = SharedVideos.packageRoot + "/Tests/Browser/page.py"
    let url = URL(fileURLWithPath: page.folder + "/index.html").absoluteString
    let result = try python.succeed([script, browser.path, url], timeout: .seconds(180))
    self = try JSONDecoder().decode(BrowserReport.self, from: Data(result.output.utf8))
  }
}
