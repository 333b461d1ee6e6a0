import Foundation
import Git2
import Testing

@Suite struct WorkTreeTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Writes trees, moves main to the last of them, and returns them.
  private func trees(
    _ repository: borrowing Repository, _ contents: [String: String]...
  ) throws -> [ObjectID] {
    try contents.map { try repository.commit(repository.commitFiles($0)).tree }
  }

  /// Stock git, with the user's hostile configuration, sees no change; and files are as committed.
  private func expectClean(_ repository: borrowing Repository) throws {
    #expect(try repository.status() == [])
    #expect(try sandbox.git("status", "--porcelain", withHome: true) == "")
    #expect(try sandbox.git("status", "--porcelain") == "")
    try sandbox.git("update-index", "--really-refresh", "-q", withHome: true)
    #expect(try sandbox.git("diff", "--stat", "HEAD", withHome: true) == "")
    for path in try sandbox.git("ls-files").split(separator: "\n") {
      #expect(
        try sandbox.gitBytes(["cat-file", "blob", "HEAD:\(path)"]) == sandbox.read(String(path)))
    }
  }

  @Test func byteForByte() throws {
    let repository = try sandbox.create()
    let files = [
      "lf": "a\nb\n", "crlf": "a\r\nb\r\n", "mixed": "a\r\nb\n", "id.c": "$Id$\n", "empty": "",
      ".gitattributes": "* text eol=crlf ident\nlf working-tree-encoding=UTF-16\n",
      "sub/dir/x": "x\n",
    ]
    let tree = try trees(repository, files)[0]
    try repository.checkout(tree: tree, baseline: nil)
    for (name, content) in files { #expect(sandbox.text(name) == content, "\(name)") }
    try expectClean(repository)
    // And on the way in by stock git.
    try sandbox.write("new", "x\r\ny\n")
    try sandbox.git("add", "new", withHome: true)
    #expect(try sandbox.gitBytes(["cat-file", "blob", ":new"]) == Data("x\r\ny\n".utf8))
  }

  @Test func fromTreeToTree() throws {
    let repository = try sandbox.create()
    let both = try trees(
      repository, ["same": "s\n", "changed": "1\n", "gone/x": "x\n", "was/folder": "y\n"],
      ["same": "s\n", "changed": "2\n", "new/y": "y\n", "was": "file\n"])
    try repository.checkout(tree: both[0], baseline: nil)
    try sandbox.write("mine.txt", "untracked\n")
    try repository.checkout(tree: both[1], baseline: both[0])
    #expect(sandbox.text("changed") == "2\n" && sandbox.text("new/y") == "y\n")
    #expect(sandbox.text("was") == "file\n" && sandbox.text("mine.txt") == "untracked\n")
    #expect(sandbox.files(in: "") == [".git", "changed", "mine.txt", "new", "same", "was"])
    #expect(try sandbox.git("status", "--porcelain") == "?? mine.txt")
    // Again, and where a file was deleted by hand.
    try sandbox.remove("changed")
    try repository.checkout(tree: both[1], baseline: both[0])
    try sandbox.remove("mine.txt")
    try expectClean(repository)
    // Back, with a mode.
    try repository.checkout(tree: both[0], baseline: both[1])
    #expect(sandbox.text("was/folder") == "y\n" && sandbox.text("changed") == "1\n")
  }

  @Test func localChangesAreLeftAlone() throws {
    let repository = try sandbox.create()
    let both = try trees(
      repository, ["a": "a1\n", "b": "b1\n", "c": "c1\n", "d": "d\n", "e": "e\n"],
      ["a": "a2\n", "b": "b2\n", "d": "d\n", "f": "f\n", "g": "g\n"])
    try repository.checkout(tree: both[0], baseline: nil)
    try sandbox.write("a", "mine\n")  // changed here and there
    try sandbox.write("c", "mine\n")  // changed here, removed there
    try sandbox.write("d", "mine\n")  // changed here only: no conflict
    try sandbox.write("f", "mine\n")  // untracked here, added there
    try sandbox.write(".git/info/exclude", "g\n")
    try sandbox.write("g", "mine\n")  // ignored here, added there
    let before = try sandbox.git("status", "--porcelain")
    let conflict = #expect(throws: CheckoutConflict.self) {
      try repository.checkout(tree: both[1], baseline: both[0])
    }
    #expect(conflict?.paths == ["a", "c", "f", "g"])
    #expect(conflict?.description.contains("4 file(s): a, c, f, g") == true)
    for name in ["a", "c", "d", "f", "g"] { #expect(sandbox.text(name) == "mine\n") }
    #expect(sandbox.text("b") == "b1\n" && sandbox.text("e") == "e\n")
    #expect(try sandbox.git("status", "--porcelain") == before)

    for name in ["c", "f", "g"] { try sandbox.remove(name) }
    try sandbox.write("a", "a1\n")
    try repository.checkout(tree: both[1], baseline: both[0])
    #expect(sandbox.text("a") == "a2\n" && sandbox.text("d") == "mine\n")
    #expect(sandbox.text("g") == "g\n" && sandbox.text("e") == nil)
    #expect(try sandbox.git("status", "--porcelain") == " M d")
  }

  /// A file and a folder of one name swap places, with and without local changes.
  @Test func fileAndFolderSwapPlaces() throws {
    let repository = try sandbox.create()
    let both = try trees(
      repository, ["was/folder": "y\n", "was/deep/er": "z\n"], ["was": "file\n"])
    func lay(_ files: [String: String]) throws {
      try? sandbox.remove("was")
      for (name, text) in files { try sandbox.write(name, text) }
    }
    func expectConflict(_ paths: [String], from: Int, _ files: [String: String]) throws {
      try lay(files)
      #expect(throws: CheckoutConflict(paths: paths)) {
        try repository.checkout(tree: both[1 - from], baseline: both[from])
      }
      for (name, text) in files { #expect(sandbox.text(name) == text) }
    }
    try repository.checkout(tree: both[0], baseline: nil)
    let clean = ["was/folder": "y\n", "was/deep/er": "z\n"]
    try expectConflict(["was"], from: 0, ["was": "mine"])
    try expectConflict(["was/other"], from: 0, clean.merging(["was/other": "mine"]) { $1 })
    try expectConflict(["was/folder"], from: 0, clean.merging(["was/folder": "mine"]) { $1 })
    try lay(clean)
    for _ in 0..<3 {
      try repository.checkout(tree: both[1], baseline: both[0])
      try expectClean(repository)
    }
    try repository.commitFiles(["was/folder": "y\n", "was/deep/er": "z\n"])
    try expectConflict(["was"], from: 1, ["was": "mine"])
    try expectConflict(["was/folder"], from: 1, ["was/folder": "mine"])
    try lay(["was": "file\n"])
    for _ in 0..<3 {
      try repository.checkout(tree: both[0], baseline: both[1])
      try expectClean(repository)
    }
    // Half way: the folder's files are gone, the folder is not.
    try FileManager.default.removeItem(atPath: sandbox.path + "/was/deep/er")
    try sandbox.git("update-ref", "refs/heads/main", "main~1")
    try repository.checkout(tree: both[1], baseline: both[0])
    try expectClean(repository)
  }

  @Test func modesLinksAndSubmodules() throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let (text, target) = (try writer.writeBlob("text\n"), try writer.writeBlob("a/target"))
    let commit = try writer.writeCommit(try writer.writeFiles([:]))
    let first = try writer.writeTree([
      TreeEntry(name: "exec", mode: 0o100755, id: text),
      TreeEntry(name: "link", mode: 0o120000, id: target),
      TreeEntry(name: "plain", mode: 0o100644, id: text),
      TreeEntry(name: "sub", mode: 0o160000, id: commit),
    ])
    let second = try writer.writeTree([
      TreeEntry(name: "exec", mode: 0o100644, id: text),
      TreeEntry(name: "link", mode: 0o100644, id: target),
      TreeEntry(name: "plain", mode: 0o120000, id: target),
    ])
    let commits = [try writer.writeCommit(first), try writer.writeCommit(second)]
    try writer.flush()
    var expected: ObjectID? = nil
    var before: ObjectID? = nil
    for (commit, tree) in [(commits[0], first), (commits[1], second), (commits[0], first)] {
      try repository.updateReference(
        "refs/heads/main", to: commit, expecting: expected, signature: someone, message: "x")
      for _ in 0..<2 {
        try repository.checkout(tree: tree, baseline: before)
        #expect(try repository.status() == [])
        #expect(try sandbox.git("status", "--porcelain", withHome: true) == "")
      }
      (expected, before) = (commit, tree)
    }
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: sandbox.path + "/link")
        == "a/target")
  }

  @Test func stagedWorkIsAConflict() throws {
    let repository = try sandbox.create()
    let both = try trees(repository, ["a": "1\n", "b": "1\n"], ["a": "2\n", "b": "1\n"])
    try repository.checkout(tree: both[0], baseline: nil)
    try sandbox.write("a", "staged\n")
    try sandbox.git("add", "a")
    try sandbox.write("a", "1\n")
    #expect(throws: CheckoutConflict(paths: ["a"])) {
      try repository.checkout(tree: both[1], baseline: both[0])
    }
    #expect(try sandbox.git("cat-file", "-p", ":a") == "staged")
    try sandbox.git("reset", "-q", both[0].hex, "--", "a")
    // What is staged elsewhere stays so.
    try sandbox.write("c", "mine\n")
    try sandbox.git("add", "c")
    try repository.checkout(tree: both[1], baseline: both[0])
    #expect(try sandbox.git("status", "--porcelain") == "A  c")
  }

  /// A link where a folder should be is not followed.
  @Test func linksAreNotFollowed() throws {
    let repository = try sandbox.create()
    let tree = try trees(repository, ["frames/0": "0\n"])[0]
    let outside = sandbox.root + "/outside"
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path + "/frames", withDestinationPath: outside)
    #expect(throws: (any Error).self) { try repository.checkout(tree: tree, baseline: nil) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == [])
    // Nor when files are to be removed behind it.
    try Data("0\n".utf8).write(to: URL(fileURLWithPath: outside + "/0"))
    let nothing = try trees(repository, ["x": "x\n"])[0]
    try repository.checkout(tree: nothing, baseline: tree)
    #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["0"])
  }

  /// Every state that a killed checkout can leave: some files new, one cut short, the index old.
  @Test(arguments: [0, 1, 3, 6], [0, 5, 14])
  func interruptedCheckoutRunsAgain(done: Int, cut: Int) throws {
    let repository = try sandbox.create()
    let names = (0..<6).map { "frames/\($0)" }
    let old = Dictionary(uniqueKeysWithValues: names.map { ($0, "the old line \($0)\n") })
    var new = Dictionary(uniqueKeysWithValues: names.map { ($0, "the newer line \($0)\n") })
    new["frames/6"] = "the newest line\n"
    let both = try trees(repository, old.merging(["gone": "x\n"]) { $1 }, new)
    try repository.checkout(tree: both[0], baseline: nil)
    try sandbox.remove("gone")
    for (place, name) in (names + ["frames/6"]).enumerated() {
      let target = new[name]!
      if place < done { try sandbox.write(name, target) }
      if place == done { try sandbox.write(name, String(target.prefix(cut))) }
    }
    try repository.checkout(tree: both[1], baseline: both[0])
    for (name, text) in new { #expect(sandbox.text(name) == text, "\(name)") }
    try expectClean(repository)
    // A first checkout, all files there and the index not.
    try sandbox.remove(".git/index")
    try repository.checkout(tree: both[1], baseline: nil)
    try expectClean(repository)
    try repository.checkout(tree: both[1], baseline: nil)
    try expectClean(repository)
  }

  @Test func aBeginningThatDiffersIsAConflict() throws {
    let repository = try sandbox.create()
    let both = try trees(repository, ["a": "one line\n"], ["a": "another line\n"])
    try repository.checkout(tree: both[0], baseline: nil)
    try sandbox.write("a", "anothex")
    #expect(throws: CheckoutConflict(paths: ["a"])) {
      try repository.checkout(tree: both[1], baseline: both[0])
    }
    try sandbox.write("a", "another line\nand more\n")
    #expect(throws: CheckoutConflict(paths: ["a"])) {
      try repository.checkout(tree: both[1], baseline: both[0])
    }
  }

  @Test func statusSeesWhatGitSees() throws {
    let repository = try sandbox.create()
    let tree = try trees(
      repository,
      ["a": "1\n", "b": "2\n", "c": "3\n", "d": "4\n", "l": "5\n", ".gitignore": "no\n"])[0]
    try repository.checkout(tree: tree, baseline: nil)
    try expectClean(repository)
    try sandbox.write("a", "changed\n")
    try sandbox.remove("b")
    try sandbox.write("c", "staged\n")
    try sandbox.git("add", "c")
    try sandbox.git("rm", "-q", "d")
    try sandbox.remove("l")
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path + "/l", withDestinationPath: "a")
    try sandbox.write("new/one", "x")
    try sandbox.write("new/two", "x")
    try sandbox.write("added", "x")
    try sandbox.git("add", "added")
    try sandbox.write("no", "ignored")
    let index = sandbox.read(".git/index")
    let status = try repository.status()
    #expect(sandbox.read(".git/index") == index)
    #expect(status.map(\.path) == ["a", "added", "b", "c", "d", "l", "new/one", "new/two"])
    #expect(
      status.map(\.kind) == [
        .modified, .added, .deleted, .modified, .deleted, .typeChanged, .untracked, .untracked,
      ])
    #expect(status.map(\.isStaged) == [false, true, false, true, true, false, false, false])
    #expect(status.map(\.isUnstaged) == [true, false, true, false, false, true, true, true])
  }

  /// An edit of the same size within the clock tick of the checkout ("racy git").
  @Test func quickEditsOfTheSameSizeAreSeen() throws {
    let repository = try sandbox.create()
    let both = try trees(repository, ["a": "1\n"], ["a": "2\n"])
    for round in 0..<20 {
      try repository.checkout(
        tree: both[round % 2], baseline: round == 0 ? nil : both[1 - round % 2])
      try sandbox.write("a", "\(3 + round % 5)\n")
      #expect(try repository.status().contains { $0.path == "a" } == true, "\(round)")
      #expect(throws: CheckoutConflict(paths: ["a"])) {
        try repository.checkout(tree: both[1 - round % 2], baseline: both[round % 2])
      }
      try sandbox.write("a", round % 2 == 0 ? "1\n" : "2\n")
    }
  }
}
