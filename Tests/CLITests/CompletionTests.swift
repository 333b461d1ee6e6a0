import Foundation
import TestSupport
import Testing

/// What the generated script completes, in a real bash.
@Suite struct CompletionTests {
  /// Sources the script and completes the last of the words, as bash calls it at Tab.
  private static let script = #"""
    source <("$1" --generate-completion-script bash)
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="vidgit ${*:2}"
    COMP_POINT=${#COMP_LINE} COMPREPLY=()
    specification=($(complete -p vidgit))
    "${specification[-2]}" vidgit "${@: -1}" "${@: -2:1}"
    printf '%s\n' "${COMPREPLY[@]}"
    """#

  private func complete(_ words: String..., in folder: String) throws -> [String] {
    try complete(words, in: folder)
  }

  private func complete(_ words: [String], in folder: String) throws -> [String] {
    guard let bash = Tool.find("bash") else { try skip("there is no bash") }
    let result = try bash.run(
      ["-c", Self.script, "bash", Tool.vidgit.path] + words, in: folder)
    #expect(result.errors == "", Comment(rawValue: result.snapshot))
    return result.lines
  }

  /// A repository with the branches main and noir, and files beside it.
  private func repository() throws -> Repository {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    for name in ["drop.mp4", "dress.json"] {
      try Data().write(to: URL(fileURLWithPath: workspace.file(name)))
    }
    try FileManager.default.createDirectory(
      atPath: workspace.file("drafts"), withIntermediateDirectories: false)
    _ = try repository.git("branch", "noir")
    _ = try repository.git("tag", "night")
    return repository
  }

  @Test func filesAndFolders() throws {
    let repository = try repository()
    let all = ["../drafts", "../dress.json", "../drop.mp4"]
    for words in [
      ["split"], ["import"], ["filter"], ["filter", "noir"], ["render", "-o"], ["media", "locate"],
      ["diff", "--video"], ["splice"], ["verify", "--framehash"], ["export", "manifest", "-o"],
      ["palette", "add"],
    ] {
      let found = try complete(words + ["../dr"], in: repository.path)
      #expect(found.sorted() == all, "\(words)")
    }
    for words in [["status", "-C"], ["-C"], ["split", "x.mp4"], ["export", "page", "-o"]] {
      let found = try complete(words + ["../dr"], in: repository.path)
      #expect(found == ["../drafts"], "\(words)")
    }
  }

  @Test func branchesTagsAndThoseOfRemotes() throws {
    let repository = try repository()
    #expect(try complete("render", "n", in: repository.path) == ["noir", "night"])
    #expect(try complete("diff", "main", "n", in: repository.path) == ["noir", "night"])
    #expect(try complete("switch", "n", in: repository.path) == ["noir"])
    #expect(try complete("branch", "-d", "n", in: repository.path) == ["noir"])
    let outside = repository.workspace.folder.path
    #expect(try complete("-C", "repo", "switch", "n", in: outside) == ["noir"])
    #expect(try complete("show", "n", in: outside) == [])
    try Tool.git.succeed(["clone", "-q", "repo", "clone"], in: outside)
    #expect(try complete("-C", "clone", "switch", "n", in: outside) == ["noir"])
    #expect(try complete("-C", "clone", "show", "ori", in: outside).contains("origin/noir"))
  }

  @Test func recipesAndStores() throws {
    let repository = try repository()
    #expect(try complete("filter", "noi", in: repository.path) == ["noir"])
    #expect(try complete("palette", "show", "noi", in: repository.path) == ["noir"])
    let folder = repository.workspace.file("disk")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try Tool.vidgit.succeed(["store", "add", "disk", "file:\(folder)"], in: repository.path)
    #expect(try complete("push", "di", in: repository.path) == ["disk"])
    #expect(try complete("store", "free", "di", in: repository.path) == ["disk"])
    #expect(try complete("push", "disk", "noi", in: repository.path) == ["noir"])
  }

  @Test func commands() throws {
    let folder = try TemporaryFolder("completion")
    #expect(try complete("fil", in: folder.path) == ["filter"])
    #expect(try complete("palette", "pre", in: folder.path) == ["preview"])
    #expect(try complete("-C", folder.path, "fil", in: "/") == ["filter"])
  }

  /// Names come from strangers, and bash expands what it completes from.
  @Test func runsNothingThatIsInAName() throws {
    let repository = try repository()
    let name = "x$(touch${IFS}hit)`touch${IFS}hit`'"
    _ = try repository.git("branch", name)
    try Data().write(to: URL(fileURLWithPath: repository.file("y$(touch hit) it's")))
    #expect(try complete("switch", "x", in: repository.path) == [name])
    #expect(try complete("filter", "./y", in: repository.path) == ["./y$(touch hit) it's"])
    #expect(!FileManager.default.fileExists(atPath: repository.file("hit")))
  }
}
