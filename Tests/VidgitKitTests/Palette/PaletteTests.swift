import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

@Suite struct PaletteTests {
  private static func kind(_ body: () throws -> Void) -> VidgitError.Kind? {
    do {
      try body()
      return nil
    } catch {
      return (error as? VidgitError)?.kind
    }
  }

  @Test func takesOwnRecipesBeforeBuiltInOnes() throws {
    let folder = try TemporaryFolder("palette")
    let palette = Palette(folder: folder.file("deep/palette"))
    #expect(try palette.items().items.allSatisfy(\.isBuiltIn))
    let made = try palette.add(.graph("hue=s=0"), as: "noir", description: "Plain grey.")
    let found = try #require(try palette.entry(named: "noir"))
    #expect(found == made && found.description == "Plain grey.")
    #expect(try #require(try Palette().entry(named: "noir")).recipe.id != made.recipe.id)
    #expect(try palette.items().items.filter { $0.name == "noir" }.map(\.isBuiltIn) == [false])
  }

  @Test func replacesOnlyWhereAsked() throws {
    let folder = try TemporaryFolder("palette")
    let palette = Palette(folder: folder.path)
    _ = try palette.add(.graph("negate"), as: "mine")
    #expect(Self.kind { _ = try palette.add(.graph("hflip"), as: "mine") } == .conflict)
    #expect(
      try GraphNotation.text(of: #require(try palette.entry(named: "mine")).recipe) == "negate")
    _ = try palette.add(.graph("hflip"), as: "mine", replaces: true)
    #expect(
      try GraphNotation.text(of: #require(try palette.entry(named: "mine")).recipe) == "hflip")
    _ = try palette.add(.named("mine"), as: "copy")
    #expect(try palette.entry(named: "copy")?.recipe.name == "copy")
  }

  @Test func refusesWhatCouldNotBeUsed() throws {
    let folder = try TemporaryFolder("palette")
    let palette = Palette(folder: folder.path)
    #expect(Self.kind { _ = try palette.add(.graph("movie=a.mp4"), as: "mine") } == .refused)
    #expect(Self.kind { _ = try palette.add(.graph("negate"), as: "../mine") } == .usage)
    #expect(Self.kind { _ = try palette.add(.graph("negate")) } == .usage)
    #expect(Self.kind { _ = try palette.add(.named("noir")) } == .usage)
    #expect(Self.kind { _ = try palette.add(.named("nior"), as: "mine") } == .notFound)
    #expect(Self.kind { _ = try palette.add(.file(folder.file("no.json"))) } == .notFound)
    #expect(
      Self.kind { _ = try palette.add(.graph("negate"), as: "mine", description: "two\nlines") }
        == .usage)
    #expect(Self.kind { _ = try Palette().add(.graph("negate"), as: "mine") } == .usage)
    #expect(try folder.entries() == [])
  }

  @Test func leavesOutBrokenFilesAndNamesThem() throws {
    let folder = try TemporaryFolder("palette")
    try Data("{".utf8).write(to: URL(fileURLWithPath: folder.file("broken.json")))
    let palette = Palette(folder: folder.path)
    let (items, faults) = try palette.items()
    #expect(items.count == BuiltInPalette.files.count)
    #expect(faults.count == 1 && faults[0].message.contains("broken.json"))
    #expect(try palette.entry(named: "noir") != nil)
    #expect(Self.kind { _ = try palette.entry(named: "broken") } == .badInput)
  }

  @Test func guessesWhatWasMeant() {
    #expect(Spelling.close(to: "nior", in: ["noir", "night", "bits"]) == ["noir"])
    #expect(Spelling.close(to: "cartoons", in: ["cartoon", "comic"]) == ["cartoon"])
    #expect(Spelling.close(to: "zzz", in: ["noir"]) == [])
    #expect(Spelling.distance(Array(""), Array("abc")) == 3)
    #expect(Spelling.distance(Array("abcd"), Array("acbd")) == 1)
  }
}
