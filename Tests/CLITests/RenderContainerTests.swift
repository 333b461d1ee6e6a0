import Foundation
import TestSupport
import Testing

/// Renders with an encoder that holds pictures back, in containers that mind the order of what they
/// are given.
@Suite struct RenderContainerTests {
  /// Eight seconds, far longer than the encoder looks ahead.
  private func film(_ workspace: Workspace, _ times: String) throws -> String {
    let path = workspace.file("film.mp4")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25:duration=8", "-f", "lavfi",
      "-i", "sine=duration=8", "-vf", times, "-fps_mode", "passthrough", "-c:v", "libx264", "-c:a",
      "aac", path,
    ])
    return path
  }

  @Test(arguments: ["nut", "flv", "mkv", "mp4"])
  func holdsEveryPictureWithItsSound(_ ending: String) throws {
    let workspace = try Workspace()
    let repository = try workspace.split(film(workspace, "null"))
    let out = workspace.file("out.\(ending)")
    try repository.succeed("render", "-o", out)
    let times = try Media(out).pictureTimes()
    #expect(times.count == 200)
    for (index, time) in times.enumerated() {
      #expect(abs(time - times[0] - Double(index) / 25) < 0.002, "picture \(index)")
    }
    #expect(try Media(out).packetHashes("a:0").count > 8 * 44_100 / 1024)
  }

  /// AVI knows no order but that of decoding. Readers guess the first time, so that the others are
  /// counted from the second.
  @Test func keepsUnevenTimesInAVI() throws {
    let workspace = try Workspace()
    let film = try film(workspace, "setpts='(2*N+mod(N,2))/25/TB'")
    let repository = try workspace.split(film)
    let out = workspace.file("out.avi")
    try repository.succeed("render", "-o", out)
    let before = try Media(film).pictureTimes()
    let after = try Media(out).pictureTimes()
    #expect(after.count == 200 && before.count == 200)
    for (index, (a, b)) in zip(after, before).enumerated().dropFirst() {
      #expect(abs((a - after[1]) - (b - before[1])) < 0.003, "picture \(index)")
    }
  }
}
