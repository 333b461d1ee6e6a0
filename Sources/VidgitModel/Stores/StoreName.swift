/// The name of a thing in a store, from the store's own top.
///
///     packs/<64 digits>.pack      objects one after the other, named by the SHA-256 of the whole
///     packs/<64 digits>.index     what is in it: `PackIndex`
///     packs/list                  the packs that there are, for readers who cannot list: `PackList`
///     media/<64 digits>           a medium, named by its SHA-256
///     objects/<2 digits>/<64 digits>-<shape>.nut
///                                 an object by itself, as the local store has it
///
/// Only letters, digits, `/`, `.`, `_` and `-` stand in a name, and none of its parts begins with a
/// dot: it means the same to every kind of store, and never leads out of one.
public struct StoreName: Hashable, Sendable, Comparable {
  public let text: String

  public static let longest = 200

  /// nil for what is no name.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard (1...Self.longest).contains(bytes.count),
      bytes.allSatisfy({
        $0.isASCIIDigit || $0.isASCIILowercase || "/._-".utf8.contains($0)
      })
    else { return nil }
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard
      parts.allSatisfy({
        !$0.isEmpty && $0.first != UInt8(ascii: ".") && $0.first != UInt8(ascii: "-")
      })
    else { return nil }
    self.text = text
  }

  private init(known text: String) { self.text = text }

  public static func < (left: StoreName, right: StoreName) -> Bool { left.text < right.text }

  public static let packList = StoreName(known: "packs/list")

  public static func pack(_ digest: Digest) -> StoreName {
    StoreName(known: "packs/\(digest.hex).pack")
  }

  public static func index(of pack: Digest) -> StoreName {
    StoreName(known: "packs/\(pack.hex).index")
  }

  public static func media(_ digest: Digest) -> StoreName {
    StoreName(known: "media/\(digest.hex)")
  }

  /// nil where the pixel format is no name of libav's: a line is a stranger's.
  public static func object(_ key: FrameKey) -> StoreName? {
    let hex = key.digest.hex
    guard key.shape.isWellFormed else { return nil }
    return StoreName("objects/\(hex.prefix(2))/\(hex)-\(key.shape.text).nut")
  }

  /// What it names; nil for what is none of a store's things.
  public enum Kind: Hashable, Sendable {
    case pack(Digest)
    case index(Digest)
    case packList
    case media(Digest)
    case object(FrameKey)
  }

  public var kind: Kind? {
    if self == .packList { return .packList }
    let parts = text.split(separator: "/").map(String.init)
    switch (parts[0], parts.count) {
    case ("packs", 2):
      if parts[1].hasSuffix(".pack") {
        return Digest(hex: String(parts[1].dropLast(5))).map { .pack($0) }
      }
      guard parts[1].hasSuffix(".index") else { return nil }
      return Digest(hex: String(parts[1].dropLast(6))).map { .index($0) }
    case ("media", 2): return Digest(hex: parts[1]).map { .media($0) }
    case ("objects", 3):
      guard parts[2].hasPrefix(parts[1]), parts[1].utf8.count == 2, parts[2].hasSuffix(".nut")
      else {
        return nil
      }
      return FrameKey(text: String(parts[2].dropLast(4))).map { .object($0) }
    default: return nil
    }
  }
}

extension StoreName: CustomStringConvertible {
  public var description: String { text }
}
