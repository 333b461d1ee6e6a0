import Foundation
import TestSupport
import Testing

/// What `vidgit gc` removes and what it keeps.
@Suite struct GcTests {
  @Test func keepsWhatABranchNeeds() throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    let result = try repository.gc()
    #expect(try GcReport.count(result, "objects") == 0)
    #expect(try repository.objects() == before)
    _ = try repository.git("switch", "-q", "trails")
    try repository.succeed("verify", "--deep")
  }

  @Test func removesWhatNothingNeeds() throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    try repository.forgetTrails()

    let dry = try repository.gc("--dry-run")
    #expect(try GcReport.count(dry, "objects") == before.count)
    #expect(try repository.objects() == before)
    let result = try repository.gc()
    #expect(try GcReport.count(result, "objects") == before.count)
    #expect(result["results"] as? Int == dry["results"] as? Int)
    #expect((result["results"] as? Int ?? 0) >= before.count)
    #expect(try repository.objects() == [])
    #expect(try GcReport.count(repository.gc(), "objects") == 0)
    // The same pass makes everything anew.
    let again = try repository.succeed("filter", "trails", "-b", "again", "--json")
    #expect(try object(again.output)["reused"] as? Int == 0)
    #expect(try repository.objects() == before)
    try repository.succeed("verify", "--deep")
  }

  /// Files without a name of their own yet, of a process that was killed: no age is asked.
  @Test func clearsWhatAKilledProcessHasLeft() throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    let places = [
      "objects/\(try #require(before.first)).tmp-1-2", "media/pictures.tmp-1", "x.json.tmp-1",
    ]
    let files = places.map { repository.file(".git/vidgit/\($0)") }
    func write() throws {
      for file in files {
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(fileURLWithPath: file))
      }
    }
    func left() -> Int { files.count { FileManager.default.fileExists(atPath: $0) } }
    try write()
    // Somebody is at work there: they may be theirs.
    let user = open(repository.file(".git/vidgit"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    #expect(flock(user, LOCK_SH) == 0)
    try Tool.vidgit.succeed(["gc", "--prune=now"], in: repository.path)
    #expect(left() == 3)
    close(user)
    let dry = try Tool.vidgit.succeed(["gc", "--dry-run", "--json"], in: repository.path)
    #expect(try GcReport.count(object(dry.output), "leftovers") == 3)
    #expect(left() == 3)
    let result = try Tool.vidgit.succeed(["gc", "--json"], in: repository.path)
    #expect(try GcReport.count(object(result.output), "leftovers") == 3)
    #expect(left() == 0)
    #expect(try repository.objects() == before)
  }

  @Test func keepsWhatIsYoung() throws {
    let repository = try Repository.withTrails()
    let before = try repository.objects()
    try repository.forgetTrails()
    let result = try Tool.vidgit.succeed(["gc"], in: repository.path)
    #expect(result.output.contains("because they are young"))
    #expect(try repository.objects() == before)
    let never = try Tool.vidgit.succeed(["gc", "--prune=never"], in: repository.path)
    #expect(never.output.contains("Removed 0 objects"))
    // Fifteen days later.
    for name in before {
      let path = repository.file(".git/vidgit/objects/\(name)")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -15 * 86_400)], ofItemAtPath: path)
    }
    try Tool.vidgit.succeed(["gc"], in: repository.path)
    #expect(try repository.objects() == [])
  }

  @Test func removesMediaThatNoRevisionNames() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short, ["--copy"])
    let media = repository.file(".git/vidgit/media")
    #expect(try FileManager.default.contentsOfDirectory(atPath: media).count == 1)
    let stranger = String(repeating: "a", count: 64)
    try Data("old".utf8).write(to: URL(fileURLWithPath: "\(media)/\(stranger)"))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(media)/README"))
    #expect(try GcReport.count(repository.gc("--keep-media"), "media") == 0)
    #expect(try GcReport.count(repository.gc(), "media") == 1)
    let left = try FileManager.default.contentsOfDirectory(atPath: media)
    #expect(!left.contains(stranger) && left.contains("README") && left.count == 2)
    try repository.succeed("verify", "--deep")
  }

  /// Branches and files that have nothing to do with video are in nobody's way.
  @Test func passesOverWhatIsNoVideo() throws {
    let repository = try Repository.withTrails()
    try repository.forgetTrails()
    _ = try repository.git("switch", "-q", "--orphan", "pages")
    let folder = repository.file("media")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("no JSON".utf8).write(to: URL(fileURLWithPath: "\(folder)/a.css"))
    try Data(count: 33 << 20).write(to: URL(fileURLWithPath: "\(folder)/big.mp4"))
    _ = try repository.git("add", "media")
    _ = try repository.git("commit", "-q", "-m", "pages")
    try Data(count: 34 << 20).write(to: URL(fileURLWithPath: "\(folder)/bigger.mp4"))
    #expect(try GcReport.count(repository.gc(), "objects") > 0)
    #expect(try repository.objects() == [])
  }
}
