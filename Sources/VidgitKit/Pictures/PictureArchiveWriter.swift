import Foundation
import VidgitModel

/// Writes a `PictureArchive`. The same pictures in the same order give the same bytes.
///
/// Not `Sendable`: files are added in order.
final class PictureArchiveWriter {
  let path: String
  private let file: Int32
  private var place: Int64 = 0
  private var count = 0
  private var builder = DigestBuilder()

  /// - Parameter path: a new file; it is the caller's to remove after an error.
  init(_ path: String) throws {
    self.path = path
    file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw VidgitError.system("create", path) }
  }

  deinit { close(file) }

  /// Takes in a file as it is, and returns where its bytes lie now.
  func add(_ name: FolderName, in folder: String) throws -> Range<Int64> {
    let source = "\(folder)/\(name.shown)"
    let input = open(name.path(in: folder), O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw VidgitError.system("read", source) }
    defer { close(input) }
    var status = stat()
    guard fstat(input, &status) == 0 else { throw VidgitError.system("read", source) }
    let size = Int64(status.st_size)
    // Eleven octal digits.
    guard size < 1 << 33 else {
      throw VidgitError(.badInput, "'\(source)' has \(size) bytes, which is too much for a picture")
    }
    try write(header(size, name.ending))
    let start = place
    var rest = size
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while rest > 0 {
      let got = read(input, &buffer, Int(min(rest, Int64(buffer.count))))
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw VidgitError.system("read", source, got < 0 ? errno : EIO) }
      try write(Array(buffer[..<got]))
      rest -= Int64(got)
    }
    try write([UInt8](repeating: 0, count: Int(PictureArchive.padded(size) - size)))
    return start..<start + size
  }

  /// Ends the archive and puts it on disk.
  func finish() throws -> (digest: Digest, size: Int64) {
    try write([UInt8](repeating: 0, count: 2 * PictureArchive.blockSize))
    try DurableFile.sync(file, path)
    return (builder.digest(), place)
  }

  private func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes {
      try DurableFile.writeAll($0, to: file, path)
      builder.update($0)
    }
    place += Int64(bytes.count)
  }

  /// Nothing but number, ending and size: no owner, no time, no name of the user's.
  private func header(_ size: Int64, _ ending: String) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: PictureArchive.blockSize)
    func put(_ text: String, at offset: Int) {
      for (place, byte) in text.utf8.enumerated() { block[offset + place] = byte }
    }
    func octal(_ value: Int64, _ digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    let number = String(count)
    let safe = FileNames.safe(ending.lowercased()).prefix(16)
    put(
      String(repeating: "0", count: max(0, 6 - number.count)) + number
        + (ending.isEmpty ? "" : ".\(safe)"), at: 0)
    put("0000644\0" + "0000000\0" + "0000000\0", at: 100)
    put(octal(size, 11) + "\0" + octal(0, 11) + "\0", at: 124)
    put("0", at: 156)
    put("ustar\0" + "00", at: 257)
    put(octal(PictureArchive.checksum(block), 6) + "\0 ", at: 148)
    count += 1
    return block
  }
}
