import Foundation
import TestSupport
import Testing

@Suite struct PageTests {
  /// Two variants and a branch with something else in it.
  private func start(_ clip: Clip = .groups) throws -> Repository {
    let repository = try Workspace().split(clip)
    try repository.succeed("filter", "noir", "-b", "noir", "--range", "10..40")
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed("filter", "sepia", "-b", "feature/old")
    try repository.succeed("cut", "0..5")
    _ = try repository.git("switch", "-q", "--orphan", "notes")
    try Data("Notes".utf8).write(to: URL(fileURLWithPath: repository.file("notes.txt")))
    _ = try repository.git("add", "notes.txt")
    _ = try repository.git("commit", "-q", "-m", "Notes")
    _ = try repository.git("switch", "-q", "main")
    return repository
  }

  private func page(_ repository: Repository, _ arguments: String..., to name: String = "page")
    throws -> WrittenPage
  {
    let folder = repository.workspace.file(name)
    try Tool.vidgit.succeed(["export", "page", "-o", folder] + arguments, in: repository.path)
    return WrittenPage(folder: folder)
  }

  @Test func writesAPage() throws {
    let repository = try start()
    let result = try repository.succeed(
      "export", "page", "-o", repository.workspace.file("page"), "--json")
    let said = try object(result.output)
    #expect(said["variants"] as? [String] == ["main", "feature/old", "noir"])
    #expect(said["passes"] as? Int == 4)
    #expect((said["notes"] as? [String])?.count == 1)
    #expect(result.errors.contains("note: 'notes' is passed over"))

    let page = WrittenPage(folder: repository.workspace.file("page"))
    try page.expectWellFormed()
    let ids = try repository.git("ls-tree", "--name-only", "noir", "filters/").dropFirst(8)
    let old = try repository.git("ls-tree", "--name-only", "feature/old", "filters/").dropFirst(8)
    #expect(
      try page.files.keys.sorted() == [
        "feed.xml", "icon.svg", "index.html", "recipes/\(ids)", "recipes/\(old)",
        "variants/feature-old/before.jpg", "variants/feature-old/clip.mp4",
        "variants/feature-old/poster.jpg", "variants/main/clip.mp4", "variants/main/poster.jpg",
        "variants/noir/before.jpg", "variants/noir/clip.mp4", "variants/noir/poster.jpg",
      ])
    let committed = try repository.git("show", "noir:filters/\(ids)") + "\n"
    #expect(try page.text("recipes/\(ids)") == committed)
    let text = try page.text()
    #expect(text.contains("30 frames changed"))
    #expect(text.contains("5 removed"))
    // Nothing of this machine.
    #expect(!text.contains(repository.workspace.folder.path))
  }

  @Test func clipsPlayEverywhere() throws {
    let repository = try start(.long)
    let page = try page(repository)
    for (path, data) in try page.files where path.hasSuffix(".mp4") {
      let probe = try Tool.ffprobe.succeed([
        "-v", "error", "-count_frames", "-show_entries",
        "stream=codec_name,pix_fmt,width,nb_read_frames,duration", "-of", "json",
        "\(page.folder)/\(path)",
      ]).output
      let streams = try #require(try object(probe)["streams"] as? [[String: Any]])
      #expect(streams.count == 1)
      #expect(streams[0]["codec_name"] as? String == "h264")
      #expect(streams[0]["pix_fmt"] as? String == "yuv420p")
      #expect(try #require(streams[0]["width"] as? Int) <= 640)
      let seconds = try #require(Double(streams[0]["duration"] as? String ?? ""))
      #expect(seconds > 0.5 && seconds <= 6)
      #expect(Int(streams[0]["nb_read_frames"] as? String ?? "") ?? 0 > 10)
      #expect(data.count < 1_000_000)
      // A browser begins to play before it has all: the index comes first.
      let index = try #require(data.range(of: Data("moov".utf8)))
      let packets = try #require(data.range(of: Data("mdat".utf8)))
      #expect(index.lowerBound < packets.lowerBound)
    }
  }

  /// The picture of before is the frame of main, and the other one that of the variant.
  @Test func showsTheSameFrameBeforeAndAfter() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "graph:negate", "-b", "light", "--range", "10..40")
    let page = try page(repository, "main", "light")
    let frame = try #require(Int(page.text().firstMatch(of: /Frame (\d+) at/)?.1 ?? ""))
    #expect((10..<40).contains(frame))
    for (revision, name) in [("main", "before"), ("light", "poster")] {
      let folder = repository.workspace.file("\(name)-frames")
      try repository.succeed(
        "export", "images", revision, "-o", folder, "--range", "\(frame)..\(frame + 1)")
      let result = try Tool.ffmpeg.succeed([
        "-v", "info", "-nostdin", "-i", "\(page.folder)/variants/light/\(name).jpg", "-i",
        "\(folder)/frame-000000.png", "-lavfi",
        "[0]scale,format=rgb24[a];[1]format=rgb24[b];[a][b]psnr",
        "-f", "null", "-",
      ])
      let psnr = try #require(Double(result.errors.firstMatch(of: /average:([0-9.]+)/)?.1 ?? "99"))
      #expect(psnr > 25, Comment(rawValue: result.errors))
    }
  }

  @Test func isTheSameEveryTime() throws {
    let repository = try start()
    let first = try page(repository).files
    for run in 0..<4 {
      let files = try page(repository, to: "again-\(run)").files
      #expect(files.keys.filter { files[$0] != first[$0] } == [])
      #expect(files.count == first.count)
    }
  }

  @Test func takesNamedVariantsAndTheirAddress() throws {
    let repository = try start()
    let page = try page(repository, "noir", "main~0", "--site", "https://example.org/film")
    try page.expectWellFormed()
    #expect(
      try page.files.keys.filter { $0.hasSuffix("poster.jpg") }.sorted() == [
        "variants/main-0/poster.jpg", "variants/noir/poster.jpg",
      ])
    #expect(try page.text("feed.xml").contains(#"href="https://example.org/film/feed.xml""#))
    #expect(
      try page.text().contains(
        #"<meta property="og:image" content="https://example.org/film/variants/noir/poster.jpg">"#))
    #expect(
      try page.text().contains(#"<link rel="canonical" href="https://example.org/film/">"#))
    // The same passes are the same entries, wherever the page lies.
    let local = try self.page(repository, "noir", "main~0", to: "local")
    #expect(try local.feedIDs() == page.feedIDs() && page.feedIDs().count == 3)
  }

  /// Commits that say where objects are kept are no passes.
  @Test func listsWhatChangesFrames() throws {
    let repository = try Workspace().split(.short)
    try repository.succeed("filter", "noir", "-b", "noir")
    let before = try page(repository)
    let store = repository.workspace.file("store")
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
    try repository.succeed(
      "store", "add", "away", "file:\(store)", "--public-base", "https://store.example/film")
    #expect(try repository.git("log", "-1", "--format=%(trailers)").contains("Vidgit-Pass: store"))
    let result = try repository.succeed(
      "export", "page", "-o", repository.workspace.file("after"), "--json")
    #expect(try object(result.output)["passes"] as? Int == 2)
    let after = WrittenPage(folder: repository.workspace.file("after"))
    #expect(try after.text("feed.xml") == before.text("feed.xml"))
    #expect(try after.text().contains("8 frames, 0:00.") && after.text().contains(", 2 passes."))
    #expect(try !after.text().contains("store.example"))
    #expect(try repository.succeed("log").output.contains("Name the store"))
  }

  @Test func saysWhatDoesNotWork() throws {
    let repository = try Workspace().split(.short)
    func run(_ arguments: String...) throws -> ToolResult {
      try Tool.vidgit.run(["export", "page", "-o", "../page"] + arguments, in: repository.path)
    }
    for site in [
      "javascript:alert(1)", "example.org", "https://a@example.org/", "https://a.org/?b",
    ] {
      try run("--site", site).expectError(Status.usage, saying: ["no address"])
    }
    try run("nowhere").expectError(Status.notFound, saying: ["nowhere"])
    _ = try repository.git("switch", "-q", "--orphan", "notes")
    _ = try repository.git("commit", "-q", "--allow-empty", "-m", "Notes")
    try run("notes").expectError(Status.notFound, saying: ["holds no video"])
    _ = try repository.git("branch", "-D", "main")
    try run().expectError(Status.notFound, saying: ["no branch holds a video"])
    #expect(try repository.workspace.entries == ["repo"])
    try Data().write(to: URL(fileURLWithPath: repository.workspace.file("full")))
    try Tool.vidgit.run(["export", "page", "-o", "../full"], in: repository.path)
      .expectError(Status.conflict, saying: ["not empty"])
  }

  @Test func showsAVariantWithoutItsPixels() throws {
    let workspace = try Workspace()
    let clip = try Clip.groups.copy(to: workspace.folder)
    let repository = try workspace.split(clip)
    try repository.succeed("filter", "noir", "-b", "noir")
    try FileManager.default.removeItem(atPath: clip)
    let result = try Tool.vidgit.succeed(
      ["export", "page", "-o", "../page"], in: repository.path)
    #expect(result.errors.contains("note: 'noir' has no pictures"))
    let page = WrittenPage(folder: workspace.file("page"))
    try page.expectWellFormed()
    #expect(try page.text().contains("were not at hand"))
    #expect(try !page.text().contains(workspace.folder.path))
    #expect(try !page.files.keys.contains { $0.hasPrefix("variants/") })
  }

  @Test func isWholeOrNotThere() throws {
    let repository = try start(.long)
    let workspace = repository.workspace
    func run(_ interruption: Interruption? = nil) throws -> ToolResult {
      try Tool.vidgit.run(
        ["export", "page", "-o", "../page"], in: repository.path, interruption: interruption)
    }
    let sign = workspace.file(".page.vidgit-part/variants")
    let stopped = try run(Interruption(SIGINT, after: .milliseconds(50), sign: sign))
    #expect(stopped.status == Status.interrupted, Comment(rawValue: stopped.snapshot))
    #expect(try workspace.entries == ["repo"])
    let killed = try run(Interruption(SIGKILL, after: .milliseconds(50), sign: sign))
    #expect(killed.signal == SIGKILL, Comment(rawValue: killed.snapshot))
    #expect(try !workspace.entries.contains("page"))
    #expect(try run().status == 0)
    #expect(try workspace.entries == ["page", "repo"])
    try repository.expectWhole()
  }
}
