import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// A medium that is there in parts: what is remembered of it is small, however long it is.
@Suite struct PartialFileTests {
  private static let sizes: [Int64] = [
    0, 1, 262_144, 262_145, 68_719_476_735, 68_719_476_736, 68_719_476_737, 1 << 42, 1 << 46,
  ]

  @Test(arguments: sizes)
  func mapsAreShort(_ size: Int64) throws {
    let chunk = PartialFile.chunk(ofSize: size)
    #expect(size / chunk < Int64(PartialFile.mostChunks))
    // An earlier version had one length for all: its map is another one's, or the same.
    #expect(chunk == 262_144 || size / 262_144 >= Int64(PartialFile.mostChunks))
  }

  private func file(_ size: Int64, _ folder: TemporaryFolder) throws -> PartialFile {
    var stream = MediaStream(index: 0, type: "video", codec: "h264")
    stream.width = 64
    let descriptor = MediaDescriptor(
      name: "long.mp4", sha256: Digest(of: [1]), size: size, container: "mov", videoStream: 0,
      streams: [stream])
    return try PartialFile(descriptor, folder: folder.file("partial"), sources: []) { _ in }
  }

  @Test func aMapOfAnotherLengthIsNotRead() throws {
    let folder = try TemporaryFolder("partial")
    let hex = Digest(of: [1]).hex
    // 128 GiB, of which no disk has to hold a byte, with the map of chunks of 256 KiB.
    let size: Int64 = 1 << 37
    try withExtendedLifetime(file(size, folder)) {}
    let map = folder.file("partial/\(hex).map")
    let chunks = Int(size / PartialFile.chunk(ofSize: size))
    #expect(FileManager.default.contents(atPath: map)?.count == chunks)
    try Data(repeating: UInt8(ascii: "1"), count: Int(size >> 18)).write(
      to: URL(fileURLWithPath: map))
    try withExtendedLifetime(file(size, folder)) {}
    let fresh = FileManager.default.contents(atPath: map)
    #expect(fresh == Data(repeating: UInt8(ascii: "0"), count: chunks))
  }
}
