import Foundation
import TestSupport
import Testing

@testable import FFmpeg

/// PNG images that a program gives back, beside what `ffmpeg` reads in them.
@Suite struct PNGPictureTests {
  private func png(_ format: String, _ folder: TemporaryFolder) throws -> String {
    let path = folder.file("\(format).png")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=61x37,format=\(format)", "-frames:v", "1",
      path,
    ])
    return path
  }

  @Test(arguments: [
    ("rgb24", "rgb24"), ("rgba", "rgba"), ("gray", "rgb24"), ("ya8", "rgba"), ("pal8", "rgba"),
    ("rgb48be", "rgb48be"), ("rgba64be", "rgba64be"), ("gray16be", "rgb48be"),
    ("ya16be", "rgba64be"), ("monob", "rgb24"),
  ])
  func readsEveryKindAsColours(_ source: String, _ target: String) throws {
    let folder = try TemporaryFolder("png")
    let path = try png(source, folder)
    let frame = try PNGPicture.decode([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    // A palette of ffmpeg's has an entry that is not opaque, or has none.
    let name = frame.pixelFormat.name
    #expect(source == "pal8" ? ["rgb24", "rgba"].contains(name) : name == target)
    let raw = folder.file("raw")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-i", path, "-sws_flags", "accurate_rnd+bitexact+full_chroma_int", "-f",
      "rawvideo", "-pix_fmt", name, raw,
    ])
    #expect(frame.copyOfBytes == [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw))))
  }

  @Test func refusesDamage() throws {
    let folder = try TemporaryFolder("png")
    let bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: png("rgb24", folder))))
    for place in stride(from: 8, to: bytes.count, by: bytes.count / 50) {
      var damaged = bytes
      damaged[place] ^= 0x55
      #expect(throws: FFmpegError.self, "\(place)") { try PNGPicture.decode(damaged) }
    }
    for count in [0, 8, 40, bytes.count / 2] {
      #expect(throws: FFmpegError.self, "\(count)") {
        try PNGPicture.decode(Array(bytes[..<count]))
      }
    }
  }

  /// Rows that are missing with all checksums right: what a careless writer makes.
  @Test func refusesAPictureWithoutAllRows() throws {
    let folder = try TemporaryFolder("png")
    let script = """
      import sys, zlib, struct
      def chunk(kind, body):
          return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
      rows = b"".join(b"\\0" + b"\\x40" * 30 for _ in range(3))
      open(sys.argv[1], "wb").write(b"\\x89PNG\\r\\n\\x1a\\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
      """
    let path = folder.file("short.png")
    try Tool.require("python3").succeed(["-c", script, path])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(throws: FFmpegError.self) { try PNGPicture.decode(bytes) }
  }
}
