import Foundation
import VidgitModel

/// A name in a folder as the disk has it: bytes, which need not be text.
struct FolderName: Sendable {
  let bytes: [UInt8]

  /// For people: what is no UTF-8 is written out byte by byte, as `\xe9`.
  var shown: String {
    if let text = String(bytes: bytes, encoding: .utf8) { return TerminalText.escaped(text) }
    return bytes.map { byte in
      (0x20..<0x7f).contains(byte)
        ? String(UnicodeScalar(byte))
        : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  var isHidden: Bool { bytes.first == UInt8(ascii: ".") }

  /// What follows the last dot; empty without one.
  var ending: String {
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return "" }
    return String(decoding: bytes[(dot + 1)...], as: UTF8.self)
  }

  enum Kind { case file, folder, other }

  /// What it leads to; links are followed.
  func kind(in folder: String) -> Kind {
    var status = stat()
    guard stat(path(in: folder), &status) == 0 else { return .other }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// For system calls: the bytes of the path and a zero.
  func path(in folder: String) -> [CChar] {
    (Array(folder.utf8) + [UInt8(ascii: "/")] + bytes + [0]).map { CChar(bitPattern: $0) }
  }

  /// All names in a folder, hidden ones too, in no order.
  static func all(in folder: String) throws -> [FolderName] {
    guard let stream = opendir(folder) else {
      throw VidgitError.system("read the folder", folder)
    }
    defer { closedir(stream) }
    var names: [FolderName] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw VidgitError.system("read the folder", folder) }
        return names
      }
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if bytes == Array(".".utf8) || bytes == Array("..".utf8) { continue }
      names.append(FolderName(bytes: bytes))
    }
  }
}
