import FFmpeg
import Foundation
import TestSupport
import Testing

/// JPEG and WebP images from elsewhere: whole ones have the pixels that `ffmpeg` sees, others are
/// refused.
@Suite struct LossyPictureTests {
  private func image(_ ending: String) throws -> (bytes: [UInt8], pixels: Data) {
    let folder = try TemporaryFolder("lossy")
    let (path, raw) = (folder.file("a.\(ending)"), folder.file("a.raw"))
    try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=96x64", "-frames:v", "1",
      "-q:v", "2", path,
    ])
    try Tool.ffmpeg.succeed(["-v", "error", "-nostdin", "-i", path, "-f", "rawvideo", raw])
    return (
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))),
      try Data(contentsOf: URL(fileURLWithPath: raw))
    )
  }

  private func pixels(_ frame: Frame) -> Data {
    var data = Data()
    frame.forEachRun { data.append(contentsOf: $0) }
    return data
  }

  @Test func wholeImages() throws {
    let jpeg = try image("jpg")
    #expect(try pixels(LossyPicture.decodeJPEG(jpeg.bytes)) == jpeg.pixels)
    #expect(try pixels(LossyPicture.decodeJPEG(jpeg.bytes + [0, 0])) == jpeg.pixels)
    let webp = try image("webp")
    #expect(try pixels(LossyPicture.decodeWebP(webp.bytes)) == webp.pixels)
  }

  @Test func imagesThatAreCut() throws {
    let jpeg = try image("jpg").bytes
    for count in [jpeg.count / 2, jpeg.count * 9 / 10, jpeg.count - 2, 355, 4] {
      #expect(throws: FFmpegError.self) { try LossyPicture.decodeJPEG(Array(jpeg.prefix(count))) }
    }
    // With the marker of the end put behind the cut.
    for count in [jpeg.count / 3, jpeg.count / 2, jpeg.count * 3 / 4] {
      #expect(throws: FFmpegError.self) {
        try LossyPicture.decodeJPEG(Array(jpeg.prefix(count)) + [0xff, 0xd9])
      }
    }
    let webp = try image("webp").bytes
    for count in [webp.count / 2, webp.count - 20] {
      #expect(throws: FFmpegError.self) { try LossyPicture.decodeWebP(Array(webp.prefix(count))) }
    }
  }
}
