import Foundation
import Testing

@testable import VidgitModel

/// The examples beside the schemas: what the schemas accept and refuse (`schemas/check --examples`),
/// the code accepts and refuses too, and writes byte for byte. And those of the documentation.
@Suite struct ExamplesTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func files(_ folder: String) throws -> [URL] {
    let url = root.appending(path: "schemas/examples/\(folder)")
    return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
  }

  /// Reads `bytes` as the kind of file that `name` begins with, and writes them again.
  static func rewrite(_ bytes: [UInt8], _ name: String) throws -> [UInt8] {
    if name.hasPrefix("line-") { return Shard.encode(try Shard.parse(bytes, file: name)) }
    let json = try JSONValue(parsing: bytes, what: name)
    switch name.prefix(while: { $0 != "-" }) {
    case "video": return try Header(json: json, file: name).fileBytes()
    case "media": return try MediaDescriptor(json: json, file: name).fileBytes()
    case "recipe": return try Recipe(json: json, file: name).fileBytes()
    default: throw ModelError(name, reason: "no kind of example")
    }
  }

  @Test func goodExamplesAreWhatTheCodeWrites() throws {
    let files = try Self.files("good")
    #expect(files.count >= 10)
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: file))
      #expect(
        text(try Self.rewrite(bytes, file.lastPathComponent)) == text(bytes),
        "\(file.lastPathComponent)")
    }
    let full = try Data(
      contentsOf: Self.root.appending(path: "schemas/examples/good/video-full.json"))
    #expect([UInt8](full) == HeaderTests.full().fileBytes())
  }

  @Test func badExamplesAreRefused() throws {
    let files = try Self.files("bad")
    #expect(files.count >= 30)
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: file))
      #expect(throws: ModelError.self, "\(file.lastPathComponent)") {
        try Self.rewrite(bytes, file.lastPathComponent)
      }
    }
  }

  /// Every block of JSON in docs/format.md is a whole file, in the form that the code writes.
  @Test func documentedExamplesAreReal() throws {
    let page = try String(contentsOf: Self.root.appending(path: "docs/format.md"), encoding: .utf8)
    var kinds: [String] = []
    var ids: [String] = []
    for block in page.components(separatedBy: "\n```json").dropFirst() {
      let lines = block.components(separatedBy: "\n```")[0].split(
        separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let body = Array((lines[1] + "\n").utf8)
      let kind =
        lines[0] == "l"
        ? "line-"
        : lines[1].contains("\"engine\"")
          ? "recipe-" : lines[1].contains("\"sha256\"") ? "media-" : "video-"
      kinds.append(kind)
      #expect(text(try Self.rewrite(body, kind)) == text(body))
      if kind == "recipe-" { ids.append(try Recipe(json: json(text(body)), file: "f").id) }
    }
    #expect(Set(kinds) == ["line-", "recipe-", "media-", "video-"])
    #expect(!ids.isEmpty)
    for id in ids { #expect(page.contains("filters/\(id).json")) }
  }
}
