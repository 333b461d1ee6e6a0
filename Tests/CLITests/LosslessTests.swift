import Foundation
import TestSupport
import Testing

/// `render --lossless` keeps its word in every container: what it takes comes back bit for bit, and
/// the rest is refused in words.
@Suite struct LosslessTests {
  private static let formats = [
    "yuv420p", "yuv422p", "yuv444p", "yuv411p", "yuvj420p", "yuvj444p", "yuva420p", "yuva444p",
    "yuv420p10le", "yuv422p10le", "yuv444p12le", "yuv420p16le", "yuva444p12le", "gray", "gray10le",
    "gray16le", "ya8", "rgb24", "bgr24", "rgba", "bgra", "bgr0", "rgb48le", "gbrp", "gbrp10le",
    "gbrp16le", "pal8", "nv12", "uyvy422", "rgb555le", "monob",
  ]

  @Test(arguments: formats) func comesBackOrIsRefused(_ format: String) throws {
    for size in ["96x64", "161x121"] { try expectSame(format, size) }
  }

  private func expectSame(_ format: String, _ size: String) throws {
    let workspace = try Workspace()
    let source = workspace.file("source.nut")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=\(size):rate=25:duration=0.08",
      "-c:v", "rawvideo", "-pix_fmt", format, source,
    ])
    let wanted = try FrameHash.ofFFmpeg(source).hashes
    let split = try workspace.vidgit("split", "source.nut", "repo")
    #expect(split.status == 0, Comment(rawValue: split.snapshot))
    let repository = Repository(path: workspace.file("repo"), workspace: workspace)
    for ending in ["nut", "mkv", "mov", "avi"] {
      let out = workspace.file("out.\(ending)")
      let result = try repository.vidgit("render", "--lossless", "-o", out)
      if result.status == 0 {
        #expect(
          try FrameHash.ofFFmpeg(out).hashes == wanted, "\(format) in \(ending): \(result.snapshot)"
        )
      } else {
        result.expectError(Status.usage, saying: [size, "without loss"])
        #expect(ending != "nut", Comment(rawValue: result.snapshot))
        #expect(result.errors.contains(".nut"))
        #expect(!FileManager.default.fileExists(atPath: out))
      }
    }
    let left = try workspace.entries.filter { $0.hasPrefix(".") }
    #expect(left == [])
  }

  @Test func usesH264WhereMOVHasNoPlaceForFFV1() throws {
    let repository = try Workspace().split(.cfr)
    let out = repository.path + ".mov"
    let said = try repository.succeed("render", "--lossless", "-o", out).output
    #expect(["h264", "ffv1"].contains(try Media(out).stream("v:0", "codec_name")))
    #expect(said.hasSuffix(", lossless)\n"), "\(said)")
    let lossy = try repository.succeed("render", "-o", repository.path + ".mp4").output
    #expect(!lossy.contains("lossless"), "\(lossy)")
  }
}
