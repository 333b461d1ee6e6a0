import FFmpeg
import Foundation

/// A medium that is a numbered heap of picture files, as they are, in one tar file: what a folder of
/// pictures becomes, so that it has one digest and one place like any other medium.
///
/// The format is POSIX ustar (IEEE Std 1003.1, pax "ustar Interchange Format"), of plain files
/// only. The pts of a line is the number of its picture from 0. The names in it do not count.
struct PictureArchive: Sendable {
  /// What stands for the container in a descriptor.
  static let container = "tar"
  static let blockSize = 512
  private static let mostPictures = 10_000_000

  private let path: String
  private let name: String
  /// Where each picture's bytes lie.
  private let parts: [Range<Int64>]

  /// One picture, to be decoded on any task.
  struct Picture: Sendable {
    fileprivate let path: String
    fileprivate let part: Range<Int64>?
    /// What to call it in errors.
    let name: String

    /// - Throws: `VidgitError` where it is not exactly one picture.
    func decode() throws -> Frame {
      do {
        return try ObjectFile.picture(path: path, part: part)
      } catch {
        throw VidgitError(
          .badInput, "cannot decode \(name): \(error.words)",
          hint: "one picture is expected; a video is split with `vidgit split`", underlying: error)
      }
    }
  }

  /// Reads where the pictures lie.
  ///
  /// - Parameter name: the medium's, for errors.
  /// - Throws: `VidgitError` for anything that is not such an archive.
  init(path: String, name: String) throws {
    self.path = path
    self.name = name
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw VidgitError.system("read", path) }
    defer { close(file) }
    var parts: [Range<Int64>] = []
    var place: Int64 = 0
    while let size = try Self.member(of: file, at: place, name) {
      let start = place + Int64(Self.blockSize)
      parts.append(start..<start + size)
      place = start + Self.padded(size)
      guard parts.count <= Self.mostPictures else { throw Self.damaged(name, "too many files") }
    }
    self.parts = parts
  }

  /// - Parameter number: from 0; the pts of a line.
  /// - Throws: `VidgitError` for a number that is not there.
  func picture(_ number: Int64) throws -> Picture {
    guard (0..<Int64(parts.count)).contains(number) else {
      throw VidgitError(
        .verification,
        "'\(name)' holds \(parts.count) pictures, and the timeline names number \(number)",
        hint: "`vidgit verify --deep` lists every frame that does not agree")
    }
    return Picture(
      path: path, part: parts[Int(number)], name: "picture \(number) of '\(name)'")
  }

  /// A picture in any file, such as an archive that is not whole yet.
  static func picture(in path: String, part: Range<Int64>?, name: String) -> Picture {
    Picture(path: path, part: part, name: name)
  }

  static func padded(_ size: Int64) -> Int64 {
    let block = Int64(blockSize)
    return (size + block - 1) / block * block
  }

  /// The size of the member whose header stands at `place`; nil at the end.
  private static func member(of file: Int32, at place: Int64, _ name: String) throws -> Int64? {
    var block = [UInt8](repeating: 0, count: blockSize)
    let count = pread(file, &block, blockSize, off_t(place))
    guard count == blockSize else { throw damaged(name, "it ends too early") }
    if block.allSatisfy({ $0 == 0 }) { return nil }
    guard block[257..<263].elementsEqual("ustar\0".utf8), block[156] == UInt8(ascii: "0"),
      octal(block[148..<156]) == checksum(block), let size = octal(block[124..<136])
    else { throw damaged(name, "it is no tar file of plain files") }
    var status = stat()
    guard fstat(file, &status) == 0, size <= Int64(status.st_size) - place - Int64(blockSize) else {
      throw damaged(name, "it ends too early")
    }
    return size
  }

  /// The sum of a header's bytes, its own field taken for spaces.
  static func checksum(_ block: [UInt8]) -> Int64 {
    block.enumerated().reduce(0) { sum, entry in
      sum + Int64((148..<156).contains(entry.offset) ? UInt8(ascii: " ") : entry.element)
    }
  }

  private static func octal(_ field: ArraySlice<UInt8>) -> Int64? {
    let digits = field.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
    return Int64(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 >= 0 ? $0 : nil }
  }

  private static func damaged(_ name: String, _ reason: String) -> VidgitError {
    VidgitError(
      .badInput, "the pictures in '\(name)' cannot be read: \(reason)",
      hint: "get the file anew and point to it with `vidgit media locate`")
  }
}
