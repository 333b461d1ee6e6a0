import FFmpeg
import Foundation
import TestSupport
import Testing

/// How far a reader goes on in a file that cannot be read in places.
@Suite struct VideoReaderTests {
  /// Grey pictures of 2x2 pixels, with lines between them that are none.
  private func clip(in folder: TemporaryFolder, pictures: Int, faultsAfter faults: (Int) -> Int)
    throws -> String
  {
    var data = Data("YUV4MPEG2 W2 H2 F25:1 Ip A1:1 Cmono\n".utf8)
    for number in 0..<pictures {
      data += Data("FRAME\n".utf8) + Data(repeating: UInt8(number % 256), count: 4)
      for _ in 0..<faults(number) { data += Data("FAULT\n".utf8) }
    }
    return try folder.write(data, to: "faults.y4m")
  }

  private func frames(_ path: String) throws -> (count: Int, damage: Int) {
    let reader = try VideoReader(path: path, options: .init(threads: 1, skipsDamage: true))
    var count = 0
    while try reader.next() != nil { count += 1 }
    return (count, reader.damageCount)
  }

  @Test func readsOnBehindAnyNumberOfFaults() throws {
    let folder = try TemporaryFolder("reader")
    let path = try clip(in: folder, pictures: 3000) { $0 < 2900 ? 4 : 0 }
    #expect(try frames(path) == (3000, 2900 * 4))
  }

  @Test func endsWhereNothingElseComes() throws {
    let folder = try TemporaryFolder("reader")
    let path = try clip(in: folder, pictures: 20) { $0 == 9 ? 20_000 : 0 }
    #expect(try frames(path) == (10, 10_001))
  }

  @Test func stopsAtAFaultUnlessItIsToSkipThem() throws {
    let folder = try TemporaryFolder("reader")
    let path = try clip(in: folder, pictures: 20) { $0 == 9 ? 1 : 0 }
    let reader = try VideoReader(path: path, options: .init(threads: 1))
    for _ in 0..<9 { #expect(try reader.next() != nil) }
    #expect(throws: FFmpegError.self) { while try reader.next() != nil {} }
  }
}
