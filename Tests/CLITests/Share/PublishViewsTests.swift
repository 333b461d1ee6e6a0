import Foundation
import TestSupport
import Testing

/// What is published for people to look at, and pictures that go into stores.
@Suite struct PublishViewsTests {
  @Test func thePageIsServed() async throws {
    let server = try GitHubServer(users: ["ann:tokA:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    try ann.succeed("filter", "noir", "-b", "noir", in: "falls")
    let made = try object(
      ann.succeed("publish", "ann/falls", "--pages", "--json", in: "falls").output)
    let url = try #require(made["pages"] as? String)
    #expect(url.hasPrefix(server.base))
    let path = String(url.dropFirst(server.base.count))
    let page = try #require(try await server.page(path))
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.contains("noir") && text.contains("<title>"))
    // The feed says where it is, and is the same feed as before that was known. The commits that name
    // the store of the objects are no passes.
    let feed = try #require(try await server.page(path + "feed.xml"))
    #expect(String(decoding: feed, as: UTF8.self).contains(url))
    let repository = ann.repository("falls")
    let commits = try repository.git("rev-list", "refs/vidgit/vidgit-pages").split(separator: "\n")
    let feeds = try commits.map { try repository.git("show", "\($0):docs/feed.xml") }
    #expect(feeds.count == 2 && !feeds[1].contains(url))
    let ids = feeds.map { $0.matches(of: /<id>(.*)<\/id>/).map { String($0.1) } }
    #expect(ids[0] == ids[1] && ids[0].count == 3)
    #expect(try repository.git("log", "-1", "--format=%(trailers)", "main").contains("publish"))
    #expect(text.contains("<link rel=\"canonical\" href=\"\(url)\">"))
    #expect(try await server.page(path + "variants/noir/clip.mp4") != nil)
    // Again, it is the same page, and no commit comes of it; the work tree never shows it.
    let before = try repository.git("rev-parse", "refs/vidgit/vidgit-pages")
    try ann.succeed("publish", "--pages", in: "falls")
    #expect(try ann.repository("falls").git("rev-parse", "refs/vidgit/vidgit-pages") == before)
    #expect(try ann.repository("falls").git("branch", "--format=%(refname:short)") == "main\nnoir")
    #expect(try await server.violations() == [])
  }

  @Test func framesAreLinkedOneByOne() async throws {
    let server = try GitHubServer(users: ["ann:tokA:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    try ann.succeed("split", Clip.groups.orSkip(), "falls")
    let made = try object(
      ann.succeed(
        "publish", "ann/falls", "--images", "png", "--every", "10", "--json", in: "falls"
      ).output)
    let images = try #require(made["images"] as? [String: Any])
    #expect(images["count"] as? Int == 5)
    #expect(images["branch"] as? String == "vidgit-frames/main")
    let clone = ann.workspace.file("frames")
    try Tool.git.succeed([
      "clone", "-q", "-b", "vidgit-frames/main", "\(server.base)/ann/falls.git", clone,
    ])
    let names = try Tool.git.succeed(["ls-files"], in: clone).output
    #expect(
      names == [0, 10, 20, 30, 40].map { "000/0000\($0 < 10 ? "0" : "")\($0).png\n" }.joined())
    // The picture is the frame.
    let theirs = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", Clip.groups.path(), "-vf", "select=eq(n\\,20)", "-frames:v",
      "1", "-f", "rawvideo", "-sws_flags", "bicubic+accurate_rnd+bitexact+full_chroma_int",
      "-pix_fmt", "rgb24", ann.workspace.file("theirs.raw"),
    ])
    #expect(theirs.status == 0)
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", "\(clone)/000/000020.png", "-f", "rawvideo", "-pix_fmt",
      "rgb24", ann.workspace.file("ours.raw"),
    ])
    #expect(
      FileManager.default.contentsEqual(
        atPath: ann.workspace.file("ours.raw"), andPath: ann.workspace.file("theirs.raw")))
    #expect(try await server.violations() == [])
  }

  @Test func picturesAndVideosGoIntoStores() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.groups)
    let store = workspace.file("nas")
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: false)
    try repository.succeed("export", "images", "--range", "0..5", "-o", "file:\(store)/")
    let pictures = try FileManager.default.contentsOfDirectory(atPath: store).filter {
      $0.hasSuffix(".png")
    }
    #expect(pictures.count == 5)
    try repository.succeed("render", "-o", "file:\(store)/main.nut", "--lossless")
    #expect(
      try FrameHash.ofFFmpeg("\(store)/main.nut").hashes
        == FrameHash.ofFFmpeg(Clip.groups.path()).hashes)
    try repository.vidgit("render", "-o", "https://example.org/x.mp4").expectError(
      Status.usage, saying: ["nothing can be put"])
    try repository.vidgit("render", "-o", "file:\(store)/Main Film.mp4").expectError(
      Status.usage, saying: ["small letters"])
    #expect(try workspace.entries == ["nas", "repo"])
  }

  /// Whatever writes a file can write it into a store, and says the same there.
  @Test func everyOutputCanLieInAStore() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let store = workspace.file("nas")
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: false)
    try repository.succeed("store", "add", "disk", "file:\(store)")
    try repository.succeed("filter", "noir", "-b", "noir")
    for form in ["manifest", "framehash", "timecodes", "otio"] {
      try repository.succeed("export", form, "noir", "-o", "../\(form).txt")
      try repository.succeed("export", form, "noir", "-o", "disk:\(form).txt")
      #expect(
        FileManager.default.contentsEqual(
          atPath: workspace.file("\(form).txt"), andPath: "\(store)/\(form).txt"), "\(form)")
    }
    try repository.succeed("export", "contact-sheet", "-o", "disk:sheet.png")
    try repository.succeed(
      "diff", "main", "noir", "--contact-sheet", "disk:diff.png", "--video", "disk:diff.mp4")
    try repository.succeed("filter", "sepia", "--sample", "2", "--sheet", "disk:sepia.png")
    try repository.succeed("export", "page", "-o", "../page")
    try repository.succeed("export", "page", "-o", "disk:page/")
    let pictures = try ["sheet.png", "diff.png", "sepia.png", "diff.mp4"].map {
      try Media("\(store)/\($0)").stream("v:0", "codec_name")
    }
    #expect(pictures == ["png", "png", "png", "h264"])
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: workspace.file("page")).sorted()
        == FileManager.default.subpathsOfDirectory(atPath: "\(store)/page").sorted())
    #expect(try workspace.entries.filter { $0.contains(":") } == [])
  }

  /// "disk:x" is a place in the store of that name, and never a file "disk:x".
  @Test func outputsGoIntoStoresByTheirName() throws {
    let workspace = try Workspace()
    let repository = try workspace.split(.groups)
    let store = workspace.file("nas")
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: false)
    try repository.succeed("store", "add", "disk", "file:\(store)")
    try repository.succeed("render", "-o", "disk:main.nut", "--lossless")
    try repository.succeed("render", "-o", "disk:films/2024/main.nut", "--lossless")
    let hashes = try FrameHash.ofFFmpeg(Clip.groups.path()).hashes
    #expect(try FrameHash.ofFFmpeg("\(store)/main.nut").hashes == hashes)
    #expect(try FrameHash.ofFFmpeg("\(store)/films/2024/main.nut").hashes == hashes)
    try repository.succeed("export", "images", "--range", "0..5", "-o", "disk:stills/")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(store)/stills").count == 5)

    for place in ["disk:../main.nut", "disk:packs/list", "disk:media/x.nut", "disk:Films/x.nut"] {
      try repository.vidgit("render", "-o", place).expectError(
        Status.usage, saying: ["cannot be a folder in the store 'disk'"])
    }
    for command in [["render"], ["export", "images"]] {
      try Tool.vidgit.run(command + ["-o", "dsk:main.nut"], in: repository.path).expectError(
        Status.usage, saying: ["'dsk:'", "disk:", "./dsk:main.nut"])
    }
    #expect(try repository.git("status", "--porcelain", "--ignored") == "")
    // A file with a colon is still a file.
    try repository.succeed("render", "-o", "\(workspace.folder.path)/a:b.nut", "--lossless")
    try Tool.vidgit.succeed(
      ["render", "-C", "repo", "-o", "../10:30.nut", "--lossless"], in: workspace.folder.path)
    #expect(try workspace.entries == ["10:30.nut", "a:b.nut", "nas", "repo"])
    // What was made to be sent is gone.
    let outgoing = repository.file(".git/vidgit/outgoing")
    #expect(try FileManager.default.contentsOfDirectory(atPath: outgoing) == [])
    // What a killed run left goes with the next one; what a running one has stays.
    for name in ["1", "2"] {
      try FileManager.default.createDirectory(
        atPath: "\(outgoing)/\(name)", withIntermediateDirectories: false)
    }
    let held = open("\(outgoing)/2", O_RDONLY | O_DIRECTORY)
    #expect(held >= 0 && flock(held, LOCK_EX | LOCK_NB) == 0)
    try repository.succeed("render", "-o", "disk:main.nut", "--lossless")
    #expect(try FileManager.default.contentsOfDirectory(atPath: outgoing) == ["2"])
    close(held)
  }
}
