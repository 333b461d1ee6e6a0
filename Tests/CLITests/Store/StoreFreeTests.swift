import Foundation
import TestSupport
import Testing

/// `vidgit store free`: pictures that a store has need not lie here.
@Suite struct StoreFreeTests {
  @Test func removesWhatTheStoreHasAndFetchesItAgain() throws {
    let studio = try Studio()
    try studio.push()
    let objects = try studio.objects("repo")
    try studio.repository.succeed("filter", "graph:tmix=frames=2", "-b", "two")
    let all = try studio.objects("repo")
    let own = all.filter { objects[$0.key] == nil }
    try #require(!objects.isEmpty && !own.isEmpty)

    let dry = try object(
      studio.repository.vidgit("store", "free", "nas", "--dry-run", "--json").output)
    #expect(dry["objects"] as? Int == objects.count)
    #expect(dry["bytes"] as? Int == objects.values.reduce(0) { $0 + $1.count })
    #expect(try studio.objects("repo") == all)

    let freed = try studio.repository.vidgit("store", "free", "nas")
    #expect(
      freed.output.hasPrefix("Removed \(objects.count) objects ("),
      Comment(rawValue: freed.snapshot))
    #expect(freed.output.contains("\(own.count) are not in the store"))
    #expect(try studio.objects("repo") == own)
    try studio.repository.succeed("render", "mix", "-o", "../mix.nut", "--lossless")
    #expect(try studio.objects("repo") == all)
  }

  /// What lies here and is not what the store's index says, stays.
  @Test func whatDiffersStays() throws {
    let studio = try Studio()
    try studio.push()
    let name = try #require(studio.objects("repo").keys.sorted().first)
    let path = studio.repository.file(".git/vidgit/objects/\(name)")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    try Studio.spoil(path)
    let count = try studio.objects("repo").count
    let freed = try object(studio.repository.vidgit("store", "free", "nas", "--json").output)
    #expect(freed["objects"] as? Int == count - 1)
    #expect(try Array(studio.objects("repo").keys) == [name])
  }

  /// What the store has only by its index, stays, unless the user goes by that.
  @Test func whatTheStoreHasLostStays() throws {
    let studio = try Studio()
    try studio.push()
    try Studio.spoil(studio.stored(".pack"))
    let before = try studio.objects("repo")
    let freed = try object(studio.repository.vidgit("store", "free", "nas", "--json").output)
    #expect(freed["kept"] as? Int == 1)
    let left = try studio.objects("repo")
    #expect(left.count == 1 && left.allSatisfy { before[$0.key] == $0.value })
    let rest = try object(
      studio.repository.vidgit("store", "free", "nas", "--no-read-back", "--json").output)
    #expect(rest["objects"] as? Int == 1)
  }

  @Test func saysWhatIsWrong() throws {
    let studio = try Studio()
    try studio.repository.vidgit("store", "free", "nas").expectError(
      Status.notFound, saying: ["nas"])
    try studio.push()
    let objects = try studio.objects("repo")
    try FileManager.default.moveItem(
      atPath: studio.workspace.file("store"), toPath: studio.workspace.file("elsewhere"))
    try studio.repository.vidgit("store", "free", "nas").expectError(
      Status.notFound, saying: ["the folder of the store", "mount its disk"])
    #expect(try studio.objects("repo") == objects)
  }
}
