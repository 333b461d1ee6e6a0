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

  /// A grey JPEG image of 8x8 pixels, one scan for each of these components.
  private func separateScans(_ components: [UInt8]) -> [UInt8] {
    func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
      [0xff, marker, 0, UInt8(body.count + 2)] + body
    }
    // One code, a single 0: a difference of 0, and the end of a block.
    func table(_ kind: UInt8) -> [UInt8] { [kind, 1] + Array(repeating: 0, count: 15) + [0] }
    let shapes = [1, 2, 3].flatMap { [$0, 0x11, 0] as [UInt8] }
    var image: [UInt8] = [0xff, 0xd8]
    image += segment(0xdb, [0] + Array(repeating: 1, count: 64))
    image += segment(0xc0, [8, 0, 8, 0, 8, 3] + shapes)
    image += segment(0xc4, table(0x00) + table(0x10))
    for component in components { image += segment(0xda, [1, component, 0, 0, 63, 0]) + [0x3f] }
    return image + [0xff, 0xd9]
  }

  @Test func imagesThatLackAComponent() throws {
    let whole = try LossyPicture.decodeJPEG(separateScans([1, 2, 3]))
    #expect(pixels(whole) == Data(repeating: 128, count: 3 * 64))
    for present: [UInt8] in [[1, 2], [1, 3], [1], [2, 3]] {
      #expect(throws: FFmpegError.self) { try LossyPicture.decodeJPEG(separateScans(present)) }
    }
  }
}
