import Foundation
import TestSupport
import Testing

@Suite struct TransferTests {
  @Test func aCloneGetsEverything() throws {
    let studio = try Studio()
    try studio.push()
    let clone = try studio.clone()
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
    let pulled = try clone.vidgit("pull", "--json")
    #expect(pulled.status == 0, Comment(rawValue: pulled.snapshot))
    let objects = try studio.objects("repo")
    #expect(objects.count > 5)
    #expect(try studio.objects("clone") == objects)
    #expect(try object(pulled.output)["objects"] as? Int == objects.count)
    #expect(try object(pulled.output)["media"] as? Int == 1)
    try clone.succeed("verify", "--deep")
    try clone.succeed("verify", "--stores", "--deep")
    #expect(try clone.vidgit("pull").output.hasPrefix("Nothing to do"))
  }

  /// Many pictures are few files, and what is there is not sent again.
  @Test func picturesTravelInPacks() throws {
    let studio = try Studio()
    try studio.push()
    let before = try studio.files("store")
    #expect(before.keys.filter { $0.hasSuffix(".pack") }.count == 1)
    #expect(before.count == 4)
    #expect(try studio.repository.vidgit("push").output.hasPrefix("Nothing to do"))
    #expect(try studio.files("store") == before)

    try studio.repository.succeed("filter", "graph:tmix=frames=2", "-b", "two")
    let sent = try object(studio.repository.vidgit("push", "--json").output)
    let count = try studio.objects("repo").count
    #expect(
      sent["objects"] as? Int == count - before[try packIndex(before)]!.split(separator: 10).count
        + 1)
    #expect(try studio.files("store").keys.filter { $0.hasSuffix(".pack") }.count == 2)
    // The pack is its objects, one after the other, and is named by its bytes.
    for (name, data) in try studio.files("store") where name.hasSuffix(".pack") {
      let path = studio.workspace.file("store/\(name)")
      let sum = try Tool.require("sha256sum").succeed([path]).output.prefix(64)
      #expect(name == "packs/\(sum).pack")
      let index = try String(
        contentsOfFile: path.replacing(".pack", with: ".index"), encoding: .utf8)
      var rest = data
      for line in index.split(separator: "\n").dropFirst() {
        let words = line.split(separator: " ")
        let size = try #require(Int(words[1]))
        let file = "\(words[0].prefix(2))/\(words[0]).nut"
        #expect(try studio.objects("repo")[file] == rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      #expect(rest.isEmpty)
    }
  }

  private func packIndex(_ files: [String: Data]) throws -> String {
    try #require(files.keys.first { $0.hasSuffix(".index") })
  }

  @Test func onlyARangeAndNoMedia() throws {
    let studio = try Studio()
    try studio.push()
    let clone = try studio.clone()
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
    try Tool.vidgit.succeed(["pull", "--range", "3..6", "--no-media"], in: clone.path)
    #expect(try studio.objects("clone").count == 3)
    #expect(!FileManager.default.fileExists(atPath: clone.file(".git/vidgit/media")))
  }

  @Test func whatIsNowhereIsSaid() throws {
    let studio = try Studio()
    try studio.push()
    let clone = try studio.clone()
    try clone.vidgit("pull").expectError(Status.usage, saying: ["no store", "store add"])
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
    try FileManager.default.removeItem(atPath: studio.stored(".index"))
    try clone.vidgit("pull").expectError(Status.notFound, saying: ["objects", "'nas'"])
    // The medium came all the same.
    #expect(try studio.files("clone/.git/vidgit/media").count == 1)
    try clone.vidgit("push").expectError(Status.notFound, saying: ["neither here"])
    try clone.vidgit("push", "none").expectError(Status.notFound, saying: ["none"])
  }

