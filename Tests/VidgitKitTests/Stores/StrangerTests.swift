import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// A store that a repository names, and nobody trusts: its index may say anything.
@Suite struct StrangerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("stranger") }

  /// A store whose pack has the objects of two real frames, the second under the name of a third.
  private func store() async throws -> (any Store, real: FrameKey, false: FrameKey) {
    let clip = try Clip.short.orSkip()
    try Tool.vidgit.succeed(["split", clip, "repo"], in: folder.path)
    try Tool.vidgit.succeed(
      ["filter", "graph:tmix=frames=3", "-b", "mix"], in: folder.file("repo"))
    let objects = folder.file("repo/.git/vidgit/objects")
    let files =
      (FileManager.default.enumerator(atPath: objects)?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".nut") }.sorted()
    try #require(files.count > 2)
    func key(_ file: String) throws -> FrameKey {
      try #require(FrameKey(text: String(file.split(separator: "/")[1].dropLast(4))))
    }
    try folder.folder("store")
    let store = try StoreOpener.forTests(folder).open("file:\(folder.file("store"))")
    var index = PackIndex()
    var pack: [UInt8] = []
    let keys = [try key(files[0]), try key(files[2])]
    for (key, file) in zip(keys, files) {
      let bytes = [UInt8](try #require(FileManager.default.contents(atPath: "\(objects)/\(file)")))
      index.append(key, size: Int64(bytes.count), digest: Digest(of: bytes))
      pack += bytes
    }
    let digest = Digest(of: pack)
    try await store.put(.pack(digest), .bytes(pack), replaces: false)
    try await store.put(.index(of: digest), .bytes(index.encoded()), replaces: false)
    return (store, keys[0], keys[1])
  }

  private func fetch(
    _ store: any Store, _ keys: [FrameKey], isStranger: Bool
  ) async throws -> (ObjectFetch.Outcome, ObjectStore) {
    let objects = ObjectStore(folder: folder.file("objects-\(isStranger)"))
    let source = StoreSet.Source(
      store, isStranger: isStranger, folder: folder.file("lists")
    ) { _ in }
    let outcome = try await ObjectFetch(objects, StoreSet(for: [source])).fetch(keys, "fetch") {
      _ in
    }
    return (outcome, objects)
  }

  @Test func pixelsAreComparedBeforeAnObjectIsKept() async throws {
    let (store, real, other) = try await store()
    let (outcome, objects) = try await fetch(store, [real, other], isStranger: true)
    #expect(outcome.missing == [other])
    #expect(outcome.failure?.kind == .verification)
    #expect(outcome.failure?.message.contains(other.digest.hex) == true)
    #expect(objects.has(real) && !objects.has(other))
    #expect(try objects.frame(real).key == real)
    // The user's own store is believed about its bytes, and compared when the object is used.
    let (_, trusted) = try await fetch(store, [real, other], isStranger: false)
    #expect(throws: VidgitError.self) { try trusted.frame(other) }
  }

  @Test func anIndexOfAnotherLengthThanItsPackIsPassedOver() async throws {
    let (store, real, _) = try await store()
    let name = try #require(
      try await store.list("packs/").keys.first { $0.text.hasSuffix(".index") })
    var text = String(decoding: try await store.bytes(of: name, limit: 1 << 20), as: UTF8.self)
    text += "\(real.digest.hex)-2x2-gray 1000000 \(real.digest.hex)\n"
    try await store.put(name, .bytes(Array(text.utf8)), replaces: true)
    let (outcome, objects) = try await fetch(store, [real], isStranger: true)
    #expect(outcome.missing == [real] && !objects.has(real))
  }
}
