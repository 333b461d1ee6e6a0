import FFmpeg
import Foundation
import Synchronization
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// Objects of a stranger that are more than their names say.
@Suite struct ObjectBombTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("bombs") }

  private func picture(_ size: String) throws -> String {
    let path = folder.file("\(size).png")
    try Tool.ffmpeg.succeed([
      "-v", "error", "-f", "lavfi", "-i", "color=black:s=\(size)", "-frames:v", "1",
      "-pix_fmt", "rgb24", path,
    ])
    return path
  }

  @Test(arguments: ["1920x1080", "64x2000"])
  func aLargerPictureIsNotDecoded(_ size: String) throws {
    let path = try picture(size)
    let shape = FrameShape(width: 64, height: 48, pixelFormat: "rgb24")
    #expect(throws: FFmpegError.self) { try ObjectFile.decode(path: path, as: shape) }
    let sides = size.split(separator: "x").compactMap { Int($0) }
    let own = FrameShape(width: sides[0], height: sides[1], pixelFormat: "rgb24")
    #expect(try ObjectFile.decode(path: path, as: own).width == sides[0])
  }

  private func check(_ shape: FrameShape, _ size: Int64) throws {
    var index = PackIndex()
    let small = FrameShape(width: 64, height: 48, pixelFormat: "yuv420p")
    index.append(FrameKey(digest: Digest(of: [1]), shape: small), size: 100, digest: Digest(of: []))
    index.append(
      FrameKey(digest: Digest(of: [2]), shape: shape), size: size, digest: Digest(of: []))
    try ObjectSize.check(index, "the index")
  }

  @Test func anObjectIsHardlyLongerThanItsPixels() throws {
    let shape = FrameShape(width: 8192, height: 8192, pixelFormat: "yuv420p")
    try check(shape, 8192 * 8192 * 3 / 2)
    try check(shape, 8192 * 8192 * 3 + 1 << 20)
    #expect(throws: VidgitError.self) { try check(shape, 8192 * 8192 * 3 + 1 << 20 + 1) }
    #expect(throws: VidgitError.self) { try check(shape, 1 << 30) }
  }

  /// Noise is what lossless formats make longer.
  @Test(arguments: ["yuv420p", "gbrp", "bgra", "rgb48be", "gray", "gbrp16le", "yuva420p"])
  func whatIsMadeHereFits(_ format: String) throws {
    let shape = FrameShape(width: 640, height: 480, pixelFormat: format)
    let count = try #require(ObjectSize.pixels(shape))
    var generator = SplitMix64(seed: 5)
    var bytes: [UInt8] = []
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
    }
    let frame = try bytes.withUnsafeBytes {
      try Frame(
        width: 640, height: 480, pixelFormat: #require(PixelFormat(name: format)),
        bytes: UnsafeRawBufferPointer(rebasing: $0[..<Int(count)]))
    }
    let file = try FrameFile.encode(frame)
    #expect(Int64(file.count) <= ObjectSize.largest(shape) - 1 << 20)
    let path = try folder.write(Data(file), to: "\(format).nut")
    #expect(try ObjectFile.decode(path: path, as: shape).digest == frame.digest)
  }

  private final class Held: Sendable {
    private let state = Mutex((now: Int64(0), most: Int64(0)))

    var most: Int64 { state.withLock { $0.most } }
    func add(_ bytes: Int64) {
      state.withLock {
        $0.now += bytes
        $0.most = max($0.most, $0.now)
      }
    }
  }

  @Test func tasksKeepToTheirBytes() async {
    let budget = ByteBudget(100)
    let held = Held()
    let count = await withTaskGroup(of: Void.self) { group in
      for number in 0..<60 {
        group.addTask {
          // Some want more than there is.
          let bytes = Int64(number % 7 == 0 ? 1000 : 10 + number % 50)
          await budget.acquire(bytes)
          held.add(min(bytes, 100))
          await Task.yield()
          held.add(-min(bytes, 100))
          budget.release(bytes)
        }
      }
      return await group.reduce(into: 0) { count, _ in count += 1 }
    }
    #expect(count == 60 && held.most <= 100)
  }
}
