import Foundation
import Git2
import Testing

@Suite struct RevisionTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  @Test func resolveWhatGitResolves() throws {
    let repository = try sandbox.create()
    let first = try repository.commitFiles(["a": "1\n"], message: "One\n")
    let second = try repository.commitFiles(["a": "2\n"], message: "Two\n", time: 1)
    try sandbox.git("tag", "-a", "v1", "-m", "tag", first.hex)
    for (spec, expected) in [
      ("HEAD", second), ("main", second), ("HEAD~1", first), ("main^", first), ("v1", first),
      (second.hex, second), (String(second.hex.prefix(10)), second), ("refs/heads/main", second),
      (":/One", first), ("main@{1}", first), ("HEAD^{commit}", second),
    ] {
      #expect(try repository.resolve(spec) == expected, "\(spec)")
    }
    let absent = #expect(throws: Git2Error.self) { _ = try repository.resolve("nowhere") }
    #expect(absent?.isNotFound == true)
    #expect(absent?.description.contains("nowhere") == true)
    let malformed = #expect(throws: Git2Error.self) { _ = try repository.resolve("HEAD^{") }
    #expect(malformed?.isInvalidSpec == true)
    // A blob is no commit.
    #expect(throws: Git2Error.self) { _ = try repository.resolve("HEAD:a") }
  }

  @Test func headInItsThreeStates() throws {
    let repository = try sandbox.create()
    #expect(try repository.head == .unborn(name: "main"))
    let commit = try repository.commitFiles(["a": "1\n"])
    #expect(try repository.head == .branch(name: "main", commit))
    try sandbox.git("checkout", "-q", "--detach", "-f")
    #expect(try repository.head == .detached(commit))
    try repository.setHead(branch: "next/one")
    #expect(try repository.head == .unborn(name: "next/one"))
  }

  @Test func branchesAndNames() throws {
    let repository = try sandbox.create()
    #expect(try repository.branches() == [])
    let commit = try repository.commitFiles(["a": "1\n"])
    for name in ["z", "film/noir", "Ä", "a"] { try sandbox.git("branch", name) }
    try sandbox.git("pack-refs", "--all")
    #expect(try repository.branches().map(\.name) == ["a", "film/noir", "main", "z", "Ä"])
    #expect(try repository.branches().allSatisfy { $0.commit == commit })
    #expect(try repository.reference(named: "refs/heads/film/noir") == commit)
    #expect(try repository.reference(named: "refs/heads/none") == nil)
    for name in ["noir", "film/noir", "50s"] { #expect(try Repository.isValidBranchName(name)) }
    for name in ["", "-a", "a..b", "a b", "HEAD", "a.lock", "a\0", "/a", "a~1"] {
      #expect(try !Repository.isValidBranchName(name), "\(name)")
    }
  }

  @Test func historyAndAncestors() throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let tree = try writer.writeFiles(["a": "1\n"])
    let root = try writer.writeCommit(tree, message: "root")
    let left = try writer.writeCommit(tree, root, message: "left", time: 10)
    let right = try writer.writeCommit(tree, root, message: "right", time: 20)
    let merge = try writer.writeCommit(tree, left, right, message: "merge", time: 30)
    let apart = try writer.writeCommit(tree, message: "apart", time: 5)
    try writer.flush()
    var messages: [String] = []
    var history = try repository.history(from: merge)
    while let commit = try history.next() { messages.append(commit.message) }
    #expect(messages == ["merge", "right", "left", "root"])
    #expect(try history.next() == nil)
    #expect(
      try sandbox.git("log", "--topo-order", "--format=%s", merge.hex) == "merge\nright\nleft\nroot"
    )
    #expect(try repository.mergeBase(left, right) == root)
    #expect(try repository.mergeBase(left, apart) == nil)
    #expect(try repository.isAncestor(root, of: merge))
    #expect(try repository.isAncestor(merge, of: merge))
    #expect(try !repository.isAncestor(merge, of: root))
    #expect(try !repository.isAncestor(left, of: right))
    #expect(throws: Git2Error.self) {
      _ = try repository.history(from: ObjectID(hex: String(repeating: "2", count: 40))!)
    }
  }

  @Test func objectsByKind() throws {
    let repository = try sandbox.create()
    let commit = try repository.commitFiles(["a": "12345", "d/b": "2\n"])
    let tree = try repository.commit(commit).tree
    let entries = try repository.tree(tree)
    #expect(entries.map(\.name) == ["a", "d"] && entries.map(\.mode) == [0o100644, 0o40000])
    #expect(entries.map(\.isFolder) == [false, true])
    #expect(try repository.blobSize(entries[0].id) == 5)
    #expect(try repository.entry(at: "d/b", in: tree) == repository.tree(entries[1].id).first)
    #expect(try repository.entry(at: "d/c", in: tree) == nil)
    #expect(try repository.entry(at: "a/b", in: tree) == nil)
    #expect(throws: Git2Error.self) { _ = try repository.blobSize(tree) }
    #expect(throws: Git2Error.self) { try repository.withBlob(tree) { _ in } }
    #expect(throws: Git2Error.self) { _ = try repository.tree(commit) }
    #expect(throws: Git2Error.self) { _ = try repository.commit(tree) }
    let absent = ObjectID(hex: String(repeating: "3", count: 40))!
    #expect(repository.exists(absent) == false)
    let error = #expect(throws: Git2Error.self) { _ = try repository.blobSize(absent) }
    #expect(error?.isNotFound == true)
  }

  /// Trees that no honest tool makes come back as they are, for the caller to refuse.
  @Test func hostileTreesAreReadAsTheyAre() throws {
    let repository = try sandbox.create()
    let blob = try sandbox.git("hash-object", "-w", "--stdin", input: Data("evil\n".utf8))
    let raw = Data(
      (0..<20).map { UInt8(blob.dropFirst($0 * 2).prefix(2), radix: 16)! })
    var content = Data()
    for name in ["../evil", ".git", "a", "a", "a\\b", "b\u{200c}", "\u{202e}c"] {
      content += Data("100644 \(name)\0".utf8) + raw
    }
    content += Data("100600 ".utf8) + Data([0x66, 0xff, 0xfe]) + Data([0]) + raw
    let id = try #require(
      ObjectID(
        hex: try sandbox.git(
          "hash-object", "-t", "tree", "-w", "--stdin", "--literally", input: content)))
    let entries = try repository.tree(id)
    #expect(
      entries.map(\.name) == [
        "../evil", ".git", "a", "a", "a\\b", "b\u{200c}", "\u{202e}c", "f\u{fffd}\u{fffd}",
      ])
    #expect(entries.map(\.nameIsUTF8) == [true, true, true, true, true, true, true, false])
    #expect(entries.last?.mode == 0o100600)
    #expect(try repository.entry(at: "a", in: id) != nil)
    #expect(try repository.entry(at: "../evil", in: id) == nil)
    // And even if a caller did not look: nothing is written outside, or into .git.
    try? repository.checkout(tree: id, baseline: nil)
    #expect(!FileManager.default.fileExists(atPath: sandbox.root + "/evil"))
    #expect(FileManager.default.fileExists(atPath: sandbox.path + "/.git/HEAD"))
  }

  @Test func commitsThatAreNotUTF8() throws {
    let repository = try sandbox.create()
    let commit = try repository.commitFiles(["a": "1\n"])
    let tree = try repository.commit(commit).tree
    var content = Data("tree \(tree.hex)\nauthor J".utf8)
    content += Data([0xf6])
    content += Data("rg <j@x> 5 +0000\ncommitter J <j@x> 5 +0000\n\nbl".utf8) + Data([0xe4, 0x0a])
    let hex = try sandbox.git(
      "hash-object", "-t", "commit", "-w", "--stdin", "--literally", input: content)
    let read = try repository.commit(try #require(ObjectID(hex: hex)))
    #expect(read.author.name == "J\u{fffd}rg" && read.message == "bl\u{fffd}\n")
  }
}
