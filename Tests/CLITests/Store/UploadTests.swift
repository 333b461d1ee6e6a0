import Foundation
import TestSupport
import Testing

/// A long medium on its way to S3, and a push that is killed in the middle of it.
@Suite struct UploadTests {
  /// Raw pictures: some 70 MB in five parts.
  private func video(_ workspace: Workspace) throws -> String {
    let path = workspace.file("long.nut")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=10:duration=5.2",
      "-pix_fmt", "yuv420p", "-c:v", "rawvideo", path,
    ])
    return path
  }

  @Test func aKilledUploadIsTakenUp() throws {
    // Without checks of signatures, so that the test can look with curl.
    let bucket = try TestServer.s3(checks: false)
    let workspace = try Workspace()
    let relay = try TestServer.relay(to: bucket.base, workspace.folder.path)
    let path = try video(workspace)
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect((65 << 20..<80 << 20).contains(size))
    let repository = try workspace.split(path)
    let keys = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret-of-the-key"]
    try repository.succeed(
      [
        "store", "add", "bucket", "s3://films/x", "--endpoint", relay.base, "--region",
        "eu-central-1",
      ],
      keys)
    try relay.control("POST", "hang?part=5")
    let killed = try Tool.vidgit.run(
      ["push"], in: repository.path, environment: keys,
      interruption: Interruption(SIGKILL, after: .zero, sign: workspace.file("hanging")))
    #expect(killed.signal == SIGKILL, Comment(rawValue: killed.snapshot))
    #expect(try relay.log().sentParts == [1, 2, 3, 4])
    #expect(try uploads(bucket) == 1)

    try relay.control("POST", "mend")
    try repository.succeed(["push"], keys)
    let log = try relay.log()
    #expect(log.sentParts == [5])
    let sent = log.compactMap { $0["length"] as? Int }.reduce(0, +)
    #expect(sent >= size - (64 << 20) && sent < size - (63 << 20))
    #expect(try uploads(bucket) == 0)
    let name = try sum(path)
    try Tool.require("curl").succeed([
      "-sf", "-o", workspace.file("got"), "\(bucket.base)/films/x/media/\(name)",
    ])
    #expect(try sum(workspace.file("got")) == name)
    let again = try Tool.vidgit.succeed(["push"], in: repository.path, environment: keys)
    #expect(again.output.hasPrefix("Nothing to do"))
  }

  private func sum(_ path: String) throws -> String {
    String(try Tool.require("sha256sum").succeed([path]).output.prefix(64))
  }

  /// How many uploads the bucket has that are not finished.
  private func uploads(_ bucket: TestServer) throws -> Int {
    let list = try Tool.require("curl").succeed(["-sf", "\(bucket.base)/films?uploads"]).output
    #expect(list.contains("ListMultipartUploadsResult"))
    return list.matches(of: #/<UploadId>/#).count
  }
}
