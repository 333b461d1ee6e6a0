/// Where things stand in the tree, and which names may stand in it at all.
public enum FileNames {
  public static let header = "video.json"
  public static let mediaFolder = "media/"
  public static let framesFolder = "frames/"
  public static let filtersFolder = "filters/"

  /// Whether `name` may be the name of one entry of a tree: `^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`.
  ///
  /// libgit2 and git accept entries such as `../evil` and zero-width `.git`, so every tree is held
  /// to this before anything in it is used.
  public static func isSafe(_ name: String) -> Bool {
    var name = name
    return name.withUTF8 { isSafe(UnsafeRawBufferPointer($0)) }
  }

  static func isSafe(_ name: UnsafeRawBufferPointer) -> Bool {
    guard (1...100).contains(name.count), name[0].isASCIIAlphanumeric else { return false }
    return name.allSatisfy {
      $0.isASCIIAlphanumeric || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: "-")
    }
  }

  /// "media/falls.json" for "falls"; `nil` where that is not a safe name.
  public static func media(_ name: String) -> String? {
    let file = name + ".json"
    return isSafe(name) && isSafe(file) ? mediaFolder + file : nil
  }

  /// "filters/noir-3f2a9c1d0b7e.json" for a recipe id.
  public static func filter(_ id: String) -> String { filtersFolder + id + ".json" }

  /// "noir-3f2a9c1d0b7e" for "filters/noir-3f2a9c1d0b7e.json"; `nil` for any other path.
  public static func recipeID(_ path: String) -> String? {
    guard path.hasPrefix(filtersFolder), path.hasSuffix(".json") else { return nil }
    let id = String(path.dropFirst(filtersFolder.count).dropLast(".json".count))
    return Recipe.isID(id) ? id : nil
  }

  /// Whether `path` is "media/<safe name>.json".
  public static func isMediaPath(_ path: String) -> Bool {
    var path = path
    return path.withUTF8 { isMediaPath(UnsafeRawBufferPointer($0)) }
  }

  static func isMediaPath(_ path: UnsafeRawBufferPointer) -> Bool {
    guard path.count > mediaFolder.utf8.count + ".json".utf8.count,
      path.starts(with: mediaFolder.utf8), path.suffix(5).elementsEqual(".json".utf8)
    else { return false }
    return isSafe(UnsafeRawBufferPointer(rebasing: path[mediaFolder.utf8.count...]))
  }

  /// A safe name as close as possible to `text` ("My Film (2).mp4" gives "My-Film-2.mp4");
  /// "media" where nothing is left.
  public static func safe(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      let kept = byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
      if kept {
        // "-." reads badly.
        if byte == UInt8(ascii: "."), result.last == UInt8(ascii: "-") { result.removeLast() }
        result.append(byte)
      } else if let last = result.last, last != UInt8(ascii: "-") {
        result.append(UInt8(ascii: "-"))
      }
      if result.count == 80 { break }
    }
    let trimmed = result.drop { !$0.isASCIIAlphanumeric }
    let end = trimmed.lastIndex { $0.isASCIIAlphanumeric } ?? trimmed.startIndex
    guard !trimmed.isEmpty else { return "media" }
    return String(decoding: trimmed[...end], as: UTF8.self)
  }
}

extension UInt8 {
  @inline(__always) var isASCIIDigit: Bool { self &- 0x30 < 10 }
  @inline(__always) var isASCIILowercase: Bool { self &- 0x61 < 26 }
  @inline(__always) var isASCIIAlphanumeric: Bool {
    isASCIIDigit || (self | 0x20).isASCIILowercase
  }
}
