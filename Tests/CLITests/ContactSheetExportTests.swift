import Foundation
import TestSupport
import Testing

/// `vidgit export contact-sheet`
@Suite struct ContactSheetExportTests {
  @Test func showsFramesEvenlySpread() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "graph:negate", "-b", "negative")
    let drawn = try object(
      repository.succeed(
        "export", "contact-sheet", "negative", "-o", "../sheet.png", "--count", "5", "--json"
      ).output)
    #expect(drawn["frames"] as? [Int] == [5, 15, 25, 35, 45])
    let sheet = try SheetPicture(repository.workspace.file("sheet.png"))
    #expect(sheet.width == 2 * SheetPicture.margin + 5 * 320 + 4 * SheetPicture.gap)
    for (column, frame) in [5, 15, 25, 35, 45].enumerated() {
      let distance = try sheet.distance(
        column: column, from: Clip.groups.path(), frame: frame, graph: "negate", size: (320, 240))
      #expect(distance < 3, "frame \(frame)")
    }
    try repository.expectWhole()
  }

  @Test func takesAPartAndRows() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed(
      "export", "contact-sheet", "-o", "../few.jpg", "--frames", "3,7,9", "--columns", "2")
    let sheet = try SheetPicture(repository.workspace.file("few.jpg"))
    #expect(sheet.width == 2 * SheetPicture.margin + 2 * 320 + SheetPicture.gap)
    // Two rows.
    #expect(sheet.height > 2 * 240)
    let drawn = try object(
      repository.succeed(
        "export", "contact-sheet", "-o", "../part.webp", "--range", "10..13", "--json"
      ).output)
    #expect(drawn["frames"] as? [Int] == [10, 11, 12])
  }

  @Test func refusesWhatItCannotDraw() throws {
    let repository = try Workspace().split(.groups)
    func expect(_ words: String, _ status: Int32, _ arguments: String...) throws {
      try Tool.vidgit.run(["export", "contact-sheet"] + arguments, in: repository.path)
        .expectError(status, saying: [words])
    }
    try expect("end it in .png", Status.usage, "-o", "../sheet.txt")
    try expect("1 to 200", Status.usage, "-o", "../s.png", "--count", "0")
    try expect("1 to 20", Status.usage, "-o", "../s.png", "--columns", "21")
    try expect("together", Status.usage, "-o", "../s.png", "--range", "1..2", "--frames", "3")
    // Under one another they are more than WebP has room for.
    try repository.succeed("repeat", "0..50", "--times", "2")
    try expect(
      "too large", Status.usage, "-o", "../s.webp", "--count", "100", "--columns", "1")
    try expect("timeline", Status.usage, "-o", "../s.png", "--range", "900..")
    try expect("nowhere", Status.notFound, "nowhere", "-o", "../s.png")
    #expect(!FileManager.default.fileExists(atPath: repository.workspace.file("s.png")))
  }
}
