import Foundation
import VidgitModel

/// What there is to import, read and understood as far as that goes without decoding.
enum ImportSource {
  case pictures(PictureImport)
  case pieces(name: String, [EditPiece])

  private static let largestText = 64 << 20
  private static let otioLimits = JSONLimits(
    bytes: largestText, depth: 64, stringBytes: 1 << 20, elements: 4_000_000)

  init(_ options: ImportOptions) throws {
    let path = URL(fileURLWithPath: options.source).standardizedFileURL.path
    let shown = TerminalText.escaped(options.source)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw VidgitError(
        .notFound, "there is no '\(shown)'",
        hint: "look at the path; a name with spaces needs quotes")
    }
    if isFolder.boolValue {
      self = .pictures(try PictureImport(folder: path, options))
      return
    }
    guard options.rate == nil, options.timecodes == nil else {
      throw VidgitError(
        .usage, "--fps and --timecodes are for a folder of pictures, and '\(shown)' is a file",
        hint: "a list of cuts says itself how long its parts are")
    }
    let file = (path as NSString).lastPathComponent
    let name = (file as NSString).deletingPathExtension
    let bytes = try Self.text(path, shown)
    let folder = (path as NSString).deletingLastPathComponent
    var pieces: [EditPiece]
    if ConcatList.isLikely(bytes) {
      pieces = try VidgitError.foreign {
        try ConcatList(parsing: String(decoding: bytes, as: UTF8.self), file: file).pieces
      }
    } else if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
      pieces = try VidgitError.foreign {
        try OTIOTimeline(
          json: JSONValue(parsing: bytes, what: file, limits: Self.otioLimits), file: file
        ).pieces
      }
    } else {
      throw Self.unknown(shown)
    }
    for index in pieces.indices where !pieces[index].path.hasPrefix("/") {
      pieces[index].path = "\(folder)/\(pieces[index].path)"
    }
    self = .pieces(name: name.isEmpty ? "timeline" : name, pieces)
  }

  /// The whole file where it can be a list; a video is none, however large.
  private static func text(_ path: String, _ shown: String) throws -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw VidgitError.system("read", path)
    }
    defer { try? file.close() }
    guard let size = FileStatus(path: path)?.size else { throw unknown(shown) }
    guard let start = try file.read(upToCount: 64),
      ConcatList.isLikely(start)
        || start.first(where: { $0 > 0x20 }) == UInt8(ascii: "{")
    else { throw unknown(shown) }
    guard size <= largestText else {
      throw VidgitError(
        .badInput, "'\(shown)' has \(size) bytes; at most \(largestText) are read of a list",
        hint: "import its parts one by one and put them together with `vidgit splice`")
    }
    return [UInt8](start + (try file.readToEnd() ?? Data()))
  }

  private static func unknown(_ shown: String) -> VidgitError {
    VidgitError(
      .badInput,
      "'\(shown)' is no folder of pictures, no ffconcat script and no OpenTimelineIO file",
      hint: "a video is split: vidgit split VIDEO; an ffconcat script begins with "
        + "'\(ConcatList.signature)'")
  }
}

extension VidgitError {
  /// Runs `body` and turns an error in another program's file into one for a person.
  static func foreign<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as ModelError {
      throw VidgitError(
        .badInput, error.description,
        hint: error.hint ?? "the program that wrote the file can write it anew", underlying: error)
    }
  }
}