  @Test func wrongBytesAreNeverUsed() throws {
    let studio = try Studio()
    try studio.push()
    try Studio.spoil(studio.stored(".pack"))
    let clone = try studio.clone()
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
    try clone.vidgit("pull").expectError(
      Status.verification, saying: ["the object of frame sha256:", "'nas'"])
    let right = try studio.objects("repo")
    let got = try studio.objects("clone")
    #expect(got.count == right.count - 1)
    for (name, data) in got { #expect(right[name] == data) }
    let found = try clone.vidgit("verify", "--stores", "--deep", "mix")
    #expect(found.status == Status.fault)
    #expect(found.output.contains("store 'nas'") && found.output.contains("other bytes"))

    // Another store that is well makes it good.
    try studio.workspace.folder.folder("good")
    let good = "file:\(studio.workspace.file("good"))"
    try studio.repository.succeed("store", "add", "zgood", good)
    try studio.repository.succeed("push", "zgood")
    try Tool.vidgit.succeed(["store", "add", "zgood", good], in: clone.path)
    let again = try clone.vidgit("pull")
    #expect(again.status == 0 && again.errors.contains("note: "), Comment(rawValue: again.snapshot))
    #expect(try studio.objects("clone") == right)
  }

  @Test func aWrongMediumIsNeverUsed() throws {
    let studio = try Studio()
    try studio.push()
    try Studio.spoil(studio.workspace.file("store/media/\(try mediumName(studio))"))
    let clone = try studio.clone()
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
    try clone.vidgit("pull").expectError(Status.verification, saying: ["the medium", "'nas'"])
    #expect(try studio.files("clone/.git/vidgit/media").isEmpty)
    try clone.vidgit("render", "origin/main", "-o", "x.mp4")
      .expectError(Status.verification, saying: ["the medium", "'nas'"])
  }

  private func mediumName(_ studio: Studio) throws -> String {
    try #require(try studio.workspace.folder.entries("store/media").first)
  }

  @Test func aDeadStoreIsPassedOver() throws {
    let studio = try Studio()
    try studio.push()
    let clone = try studio.clone()
    try studio.workspace.folder.folder("dead")
    try Tool.vidgit.succeed(
      ["store", "add", "dead", "file:\(studio.workspace.file("dead"))"], in: clone.path)
    try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
    try FileManager.default.removeItem(atPath: studio.workspace.file("dead"))
    let pulled = try clone.vidgit("pull")
    #expect(pulled.status == 0, Comment(rawValue: pulled.snapshot))
    #expect(pulled.errors.contains("note: ") && pulled.errors.contains("'dead'"))
    #expect(try studio.objects("clone") == studio.objects("repo"))
    let verified = try clone.vidgit("verify", "--stores")
    #expect(verified.status == Status.fault && verified.output.contains("'dead'"))

    try studio.workspace.folder.folder("dead")
    let empty = try clone.vidgit("verify", "--stores")
    #expect(empty.output.contains("does not have the object"))
    try clone.succeed("rehost", "dead")
    try clone.succeed("verify", "--stores")
  }

  /// What only another store has goes through here to the one that lacks it.
  @Test func rehostNeedsNothingHere() throws {
    let studio = try Studio()
    try studio.push()
    let clone = try studio.clone()
    try studio.workspace.folder.folder("second")
    for (name, uri) in [("nas", studio.uri), ("second", "file:\(studio.workspace.file("second"))")]
    {
      try Tool.vidgit.succeed(["store", "add", name, uri], in: clone.path)
    }
    try Tool.vidgit.succeed(["rehost", "second"], in: clone.path)
    #expect(try studio.files("second") == studio.files("store"))
  }

  /// Whoever writes the list of packs last has seen all.
  @Test func severalMaySendAtOnce() throws {
    let studio = try Studio()
    let clones = try (0..<4).map { number in
      let clone = try studio.clone("clone-\(number)")
      try Tool.vidgit.succeed(["store", "add", "nas", studio.uri], in: clone.path)
      let folder = studio.repository.file(".git/vidgit")
      try Tool.vidgit.succeed(["store", "add", "other", "file:\(folder)"], in: clone.path)
      let range = "\(number * 2)..\(number * 2 + 2)"
      try Tool.vidgit.succeed(["pull", "other", "--no-media", "--range", range], in: clone.path)
      return (clone.path, range)
    }
    DispatchQueue.concurrentPerform(iterations: clones.count) { number in
      let (path, range) = clones[number]
      let words = ["push", "nas", "--no-media", "--range", range]
      let result = try? Tool.vidgit.run(words, in: path)
      #expect(result?.status == 0, Comment(rawValue: result?.snapshot ?? "it did not run"))
    }
    let files = try studio.files("store")
    let packs = files.filter { $0.key.hasSuffix(".pack") }
    #expect(packs.count == 4)
    let lines = packs.map { "\($0.key.dropFirst("packs/".count).prefix(64)) \($0.value.count)" }
      .sorted()
    #expect(
      String(decoding: try #require(files["packs/list"]), as: UTF8.self).split(separator: "\n").map(
        String.init)
        == lines)
  }

  /// A clone's own folder is a store to read from too.
  @Test func anotherClonesFolderWillDo() throws {
    let studio = try Studio()
    let clone = try studio.clone()
    let folder = studio.repository.file(".git/vidgit")
    try Tool.vidgit.succeed(["store", "add", "other", "file:\(folder)"], in: clone.path)
    try Tool.vidgit.succeed(["pull", "--no-media"], in: clone.path)
    #expect(try studio.objects("clone") == studio.objects("repo"))
  }
}
