import Foundation
import Git2
import Testing

@Suite struct PackWriterTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private var packs: [String] {
    sandbox.files(in: ".git/objects/pack").filter { $0.hasSuffix(".pack") }
  }

  @Test func objectsAreWhatGitMakes() throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let blob = try writer.writeBlob("hello\r\n")
    #expect(blob.hex == (try sandbox.git("hash-object", "--stdin", input: Data("hello\r\n".utf8))))
    let empty = try writer.writeBlob(bytes: UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(empty.hex == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    let tree = try writer.writeTree([
      TreeEntry(name: "b", mode: TreeEntry.fileMode, id: blob),
      TreeEntry(name: "a.txt", mode: TreeEntry.executableMode, id: empty),
    ])
    let nested = try writer.writeTree([
      TreeEntry(name: "a", mode: TreeEntry.folderMode, id: tree),
      TreeEntry(name: "a.b", mode: TreeEntry.fileMode, id: blob),
    ])
    let commit = try writer.writeCommit(
      tree: nested, parents: [],
      author: Signature(name: "Zoë", email: "z@example.org", time: 7, offsetMinutes: -90),
      committer: someone, message: "Subject\n\nBody\n")

    // Read before anything is on disk.
    #expect([commit, blob].allSatisfy { repository.exists($0) } == true)
    #expect(try repository.withBlob(blob) { Array($0) } == Array("hello\r\n".utf8))
    #expect(try repository.entry(at: "a/b", in: nested)?.id == blob)
    #expect(try repository.commit(commit).tree == nested)
    #expect(packs == [])
    try writer.flush()
    #expect(packs.count == 1)
    #expect(writer.packCount == 1 && writer.objectCount == 5)
    try writer.flush()
    #expect(packs.count == 1)

    try sandbox.git("update-ref", "refs/heads/main", commit.hex)
    try sandbox.fsck()
    #expect(
      try sandbox.git("cat-file", "-p", commit.hex) == """
        tree \(nested.hex)
        author Zoë <z@example.org> 7 -0130
        committer Some One <one@example.org> 1700000000 +0100

        Subject

        Body
        """)
    #expect(
      try sandbox.git("ls-tree", "-r", commit.hex) == """
        100644 blob \(blob.hex)\ta.b
        100755 blob \(empty.hex)\ta/a.txt
        100644 blob \(blob.hex)\ta/b
        """)
    let read = try repository.commit(commit)
    #expect(read.author.name == "Zoë" && read.author.time == 7 && read.author.offsetMinutes == -90)
    #expect(read.committer == someone && read.message == "Subject\n\nBody\n")
    #expect(read.parents == [] && read.id == commit)
  }

  @Test func whatIsThereIsNotWrittenAgain() throws {
    let repository = try sandbox.create()
    try sandbox.write("loose", "loose\n")
    try sandbox.git("hash-object", "-w", "loose")
    let first = try repository.commitFiles(["a": "1\n", "d/b": "2\n"])
    let again = try sandbox.open()
    var writer = try again.packWriter()
    _ = try writer.writeBlob("loose\n")
    let tree = try writer.writeFiles(["a": "1\n", "d/b": "2\n"])
    #expect(try again.commit(first).tree == tree)
    _ = try writer.writeCommit(tree)
    try writer.flush()
    #expect(writer.objectCount == 0 && writer.packCount == 0)
    #expect(packs.count == 1)
    let one = try writer.writeBlob("twice\n")
    #expect(try writer.writeBlob("twice\n") == one)
    try writer.flush()
    #expect(writer.objectCount == 1)
  }

  @Test func unflushedObjectsAreForgotten() throws {
    let repository = try sandbox.create()
    let id: ObjectID
    let commit: ObjectID
    do {
      var writer = try repository.packWriter()
      id = try writer.writeBlob("gone\n")
      commit = try writer.writeCommit(try writer.updateTree(base: nil, changes: ["a": id]))
      #expect(try repository.commit(commit).id == commit)
      #expect(repository.exists(id) == true)
      let error = #expect(throws: Git2Error.self) { _ = try repository.packWriter() }
      #expect(error?.isLocked == true)
    }
    #expect(repository.exists(id) == false)
    // libgit2 has this one in its cache.
    #expect(repository.exists(commit) == false)
    var writer = try repository.packWriter()
    #expect(try writer.writeBlob("gone\n") == id)
    try writer.flush()
    #expect(try sandbox.git("cat-file", "-p", id.hex) == "gone")
  }

  @Test func updateTree() throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let (one, two) = (try writer.writeBlob("1\n"), try writer.writeBlob("2\n"))
    let script = try writer.writeTree([TreeEntry(name: "x.sh", mode: 0o100755, id: one)])
    let base = try writer.updateTree(
      base: script,
      changes: [
        "video.json": one, "frames/0": one, "frames/1": one, "deep/er/x": two,
      ])
    func list(_ tree: ObjectID) throws -> [String] {
      try sandbox.git("ls-tree", "-r", tree.hex).split(separator: "\n").map {
        let fields = $0.split { $0 == " " || $0 == "\t" }
        return "\(fields[0]) \(fields[3]) \(fields[2] == one.hex ? 1 : 2)"
      }
    }
    let changed = try writer.updateTree(
      base: base,
      changes: [
        "frames/1": two, "frames/2": two, "deep/er/x": nil, "absent/y": nil,
        "x.sh": two, "video.json/z": nil,
      ])
    let swapped = try writer.updateTree(
      base: base, changes: ["frames": nil, "frames/9": two, "video.json/a": two])
    let nothing = try writer.updateTree(
      base: base,
      changes: ["frames": nil, "deep": nil, "x.sh": nil, "video.json": nil])
    try writer.flush()
    #expect(
      try list(base) == [
        "100644 deep/er/x 2", "100644 frames/0 1", "100644 frames/1 1", "100644 video.json 1",
        "100755 x.sh 1",
      ])
    #expect(
      try list(changed) == [
        "100644 frames/0 1", "100644 frames/1 2", "100644 frames/2 2", "100644 video.json 1",
        "100755 x.sh 2",
      ])
    #expect(
      try list(swapped) == [
        "100644 deep/er/x 2", "100644 frames/9 2", "100644 video.json/a 2", "100755 x.sh 1",
      ])
    #expect(nothing.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    #expect(try writer.updateTree(base: base, changes: [:]) == base)
    try sandbox.fsck()
  }

  @Test(arguments: [
    "", "/a", "a/", "a//b", "..", "a/../b", ".git/config", "a/.GIT/x", "a\0b", "git~1",
  ])
  func badPathsAreRefused(path: String) throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let blob = try writer.writeBlob("x")
    #expect(throws: Git2Error.self) {
      _ = try writer.updateTree(base: nil, changes: [path: blob])
    }
  }

  @Test func badObjectsAreRefused() throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let blob = try writer.writeBlob("x")
    let absent = ObjectID(hex: String(repeating: "1", count: 40))!
    let entry = TreeEntry(name: "a", mode: TreeEntry.fileMode, id: blob)
    #expect(throws: Git2Error.self) { _ = try writer.writeTree([entry, entry]) }
    #expect(throws: Git2Error.self) {
      _ = try writer.writeTree([TreeEntry(name: "a", mode: TreeEntry.fileMode, id: absent)])
    }
    #expect(throws: Git2Error.self) {
      _ = try writer.writeTree([TreeEntry(name: "a", mode: 0o100600, id: blob)])
    }
    #expect(throws: Git2Error.self) {
      _ = try writer.updateTree(base: nil, changes: ["a": blob, "a/b": blob])
    }
    let tree = try writer.writeTree([entry])
    #expect(throws: Git2Error.self) { _ = try writer.writeCommit(blob) }
    #expect(throws: Git2Error.self) { _ = try writer.writeCommit(tree, absent) }
    #expect(throws: Git2Error.self) { _ = try writer.writeCommit(tree, message: "a\0b") }
    for (name, email) in [("", "a@b"), ("a<b", "a@b"), ("a", "a>b"), ("a\0", "a@b")] {
      let signature = Signature(name: name, email: email, time: 0, offsetMinutes: 0)
      #expect(throws: Git2Error.self) {
        _ = try writer.writeCommit(
          tree: tree, parents: [], author: signature, committer: signature, message: "x")
      }
    }
  }

  /// 40 MiB with a limit of 32: one pack on the way, one at the end, and no reference moves.
  @Test func largeCommitFlushesOnTheWay() throws {
    let repository = try sandbox.create()
    let before = try repository.commitFiles(["a": "1\n"])
    var writer = try repository.packWriter()
    var changes: [String: ObjectID?] = [:]
    var total = 0
    var place = 0
    var firstFlushAt = 0
    while total < 40 << 20 {
      let bytes = shard(place, lines: 10_000)
      changes["frames/\(place).jsonl"] = .some(try writer.writeBlob(bytes))
      total += bytes.count
      place += 1
      if writer.packCount == 1 && firstFlushAt == 0 { firstFlushAt = total }
    }
    #expect(firstFlushAt >= 32 << 20 && firstFlushAt < 36 << 20)
    let tree = try writer.updateTree(base: nil, changes: changes)
    let commit = try writer.writeCommit(tree, before)
    try writer.flush()
    #expect(writer.packCount == 2 && packs.count == 3)
    #expect(sandbox.files(in: ".git/objects/pack").count == 6)
    try sandbox.fsck()

    // As if killed here: the branch is where it was, and the commit is all there.
    #expect(try repository.reference(named: "refs/heads/main") == before)
    #expect(try sandbox.git("rev-parse", "main") == before.hex)
    let other = try sandbox.open()
    try other.updateReference(
      "refs/heads/main", to: commit, expecting: before, signature: someone, message: "pass")
    #expect(try sandbox.git("cat-file", "blob", "main:frames/3.jsonl").utf8.count > 1 << 20)
    #expect(
      try sandbox.gitBytes(["cat-file", "blob", "main:frames/3.jsonl"])
        == Data(shard(3, lines: 10_000)))
    try sandbox.fsck()
  }

  @Test func failedFlushCanBeTriedAgain() throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let blob = try writer.writeBlob("x\n")
    let folder = sandbox.path + "/.git/objects/pack"
    try FileManager.default.moveItem(atPath: folder, toPath: folder + ".away")
    try sandbox.write(".git/objects/pack", "in the way")
    #expect(throws: Git2Error.self) { try writer.flush() }
    #expect(repository.exists(blob) == true)
    try sandbox.remove(".git/objects/pack")
    try FileManager.default.moveItem(atPath: folder + ".away", toPath: folder)
    try writer.flush()
    #expect(try sandbox.git("cat-file", "-p", blob.hex) == "x")
    #expect(sandbox.files(in: ".git/objects/pack").count == 2)
  }
}
