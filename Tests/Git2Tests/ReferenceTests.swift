import Foundation
import Git2
import Testing

@Suite struct ReferenceTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func update(
    _ repository: borrowing Repository, _ name: String, to id: ObjectID, expecting: ObjectID?
  ) throws(Git2Error) {
    try repository.updateReference(
      name, to: id, expecting: expecting, signature: someone, message: "pass: noir")
  }

  @Test func compareAndSwap() throws {
    let repository = try sandbox.create()
    let one = try repository.commitFiles(["a": "1\n"])
    let two = try repository.commitFiles(["a": "2\n"])
    let name = "refs/heads/noir"

    // Must not exist.
    var error = #expect(throws: Git2Error.self) {
      try update(repository, name, to: two, expecting: one)
    }
    #expect(error?.isModified == true)
    try update(repository, name, to: one, expecting: nil)
    error = #expect(throws: Git2Error.self) {
      try update(repository, name, to: two, expecting: nil)
    }
    #expect(error?.isModified == true)
    #expect(try repository.reference(named: name) == one)

    // Must be what was seen.
    error = #expect(throws: Git2Error.self) {
      try update(repository, name, to: one, expecting: two)
    }
    #expect(error?.isModified == true)
    try update(repository, name, to: two, expecting: one)
    #expect(try sandbox.git("rev-parse", "noir") == two.hex)
    #expect(
      try sandbox.git("reflog", "show", "--format=%gn <%ge> %gs", "noir")
        == "Some One <one@example.org> pass: noir\nSome One <one@example.org> pass: noir")

    // The same when the reference is only in packed-refs.
    try sandbox.git("pack-refs", "--all")
    error = #expect(throws: Git2Error.self) {
      try update(repository, name, to: one, expecting: nil)
    }
    #expect(error?.isModified == true)
    try update(repository, name, to: one, expecting: two)
    #expect(try sandbox.git("rev-parse", "noir") == one.hex)

    // HEAD's reflog follows its branch.
    #expect(try sandbox.git("reflog", "show", "--format=%gs", "HEAD") == "commit\ncommit")
    try sandbox.fsck()
  }

  @Test func onlyWhatExistsAndIsNamedWhole() throws {
    let repository = try sandbox.create()
    let one = try repository.commitFiles(["a": "1\n"])
    let absent = ObjectID(hex: String(repeating: "1", count: 40))!
    for name in ["HEAD", "main", "refs/heads/a..b", "refs/heads/a\0b"] {
      #expect(throws: Git2Error.self) { try update(repository, name, to: one, expecting: nil) }
    }
    #expect(throws: Git2Error.self) {
      try update(repository, "refs/heads/x", to: absent, expecting: nil)
    }
    // A folder of references is in the way of one.
    try update(repository, "refs/heads/a/b", to: one, expecting: nil)
    #expect(throws: Git2Error.self) {
      try update(repository, "refs/heads/a", to: one, expecting: nil)
    }
    #expect(try sandbox.git("rev-parse", "HEAD") == one.hex)
  }

  @Test func neverToWhatIsNotOnDisk() throws {
    let repository = try sandbox.create()
    var writer = try repository.packWriter()
    let commit = try writer.writeCommit(try writer.writeFiles(["a": "1\n"]))
    let error = #expect(throws: Git2Error.self) {
      try update(repository, "refs/heads/main", to: commit, expecting: nil)
    }
    #expect(error?.isNotFound == true)
    #expect(try repository.head == .unborn(name: "main"))
    try writer.flush()
    try update(repository, "refs/heads/main", to: commit, expecting: nil)
    try sandbox.fsck()
  }

  /// Many makers of one reference: one wins, the others are told.
  @Test func oneMakerWins() async throws {
    let repository = try sandbox.create()
    let one = try repository.commitFiles(["a": "1\n"])
    let path = sandbox.path
    let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
      for maker in 0..<8 {
        group.addTask {
          let own = try Repository(at: path, discover: false)
          var writer = try own.packWriter()
          let tree = try writer.writeFiles(["b": "\(maker)\n"])
          let commit = try writer.writeCommit(tree, one)
          try writer.flush()
          while true {
            do {
              try own.updateReference(
                "refs/heads/race", to: commit, expecting: nil, signature: someone, message: "x")
              return true
            } catch let error as Git2Error {
              if error.isLocked { continue }
              if error.isModified { return false }
              throw error
            }
          }
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(wins == 1)
    #expect(try sandbox.git("reflog", "show", "--format=%gs", "race") == "x")
    try sandbox.fsck()
  }

  @Test func delete() throws {
    let repository = try sandbox.create()
    let one = try repository.commitFiles(["a": "1\n"])
    let two = try repository.commitFiles(["a": "2\n"])
    try update(repository, "refs/heads/x", to: two, expecting: nil)
    var error = #expect(throws: Git2Error.self) {
      try repository.deleteReference("refs/heads/x", expecting: one)
    }
    #expect(error?.isModified == true)
    try sandbox.git("pack-refs", "--all")
    try repository.deleteReference("refs/heads/x", expecting: two)
    #expect(try repository.reference(named: "refs/heads/x") == nil)
    #expect(try sandbox.git("branch", "--format=%(refname:short)") == "main")
    error = #expect(throws: Git2Error.self) {
      try repository.deleteReference("refs/heads/x", expecting: two)
    }
    #expect(error?.isModified == true)
    #expect(throws: Git2Error.self) { try repository.deleteReference("HEAD", expecting: two) }
  }

  @Test func headGoesToABranch() throws {
    let repository = try sandbox.create()
    try repository.commitFiles(["a": "1\n"])
    try repository.setHead(branch: "other")
    #expect(try sandbox.git("symbolic-ref", "HEAD") == "refs/heads/other")
    #expect(throws: Git2Error.self) { try repository.setHead(branch: "a b") }
  }

  @Test func staleFilesAreSweptAndNothingElse() throws {
    let repository = try sandbox.create()
    let one = try repository.commitFiles(["a": "1\n"])
    let two = try repository.commitFiles(["a": "2\n"])
    try update(repository, "refs/heads/film/noir", to: one, expecting: nil)
    let stale = [
      ".checkout_git2_123", "objects/aa/tmp_object_git2_abcdef", "objects/pack/pack-1234.idx",
      "objects/pack/pack_git2_AbCdEf", "objects/tmp_object_git2_abcdef",
    ]
    let noted = ["HEAD.lock", "refs/heads/film/noir.lock", "refs/heads/main.lock"]
    let gits = [
      "config.lock", "index.lock", "info/attributes.lock", "objects/aa/tmp_obj_AbCdEf",
      "objects/pack/tmp_pack_AbCdEf", "packed-refs.lock", "refs/remotes/origin/x.lock",
    ]
    let kept = gits + ["objects/pack/pack-1.keep"]
    let indexLock = "objects/pack/pack_git2_AbCd.idx.lock"
    for name in stale + noted + kept + [indexLock] { try sandbox.write(".git/" + name, "") }
    let packs = sandbox.files(in: ".git/objects/pack").count
    let error = #expect(throws: Git2Error.self) {
      try update(repository, "refs/heads/main", to: one, expecting: two)
    }
    #expect(error?.isLocked == true)

    #expect(try repository.sweepStaleFiles(olderThan: 600) == [])
    #expect(try Set(repository.sweepStaleFiles()) == Set(stale))
    // What a killed process told of goes, if it can be that one's.
    let now = Date().timeIntervalSince1970
    let early = NotedLocks(names: noted, time: now - 600)
    #expect(try repository.sweepStaleFiles(noted: early) == [indexLock])
    let names = noted + ["refs/heads/none.lock", "objects/pack/pack-1.keep"]
    let late = NotedLocks(names: names, time: now)
    #expect(try Set(repository.sweepStaleFiles(noted: late)) == Set(noted))
    for name in kept { #expect(sandbox.read(".git/" + name) != nil, "\(name)") }
    #expect(sandbox.files(in: ".git/objects/pack").count == packs - 3)
    try update(repository, "refs/heads/main", to: one, expecting: two)
    try update(repository, "refs/heads/film/noir", to: two, expecting: one)

    // Stock git's own go when an hour old.
    let old = Date(timeIntervalSinceNow: -4000)
    for name in kept {
      try FileManager.default.setAttributes(
        [.modificationDate: old], ofItemAtPath: sandbox.path + "/.git/" + name)
    }
    #expect(
      try repository.sweepStaleFiles().sorted() == gits)
    try sandbox.remove(".git/refs/remotes")
    try sandbox.fsck()
  }
}
