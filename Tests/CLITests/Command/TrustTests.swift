import Foundation
import TestSupport
import Testing

/// A stranger's repository runs no program until its reader says so.
@Suite struct TrustTests {
  /// A repository with a variant by a program, and a clone of it whose work tree is that variant.
  private func start() throws -> (program: TestProgram, clone: Repository, id: String) {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    let made = try program.succeed(repository, "filter", program.recipe("plain"), "-b", "made")
    let id = try #require((made["recipes"] as? [String])?.first)
    let path = repository.workspace.file("clone")
    try Tool.git.succeed(["clone", "-q", repository.path, path])
    let clone = Repository(path: path, workspace: repository.workspace)
    try Tool.vidgit.succeed(["media", "locate", Clip.short.orSkip()], in: path)
    try FileManager.default.removeItem(atPath: program.log)
    return (program, clone, id)
  }

  @Test func runsNothingOfAStranger() throws {
    let (program, clone, id) = try start()
    for name in [id, "made"] {
      try program.run(clone, "filter", name, "-b", "mine").expectError(
        Status.refused,
        saying: [id, "python3 program.py files plain $INPUT $OUTPUT", "vidgit trust"])
    }
    // Nor does anything else run it; the pixels are not here, and that is said.
    let output = clone.workspace.file("x.mkv")
    try program.run(clone, "render", "-o", output).expectError(
      Status.notFound, saying: [id, "vidgit trust"])
    #expect(!FileManager.default.fileExists(atPath: output))
    try program.run(clone, "filter", "noir", "-b", "noir").expectError(
      Status.notFound, saying: [id])
    let verify = try program.run(clone, "verify", "--deep")
    #expect(verify.status == Status.fault, Comment(rawValue: verify.snapshot))
    #expect(verify.output.contains(id), Comment(rawValue: verify.snapshot))
    for command in [["show"], ["log"], ["diff", "HEAD~"], ["status"], ["palette", "list"]] {
      #expect(
        try Tool.vidgit.run(command, in: clone.path, environment: ["LOG": program.log]).status == 0)
    }
    #expect(program.calls == 0)
  }

  @Test func showsWhatWouldRunAndThenRunsIt() throws {
    let (program, clone, id) = try start()
    let shown = try program.run(clone, "trust", id, "--dry-run", "--folder", program.folder)
    #expect(shown.status == 0, Comment(rawValue: shown.snapshot))
    for part in [
      id, "python3 program.py files plain $INPUT $OUTPUT", "program.py sha256:", "(present)", "LOG",
      "PNG", "not trusted",
    ] {
      #expect(shown.output.contains(part), "\(part) is not in:\n\(shown.output)")
    }
    #expect(try program.run(clone, "trust", "--list").output == "")
    try program.run(clone, "filter", id, "-b", "x").expectError(Status.refused)

    // Its file is not here: it is trusted, and that it cannot run yet is said.
    let early = try program.run(clone, "trust", id)
    #expect(early.status == 0 && early.output.contains("Trusted from now on"))
    for part in ["cannot run yet", "'program.py' is not in", "vidgit trust \(id) --folder FOLDER"] {
      #expect(early.errors.contains(part), "\(part) is not in:\n\(early.errors)")
    }
    let ready = try program.run(clone, "trust", id, "--folder", program.folder)
    #expect(ready.status == 0 && ready.errors == "", Comment(rawValue: ready.snapshot))
    #expect(try program.run(clone, "trust", "--list").output.contains(id))
    #expect(program.calls == 0)
    // From where the variant began: HEAD does not hold the recipe there.
    _ = try clone.git("switch", "-q", "-c", "base", "HEAD~")
    let made = try program.succeed(clone, "filter", id, "-b", "mine")
    #expect(made["made"] as? Int == 8)
    #expect(program.calls == 8)
    #expect(
      try clone.git("rev-parse", "mine^{tree}") == clone.git("rev-parse", "origin/made^{tree}"))

    try clone.succeedApart("trust", "--revoke", "made")
    _ = try clone.git("switch", "-q", "mine")
    try program.run(clone, "filter", id, "-b", "y").expectError(Status.refused)
    try program.run(clone, "trust", "--revoke", id).expectError(Status.notFound, saying: [id])
  }

  @Test func asksAnewForEveryChange() throws {
    let (program, clone, id) = try start()
    try clone.succeedApart("trust", id, "--folder", program.folder)
    // Another argument under another id.
    let old = try String(contentsOfFile: clone.file("filters/\(id).json"), encoding: .utf8)
    let text = old.replacing("\"plain\"", with: "\"small\"")
    #expect(text != old)
    let file = clone.workspace.file("changed.json")
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let dry = try program.run(clone, "trust", file, "--dry-run", "--json")
    let changed = try #require(object(dry.output)["recipe"] as? String)
    #expect(changed != id)
    try Data(text.utf8).write(to: URL(fileURLWithPath: clone.file("filters/\(changed).json")))
    _ = try clone.git("add", "filters")
    _ = try clone.git("commit", "-q", "-m", "Another")
    try program.run(clone, "filter", changed, "-b", "x").expectError(
      Status.refused, saying: [changed])
    // A file that came along is no word of the user's.
    try program.run(clone, "filter", "filters/\(changed).json", "-b", "x").expectError(
      Status.refused, saying: [changed])
    // Another program under the same words.
    let script = "\(program.folder)/program.py"
    try Data((String(contentsOfFile: script, encoding: .utf8) + "\n").utf8)
      .write(to: URL(fileURLWithPath: script))
    try program.run(clone, "filter", id, "-b", "x").expectError(
      Status.verification, saying: ["program.py", "has changed"])
    try FileManager.default.removeItem(atPath: script)
    try program.run(clone, "filter", id, "-b", "x").expectError(
      Status.notFound, saying: ["program.py"])
    #expect(program.calls == 0)
  }

  /// A script beside a clone's recipe, and a recipe file in its work tree.
  @Test func takesNothingThatCameAlongForTheUsersWord() throws {
    let (program, clone, _) = try start()
    for name in ["program.py", "recipe.json"] {
      try FileManager.default.copyItem(
        atPath: "\(program.folder)/\(name)", toPath: clone.file(name))
    }
    _ = try clone.git("add", "program.py", "recipe.json")
    _ = try clone.git("commit", "-q", "-m", "Tools")
    try FileManager.default.createSymbolicLink(
      atPath: clone.workspace.file("link.json"), withDestinationPath: clone.file("recipe.json"))
    for name in ["recipe.json", "./recipe.json", clone.file("recipe.json"), "../link.json"] {
      try program.run(clone, "filter", name, "-b", "x").expectError(
        Status.refused, saying: ["vidgit trust"])
    }
    #expect(program.calls == 0)
    try clone.succeedApart("trust", "recipe.json")
    _ = try clone.git("switch", "-q", "-c", "base")
    let result = try program.run(clone, "filter", "recipe.json", "--frames", "0", "-b", "y")
    // The frames of this branch are not here, but nobody refuses the program any more.
    #expect(result.status != Status.refused, Comment(rawValue: result.snapshot))
  }

  @Test func knowsWhatNeedsNoTrust() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "noir", "-b", "noir")
    try repository.vidgit("trust", "noir").expectError(Status.usage, saying: ["noir"])
    try repository.vidgit("trust", "nobody").expectError(Status.notFound, saying: ["nobody"])
    try repository.vidgit("trust").expectError(Status.usage)
    try repository.vidgit("trust", "noir", "--list").expectError(Status.usage)
  }

  /// A recipe of the user's own palette needs no other word.
  @Test func trustsTheUsersPalette() throws {
    let repository = try Workspace().split(.short)
    let program = try TestProgram(repository.workspace)
    _ = try program.recipe("plain", file: "made.json")
    let text = try String(contentsOfFile: "\(program.folder)/made.json", encoding: .utf8)
    try Data(text.replacing("\"engine\"", with: "\"description\": \"Mine\", \"engine\"").utf8)
      .write(to: URL(fileURLWithPath: "\(program.folder)/made.json"))
    _ = try repository.git("config", "vidgit.palette", program.folder)
    let made = try program.succeed(repository, "filter", "made", "-b", "made")
    #expect(made["made"] as? Int == 8)
    let list = try repository.vidgit("palette", "list", "--json")
    #expect(list.status == 0, Comment(rawValue: list.snapshot))
    let preview = try program.run(
      repository, "palette", "preview", "main", "-o", repository.workspace.file("p.png"))
    #expect(preview.status == 0, Comment(rawValue: preview.snapshot))
    #expect(program.calls == 8)
    try repository.vidgit("palette", "add", "copy", "\(program.folder)/made.json").expectError(
      Status.usage, saying: ["program.py"])
  }
}

extension Repository {
  /// Runs `vidgit` where the repository is not whole, for lack of objects.
  fileprivate func succeedApart(_ arguments: String...) throws {
    try Tool.vidgit.succeed(arguments, in: path)
  }
}
