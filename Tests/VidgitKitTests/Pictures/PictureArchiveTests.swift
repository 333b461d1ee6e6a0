import FFmpeg
import Foundation
import TestSupport
import Testing

@testable import VidgitKit

/// Archives of pictures, whole and hostile.
@Suite struct PictureArchiveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("archive") }

  private func write(_ contents: [Data]) throws -> (path: String, parts: [Range<Int64>]) {
    let writer = try PictureArchiveWriter(folder.file("a.tar"))
    let parts = try contents.enumerated().map { number, data in
      let name = "in-\(number).PNG"
      try folder.write(data, to: name)
      return try writer.add(FolderName(bytes: Array(name.utf8)), in: folder.path)
    }
    let (digest, size) = try writer.finish()
    #expect(try MediaLibrary.digest(of: writer.path) == digest)
    #expect(FileStatus(path: writer.path)?.size == size)
    return (writer.path, parts)
  }

  private func picture(_ color: String) throws -> Data {
    let path = folder.file("\(color).png")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-y", "-f", "lavfi", "-i", "color=\(color):size=16x8", "-frames:v", "1", path,
    ])
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  @Test func findsEveryPictureByItsNumber() throws {
    let pictures = try ["red", "blue"].map(picture)
    // Sizes around a block's.
    let fillers = [0, 1, 511, 512, 513].map { Data(repeating: 7, count: $0) }
    let (path, parts) = try write(pictures + fillers)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for (part, data) in zip(parts, pictures + fillers) {
      #expect(bytes[Int(part.lowerBound)..<Int(part.upperBound)] == data)
    }
    let archive = try PictureArchive(path: path, name: "a.tar")
    let red = try archive.picture(0).decode()
    let blue = try archive.picture(1).decode()
    #expect(red.width == 16 && red.height == 8 && red.digest != blue.digest)
    #expect(throws: VidgitError.self) { try archive.picture(2).decode() }
    for number: Int64 in [-1, 7, .max, .min] {
      #expect(throws: VidgitError.self) { try archive.picture(number) }
    }
    // No tool says it is broken.
    let list = try Tool.require("tar").succeed(["-tf", path])
    #expect(list.lines == (0..<7).map { "00000\($0).png" })
  }

  @Test func refusesWhatIsNoSuchArchive() throws {
    let (path, _) = try write([Data(repeating: 1, count: 600), Data(repeating: 2, count: 10)])
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    func refuses(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
      let path = try folder.write(Data(bytes), to: "bad.tar")
      #expect(throws: VidgitError.self, sourceLocation: sourceLocation) {
        try PictureArchive(path: path, name: "bad.tar")
      }
    }
    try refuses([])
    for length in [1, 511, 512, 700, 1536, 2000] { try refuses(Array(whole.prefix(length))) }
    /// The first header changed, with the sum that belongs to it.
    func changed(_ offset: Int, _ text: String) -> [UInt8] {
      var bytes = whole
      bytes.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8))
      let sum = String(PictureArchive.checksum(Array(bytes[..<512])), radix: 8)
      bytes.replaceSubrange(
        148..<154, with: Array((String(repeating: "0", count: 6 - sum.count) + sum).utf8))
      return bytes
    }
    #expect(changed(0, "000000") == whole)
    // Beyond the end, negative, no number, a link, no tar.
    try refuses(changed(124, "77777777777"))
    try refuses(changed(124, "-0000000001"))
    try refuses(changed(124, "9999999999x"))
    try refuses(changed(156, "2"))
    try refuses(changed(257, "xstar"))
    var sum = whole
    sum[150] ^= 1
    try refuses(sum)
  }
}
