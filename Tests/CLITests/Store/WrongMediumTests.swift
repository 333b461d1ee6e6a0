import Foundation
import TestSupport
import Testing

/// Media that are not what their hash says, here and in a store.
@Suite struct WrongMediumTests {
  private func start() throws -> (Workspace, Repository, clip: String) {
    let workspace = try Workspace()
    let clip = try Clip.short.copy(to: workspace.folder, as: "clip.mp4")
    let repository = try workspace.split(clip, ["--copy"])
    try workspace.folder.folder("store")
    try repository.succeed("store", "add", "nas", "file:\(workspace.file("store"))")
    return (workspace, repository, clip)
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// Changes a byte in place, and puts the file's time back.
  private func edit(_ path: String) throws {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.seek(toOffset: 200)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: 200)
    try file.write(contentsOf: Data([byte ^ 1]))
    try file.close()
    try FileManager.default.setAttributes(
      [.modificationDate: #require(attributes[.modificationDate])], ofItemAtPath: path)
  }

  /// A copy may share its bytes with the user's file, which is edited in place then.
  @Test func aCopyThatWasChangedIsNotSent() throws {
    let (workspace, repository, clip) = try start()
    let right = try bytes(clip)
    try FileManager.default.removeItem(atPath: clip)
    let folder = repository.file(".git/vidgit/media")
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)
    try edit("\(folder)/\(name)")
    try repository.vidgit("push").expectError(Status.notFound, saying: ["clip.mp4"])
    #expect(!FileManager.default.fileExists(atPath: workspace.file("store/media/\(name)")))
    #expect(try object(repository.vidgit("status", "--json").output)["media"] != nil)
    // The right bytes again are taken.
    try right.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    try repository.succeed("push")
    #expect(try bytes(workspace.file("store/media/\(name)")) == right)
  }

  @Test func aWrongMediumInAStoreIsPutRight() throws {
    let (workspace, repository, clip) = try start()
    try repository.succeed("push")
    let folder = workspace.file("store/media")
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)
    try edit("\(folder)/\(name)")
    #expect(try repository.vidgit("push").output.hasPrefix("Nothing to do"))
    let found = try repository.vidgit("verify", "--stores", "--deep")
    #expect(found.status == Status.fault)
    #expect(
      found.output.contains("has other bytes") && found.output.contains("vidgit push --replace"),
      Comment(rawValue: found.snapshot))
    try repository.succeed("push", "--replace")
    #expect(try bytes("\(folder)/\(name)") == bytes(clip))
    try repository.succeed("verify", "--stores", "--deep")
  }
}
