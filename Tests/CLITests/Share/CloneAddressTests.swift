import Foundation
import TestSupport
import Testing

/// Folders of this machine as addresses, as git takes them.
@Suite struct CloneAddressTests {
  @Test func foldersByPathAndByURL() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let bare = workspace.file("the film.git")
    try Tool.git.succeed(["clone", "-q", "--bare", repository.path, bare])
    let url = "file://" + bare.replacing(" ", with: "%20")
    for (address, name) in [(bare, "one"), ("the film.git", "two"), (url, "three")] {
      try Tool.vidgit.succeed(["clone", address, name], in: workspace.folder.path)
      let clone = Repository(path: workspace.file(name), workspace: workspace)
      #expect(
        try clone.git("rev-parse", "HEAD") == repository.git("rev-parse", "HEAD"), "\(address)")
      #expect(try clone.git("status", "--porcelain") == "")
      // Stock git goes on from there.
      _ = try clone.git("fetch", "-q")
    }
  }

  @Test func aFolderThatIsNoRepository() throws {
    let workspace = try Workspace()
    try workspace.folder.folder("plain")
    for address in ["plain", "file://\(workspace.file("plain"))"] {
      try Tool.vidgit.run(["clone", address, "made"], in: workspace.folder.path).expectError(
        Status.notFound, saying: ["plain"])
    }
    #expect(try workspace.entries == ["plain"])
  }
}
