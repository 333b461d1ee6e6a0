import Foundation
import TestSupport
import Testing

/// The whole way of a video among people, on loopback, with the real program.
@Suite struct JourneyTests {
  private static let frames = 2000

  /// Many small frames, so that what travels is the manifest.
  private func clip(_ person: Person) throws -> String {
    let path = person.workspace.file("falls.mp4")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=50", "-frames:v",
      "\(Self.frames)", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path,
    ])
    return path
  }

  @Test func aVideoIsPublishedForkedProposedAndTakenIn() async throws {
    let server = try GitHubServer(
      users: ["ann:tokA:repo", "bob:tokB:repo"], ["--redirect-downloads"])
    let ann = try Person("ann", token: "tokA", at: server)
    let bob = try Person("bob", token: "tokB", at: server)

    // Ann splits, filters and publishes; twice comes to the same.
    let source = try clip(ann)
    try ann.succeed("split", source, "falls")
    try ann.succeed("filter", "noir", "-b", "noir", in: "falls")
    try ann.succeed("switch", "main", in: "falls")
    let published = try ann.succeed("publish", "ann/falls", in: "falls")
    #expect(published.output.contains("2 branches"), Comment(rawValue: published.snapshot))
    let heads = try ann.repository("falls").git("for-each-ref", "refs/heads")
    try ann.succeed("publish", in: "falls")
    #expect(try ann.repository("falls").git("for-each-ref", "refs/heads") == heads)

    // Bob forks and clones: under 1 MB for 10,000 frames, and no media.
    try await server.reset()
    try bob.succeed("fork", "ann/falls")
    #expect(try await server.count("asset_out") == 0)
    let moved = try await server.count("git_out")
    #expect(moved > 0 && moved < Self.frames * 100, "\(moved) bytes for \(Self.frames) frames")

    // He filters two seconds, with only the needed parts of the medium.
    try bob.succeed("filter", "sepia", "--range", "4s..6s", "-b", "warm", in: "falls")
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: source)[.size] as? Int)
    let fetched = try await server.count("asset_out")
    #expect(fetched > 0 && fetched <= size + 64 << 10)
    let proposed = try bob.succeed("propose", "-m", "Warmer?", "--json", in: "falls")
    let proposal = try object(proposed.output)
    #expect(proposal["number"] as? Int == 1)
    #expect(proposal["target"] as? String == "ann/falls")
    // Again, it is the same proposal.
    #expect(
      try object(bob.succeed("propose", "--json", in: "falls").output)["wasOpen"] as? Bool == true)

    // Ann reviews, merges and renders.
    let review = try ann.succeed("review", "1", in: "falls")
    #expect(
      review.output.contains("200..300  0:04.000..0:06.000  100 frames changed"),
      Comment(rawValue: review.snapshot))
    try ann.succeed("merge", "origin/pr/1", in: "falls")
    try ann.succeed("publish", in: "falls")
    try ann.succeed("render", "main", "-o", "../main.nut", "--lossless", in: "falls")
    let rendered = try FrameHash.ofFFmpeg(ann.workspace.file("main.nut"))
    let hers = try ann.repository("falls").frameHash()
    #expect(rendered.hashes == hers.hashes)
    #expect(hers.lines.count == Self.frames)
    #expect(try bob.repository("falls").frameHash("warm").hashes == hers.hashes)
    // What Bob made is what `ffmpeg` gives for the frames that nobody touched.
    let plain = try FrameHash.ofFFmpeg(source)
    #expect(plain.hashes[..<200] == hers.hashes[..<200])
    #expect(plain.hashes[200] != hers.hashes[200])
    #expect(try await server.violations() == [])
  }
}
