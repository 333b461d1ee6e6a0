import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import FFmpeg
@testable import VidgitKit

/// Streams that arrive in pieces of any size.
@Suite struct ScannerTests {
  private func frame(_ width: Int = 34, _ height: Int = 18, _ format: String = "rgb24") throws
    -> Frame
  {
    let pixelFormat = try #require(PixelFormat(name: format))
    let count = try #require(pixelFormat.byteCount(width: width, height: height))
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 91) }
    return try bytes.withUnsafeBytes {
      try Frame(width: width, height: height, pixelFormat: pixelFormat, bytes: $0)
    }
  }

  private func png() throws -> [UInt8] {
    var scaler = Scaler()
    return try PNGPicture.encode(frame(), with: &scaler)
  }

  @Test(arguments: [1, 2, 7, 8, 9, 13, 64, 1000, 1 << 20]) func findsTheEndOfAPNG(_ step: Int)
    throws
  {
    let bytes = try png()
    var scanner = PNGScanner()
    var place = 0
    while place < bytes.count {
      let piece = bytes[place..<min(bytes.count, place + step)]
      place += piece.count
      #expect(try scanner.append(piece) == (place == bytes.count))
    }
    #expect(scanner.bytes == bytes)
    let again = try PNGPicture.decode(scanner.bytes)
    #expect(try again.copyOfBytes == frame().copyOfBytes)
  }

  @Test func refusesWhatIsBehindAPNG() throws {
    var scanner = PNGScanner()
    #expect(throws: PictureFault.self) { try scanner.append(try png() + [0]) }
  }

  /// Whatever is changed, it is refused, or found to be short, or decodes as libavcodec lets it.
  @Test func noBytesDoHarm() throws {
    var random = SystemRandomNumberGenerator()
    let good = try png()
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      var scanner = PNGScanner()
      guard (try? scanner.append(bytes)) == true else { continue }
      _ = try? PNGPicture.decode(scanner.bytes)
    }
  }

  @Test(arguments: [1, 3, 10, 64, 5000]) func takesPicturesOutOfY4M(_ step: Int) throws {
    let frames = [try frame(34, 18, "yuv420p"), try frame(34, 18, "yuv420p")]
    var stream = Array("YUV4MPEG2 W34 H18 F25:1 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n".utf8)
    var scanner = Y4MScanner()
    for frame in frames {
      stream += Array("FRAME Ix\n".utf8) + frame.copyOfBytes
      var found: [UInt8]?
      var rest = stream[...]
      while let piece = Optional(rest.prefix(step)), !piece.isEmpty {
        #expect(found == nil)
        found = try scanner.append(piece)
        rest = rest.dropFirst(step)
      }
      #expect(found == frame.copyOfBytes)
      stream = []
    }
    #expect(scanner.format?.pixelFormat == "yuv420p")
  }

  @Test(arguments: [
    "hello", "YUV4MPEG2\n", "YUV4MPEG2 W-1 H4\n", "YUV4MPEG2 W9000 H4\n", "YUV4MPEG2 W4 Hx\n",
    "YUV4MPEG2 W4 H4 Cweird\n", "YUV4MPEG2 W4 H4\nFRAMES", "YUV4MPEG2 W4 H4\nnothing",
    "YUV4MPEG2 " + String(repeating: "X", count: 2000),
    "YUV4MPEG2 W2 H2 Cmono\nFRAME\nabcde",
  ])
  func refusesBadY4M(_ text: String) {
    var scanner = Y4MScanner()
    #expect(throws: PictureFault.self) { try scanner.append(Array(text.utf8)) }
  }

  /// What is written is what `ffmpeg` reads, in every layout that has a name.
  @Test(arguments: [
    "yuv420p", "yuv422p", "yuv444p", "gray", "yuv420p10le", "yuv422p12le", "yuv444p16le",
    "gray10le",
  ])
  func writesWhatFFmpegReads(_ name: String) throws {
    let frame = try frame(34, 18, name)
    let bytes = Array((try Y4MFormat(frame).header(of: frame) + "FRAME\n").utf8) + frame.copyOfBytes
    let raw = try Tool.ffmpeg.succeed(
      [
        "-v", "error", "-f", "yuv4mpegpipe", "-i", "-", "-f", "framehash", "-hash", "sha256", "-",
      ], input: Data(bytes))
    #expect(raw.output.contains(frame.digest.hex))
  }

  @Test func refusesToWriteWhatY4MCannotSay() throws {
    #expect(throws: PictureFault.self) { try Y4MFormat(frame(4, 4, "rgb24")) }
  }
}
