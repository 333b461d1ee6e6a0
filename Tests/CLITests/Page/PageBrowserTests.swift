import Foundation
import TestSupport
import Testing

/// The page in a real browser, from a file.
@Suite(.serialized) struct PageBrowserTests {
  @Test func worksForEverybody() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir", "--range", "10..40")
    try repository.succeed("filter", "glow", "--range", "20..30")
    let page = WrittenPage(folder: repository.workspace.file("page"))
    try repository.succeed("export", "page", "-o", page.folder)
    let report = try BrowserReport(opening: page)
    try expectGood(report, page)

    #expect(report.desk.paper != report.dark.paper)
    let (keys, pointer) = (try #require(report.phone.keyboard), report.phone.pointer)
    #expect(keys.map { $0[0] } == ["50", "51", "100", "0"])
    #expect(keys[1][1] == "51 % main, 49 % noir")
    #expect(Set(keys.map { $0[2] }).count == 4)
    #expect(pointer == 75)
    // Without a script both pictures stand beside each other.
    let boxes = try #require(report.withoutScript)
    #expect(boxes.count == 2)
    #expect(boxes[0][1] > 100 && boxes[1][0] >= boxes[0][0] + boxes[0][1])
  }

  @Test func leavesAStrangersWordsAsWords() throws {
    let repository = try Workspace().split(.groups)
    let script = "<script>alert(1)</script>"
    let names = [
      script, "\"onmouseover='alert(1)'", "👩‍🚀/\u{202e}gpj.exe", String(repeating: "w", count: 200),
      "javascript&colon;alert(1)",
    ]
    for (index, name) in names.enumerated() {
      _ = try repository.git("switch", "-q", "main")
      _ = try repository.git("switch", "-q", "-c", name)
      try repository.succeed("filter", "noir", "--range", "\(index * 5)..25")
    }
    _ = try repository.git(
      "commit", "-q", "--amend", "-m",
      script + "\n\nVidgit-Pass: \(script)\nVidgit-Range: \(script)")
    try repository.edit("video.json") {
      $0.replacing(/"name": "[^"]*"/, with: "\"name\": \"\(script)<img src=x onerror=alert(1)>\"")
    }
    let page = WrittenPage(folder: repository.workspace.file("page"))
    let last = try #require(names.last)
    let arguments = ["export", "page", last] + names.dropLast() + ["-o", page.folder]
    let written = try Tool.vidgit.run(arguments, in: repository.path)
    #expect(written.status == 0, Comment(rawValue: written.snapshot))
    try page.expectWellFormed()
    #expect(try page.text().contains("<h1 dir=\"auto\">&lt;script&gt;"))
    // What git lets through as a name leaves neither the folder nor its alphabet.
    let paths = try page.files.keys
    #expect(
      paths.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9._\/-]+/) != nil && !$0.contains("..") })
    try expectGood(BrowserReport(opening: page), page)
  }

  private func expectGood(_ report: BrowserReport, _ page: WrittenPage) throws {
    #expect(report.complaints == [])
    let folder = URL(fileURLWithPath: page.folder).absoluteString
    #expect(report.requests.filter { !$0.hasPrefix(folder) } == [])
    #expect(report.requests.contains { $0.hasSuffix("clip.mp4") })
    for view in [report.phone, report.desk, report.dark] {
      #expect(view.overflow == 0)
      #expect(view.live > 0)
      #expect(!view.pictures.isEmpty && view.pictures.allSatisfy { $0 > 0 })
      #expect(!view.clips.isEmpty && view.clips.allSatisfy { $0[0] > 0 && $0[1] > 0 })
      #expect(view.headings.first == 1 && view.headings.dropFirst().allSatisfy { $0 > 1 })
      #expect(zip(view.headings, view.headings.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    }
  }
}
