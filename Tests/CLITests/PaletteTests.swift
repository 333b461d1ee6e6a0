import Foundation
import TestSupport
import Testing

@Suite struct PaletteTests {
  @Test func listsThirtyRecipesWithALineEach() throws {
    let result = try Workspace().vidgit("palette", "list")
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect(result.lines.count >= 30)
    for name in ["noir", "sepia", "vhs", "comic", "infrared", "cyanotype"] {
      #expect(result.output.contains(name), Comment(rawValue: result.snapshot))
    }
  }

  @Test func showsARecipe() throws {
    let result = try Workspace().vidgit("palette", "show", "noir")
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
    #expect(result.output.contains("\"filter\""), Comment(rawValue: result.snapshot))
  }

  @Test func knowsNoSuchRecipe() throws {
    try Workspace().vidgit("palette", "show", "nior").expectError(
      Status.notFound, saying: ["nior", "noir"])
  }

  @Test func drawsASheetOfOneFrame() throws {
    let workspace = try Workspace()
    for source in [try Clip.groups.orSkip(), try workspace.split(.groups).path] {
      let isRepository = source.hasSuffix("repo")
      let result =
        try isRepository
        ? workspace.vidgit(
          "-C", "repo", "palette", "preview", "main", "-o", workspace.file("b.png"))
        : workspace.vidgit("palette", "preview", source, "-o", "a.png")
      #expect(result.status == 0, Comment(rawValue: result.snapshot))
    }
    for name in ["a.png", "b.png"] {
      let width = try Media(workspace.file(name)).stream("v:0", "width")
      #expect(try #require(Int(width)) > 300)
    }
  }

  @Test func takesARecipeOfTheUser() throws {
    let repository = try Workspace().split(.short)
    _ = try repository.git("config", "vidgit.palette", repository.workspace.file("palette"))
    try repository.succeed("palette", "add", "mine", "graph:eq=contrast=1.2")
    #expect(try repository.vidgit("palette", "list").output.contains("mine"))
    try repository.succeed("filter", "mine", "-b", "mine")
    let theirs = try FrameHash.ofFFmpeg(Clip.short.orSkip(), graph: "eq=contrast=1.2")
    #expect(try repository.hashes() == theirs.hashes)
  }

  @Test func keepsOwnRecipesInTheUsersFolder() throws {
    let workspace = try Workspace()
    let user = ["XDG_CONFIG_HOME": workspace.file("config")]
    func vidgit(_ arguments: String...) throws -> ToolResult {
      try Tool.vidgit.run(arguments, in: workspace.folder.path, environment: user)
    }
    #expect(
      try vidgit("palette", "add", "mine", "graph:negate", "--description", "Inside out.").status
        == 0)
    let file = workspace.file("config/vidgit/palette/mine.json")
    #expect(FileManager.default.fileExists(atPath: file))
    #expect(try vidgit("palette", "list").output.contains("Inside out."))
    // The file itself can be given to somebody else.
    try vidgit("palette", "add", file).expectError(Status.conflict, saying: ["mine", "--force"])
    #expect(try vidgit("palette", "add", file, "--force").status == 0)
    #expect(try vidgit("palette", "show", "mine", "--graph").output == "negate\n")
    // A pass finds it as well.
    let repository = try workspace.split(.short)
    let pass = try Tool.vidgit.run(["filter", "mine"], in: repository.path, environment: user)
    #expect(pass.status == 0, Comment(rawValue: pass.snapshot))
  }

  @Test func showsNotationIdAndWhetherItIsExact() throws {
    let workspace = try Workspace()
    let trails = try workspace.vidgit("palette", "show", "trails", "--graph")
    #expect(trails.output == "format=pix_fmts=yuv420p,lagfun=decay=0.93:planes=1\n")
    #expect(trails.errors.hasPrefix("trails-") && trails.errors.contains("stored"))
    let noir = try object(workspace.vidgit("palette", "show", "noir", "--json").output)
    #expect(noir["exact"] as? Bool == true)
    #expect((noir["id"] as? String)?.hasPrefix("noir-") == true)
  }

  @Test func drawsWhatIsAskedFor() throws {
    let workspace = try Workspace()
    let clip = try Clip.groups.orSkip()
    let some = try workspace.vidgit(
      "palette", "preview", clip, "noir", "sepia", "trails", "-o", "a.jpg", "--at", "20", "--json")
    #expect(some.status == 0, Comment(rawValue: some.snapshot))
    // The subtle ones come first, whatever the order on the command line.
    #expect(try object(some.output)["recipes"] as? [String] == ["sepia", "noir", "trails"])
    try workspace.vidgit("palette", "preview", clip, "-o", "a.txt").expectError(
      Status.usage, saying: ["a.txt"])
    try workspace.vidgit("palette", "preview", clip, "-o", "b.png", "--at", "1:00:00").expectError(
      Status.usage, saying: ["1:00:00"])
    try workspace.vidgit("palette", "preview", clip, "nior", "-o", "b.png").expectError(
      Status.notFound, saying: ["noir"])
    try workspace.vidgit("palette", "preview", "no.mp4", "-o", "b.png").expectError(
      Status.notFound, saying: ["no.mp4"])
    try workspace.vidgit("palette", "preview", Clip.text.orSkip(), "-o", "b.png").expectError(
      Status.badInput, saying: ["text.mp4"])
    #expect(try workspace.entries == ["a.jpg"])
  }

  /// A frame at the end has no neighbours after it, one at the start none before.
  @Test(arguments: ["0", "49", "0s", "100%"]) func drawsAtTheEdges(_ at: String) throws {
    let workspace = try Workspace()
    let result = try workspace.vidgit(
      "palette", "preview", Clip.groups.orSkip(), "trails", "super8", "-o", "a.png", "--at", at)
    #expect(result.status == 0, Comment(rawValue: result.snapshot))
  }

  @Test func refusesARecipeThatIsNone() throws {
    let repository = try Workspace().split(.short)
    _ = try repository.git("config", "vidgit.palette", repository.workspace.file("palette"))
    try repository.vidgit("palette", "add", "mine", "graph:movie=/etc/passwd").expectError(
      Status.refused, saying: ["movie"])
    try repository.vidgit("palette", "add", "../mine", "graph:negate").expectError(
      Status.usage, Status.badInput)
    #expect(try !repository.vidgit("palette", "list").output.contains("mine"))
  }

  /// Every built-in recipe runs on a real clip, and changes it.
  @Test func everyRecipeRuns() throws {
    let repository = try Workspace().split(.short)
    let before = Set(try repository.hashes("main"))
    let names = try repository.vidgit("palette", "list").lines
      .compactMap { $0.split(separator: " ").first.map(String.init) }
      .filter { $0.wholeMatch(of: #/[a-z0-9][a-z0-9-]*/#) != nil }
    #expect(names.count >= 30)
    for name in names {
      let result = try repository.vidgit("-C", repository.path, "filter", name, "-b", "try/\(name)")
      #expect(result.status == 0, "\(name): \(result.snapshot)")
      // Light trails begin with the second frame.
      let kept = Set(try repository.hashes()).intersection(before).count
      #expect(kept <= (name == "trails" ? 1 : 0), "\(name) changes nothing in \(kept) frames")
      _ = try repository.git("switch", "-q", "main")
    }
    try repository.expectWhole()
  }
}
