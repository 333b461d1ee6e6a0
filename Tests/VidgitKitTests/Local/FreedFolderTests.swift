import FFmpeg
import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// A folder of objects that somebody frees while another fills it.
@Suite struct FreedFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("freed") }

  @Test func aFolderThatGoesAwayIsMadeAgain() throws {
    let path = folder.file("e1")
    var tries = 0
    let file = try DurableFile.inFolder(path) {
      tries += 1
      if tries < 3 { #expect(rmdir(path) == 0) }
      try DurableFile.write([1], to: "\(path)/object")
      return "\(path)/object"
    }
    #expect(tries == 3 && FileManager.default.fileExists(atPath: file))
    // What fails for another reason fails.
    #expect(throws: VidgitError.self) {
      try DurableFile.inFolder(path) { throw VidgitError(.notFound, "something else") }
    }
  }

  @Test func whatWasFreedNeedsNoSync() throws {
    let objects = ObjectStore(folder: folder.file("objects"))
    let frame = try [UInt8](repeating: 9, count: 48).withUnsafeBytes {
      try Frame(
        width: 4, height: 4, pixelFormat: #require(PixelFormat(name: "rgb24")), bytes: $0)
    }
    try objects.put(frame, key: frame.key)
    let path = objects.path(of: frame.key)
    #expect(unlink(path) == 0 && rmdir((path as NSString).deletingLastPathComponent) == 0)
    try objects.sync()
    try objects.put(frame, key: frame.key)
    try objects.sync()
    #expect(try objects.frame(frame.key).key == frame.key)
  }
}
