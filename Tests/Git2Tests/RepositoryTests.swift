import Foundation
import Git2
import Testing

@Suite struct RepositoryTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  @Test func createTakesNothingFromTheUser() throws {
    let repository = try sandbox.create(branch: "trunk")
    #expect(try repository.head == .unborn(name: "trunk"))
    #expect(try sandbox.git("symbolic-ref", "HEAD") == "refs/heads/trunk")
    #expect(!sandbox.files(in: ".git/hooks").contains("pre-commit"))
    #expect(
      repository.workTree == URL(fileURLWithPath: sandbox.path).resolvingSymlinksInPath().path)
    #expect(repository.gitDirectory == repository.workTree! + "/.git")
    #expect(repository.commonDirectory == repository.gitDirectory)
    #expect(try repository.configString("core.autocrlf") == "false")
    #expect(sandbox.text(".git/info/attributes") == "* -text -ident !working-tree-encoding\n")
    #expect(try sandbox.git("status", "--porcelain", withHome: true) == "")
    try sandbox.fsck()
    let error = #expect(throws: Git2Error.self) { _ = try sandbox.create() }
    #expect(error?.isExists == true)
    #expect(throws: Git2Error.self) {
      _ = try Repository.create(at: sandbox.root + "/x", initialBranch: "a..b")
    }
  }

  @Test func keepBytesLeavesOtherLinesAlone() throws {
    let repository = try sandbox.create()
    try sandbox.write(".git/info/attributes", "*.md diff=markdown")
    try repository.keepBytes()
    let expected = "*.md diff=markdown\n* -text -ident !working-tree-encoding\n"
    #expect(sandbox.text(".git/info/attributes") == expected)
    try repository.keepBytes()
    #expect(sandbox.text(".git/info/attributes") == expected)
    #expect(sandbox.files(in: ".git/info") == ["attributes", "exclude"])
  }

  @Test func openAndDiscover() throws {
    let made = try sandbox.create()
    let deep = sandbox.path + "/a/b"
    try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
    #expect(try Repository(at: deep, discover: true).workTree == made.workTree)
    #expect(try sandbox.open().workTree == made.workTree)
    try sandbox.write("a/file", "")
    #expect(try Repository(at: sandbox.path + "/a/file", discover: true).workTree == made.workTree)
    var error = #expect(throws: Git2Error.self) { _ = try Repository(at: deep, discover: false) }
    #expect(error?.isNotFound == true)
    error = #expect(throws: Git2Error.self) {
      _ = try Repository(at: deep, discover: true, ceilings: [sandbox.path + "/a"])
    }
    #expect(error?.isNotFound == true)
    error = #expect(throws: Git2Error.self) {
      _ = try Repository(at: sandbox.root, discover: true, ceilings: [NSTemporaryDirectory()])
    }
    #expect(error?.isNotFound == true)
    #expect(error?.description.contains(sandbox.root) == true)
  }

  @Test func bareOnlyIfAsked() throws {
    _ = try sandbox.create()
    try sandbox.git("init", "-q", "--bare", "../bare.git")
    let bare = sandbox.root + "/bare.git"
    let error = #expect(throws: Git2Error.self) { _ = try Repository(at: bare, discover: false) }
    #expect(error?.isBare == true)
    let repository = try Repository(at: bare, discover: false, allowBare: true)
    #expect(repository.workTree == nil)
    #expect(throws: Git2Error.self) {
      try repository.checkout(
        tree: ObjectID(hex: String(repeating: "a", count: 40))!, baseline: nil)
    }
  }

  @Test(.enabled(if: getuid() == 0, "only root can give a folder away"))
  func anotherUsersRepositoryIsRefused() throws {
    _ = try sandbox.create()
    for path in [sandbox.path, sandbox.path + "/.git"] { #expect(chown(path, 12345, 12345) == 0) }
    let error = #expect(throws: Git2Error.self) { _ = try sandbox.open() }
    #expect(error?.isForeignOwner == true && error?.isNotFound == false)
  }

  @Test func linkedWorkTree() throws {
    let repository = try sandbox.create()
    let commit = try repository.commitFiles(["a": "1\n"])
    try sandbox.git("worktree", "add", "-q", "-b", "side", "../linked")
    let linked = try Repository(at: sandbox.root + "/linked", discover: false)
    #expect(linked.commonDirectory == repository.gitDirectory)
    #expect(linked.gitDirectory != repository.gitDirectory)
    #expect(try linked.head == .branch(name: "side", commit))
    #expect(try linked.status() == [])
  }

  @Test func settings() throws {
    let repository = try sandbox.create()
    #expect(try repository.configString("vidgit.store") == nil)
    try repository.setConfig("vidgit.store", to: "s3://bücket \"x\"")
    #expect(try repository.configString("vidgit.store") == "s3://bücket \"x\"")
    #expect(try sandbox.git("config", "vidgit.store") == "s3://bücket \"x\"")
    try repository.setConfig("vidgit.store", to: nil)
    try repository.setConfig("vidgit.store", to: nil)
    #expect(try repository.configString("vidgit.store") == nil)
    #expect(throws: Git2Error.self) { try repository.setConfig("no dots", to: "x") }
    #expect(throws: Git2Error.self) { try repository.setConfig("a.b", to: "x\0y") }
    // Never the user's own file.
    #expect(
      try !String(contentsOfFile: Sandbox.home + "/.gitconfig", encoding: .utf8).contains("s3"))
  }

  @Test func userSignature() throws {
    let repository = try sandbox.create()
    let signature = try #require(try repository.defaultSignature())
    #expect(signature.name == "Home Owner" && signature.email == "home@example.org")
    #expect(abs(Double(signature.time) - Date().timeIntervalSince1970) < 60)
    try repository.setConfig("user.name", to: "Somebody Else")
    #expect(try repository.defaultSignature()?.name == "Somebody Else")
  }

  @Test func objectIDs() throws {
    let hex = "00123456789abcdef0123456789abcdef01234ff"
    let id = try #require(ObjectID(hex: hex))
    #expect(id.hex == hex && id.description == hex)
    #expect(ObjectID(hex: hex.uppercased()) == id)
    for bad in ["", "12", hex + "0", String(hex.dropLast()) + "g", String(hex.dropLast()) + "٣"] {
      #expect(ObjectID(hex: bad) == nil)
    }
    let larger = try #require(ObjectID(hex: "01" + String(repeating: "0", count: 38)))
    #expect(id < larger && !(larger < id))
    let last = try #require(ObjectID(hex: String(hex.dropLast(2)) + "fe"))
    #expect(last < id)
    #expect(MemoryLayout<ObjectID>.size == 20)
  }
}
