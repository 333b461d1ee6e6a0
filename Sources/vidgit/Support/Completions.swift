import ArgumentParser
import Foundation
import VidgitKit

/// What shells complete arguments with.
///
/// The program itself says what there is, so that names come from the repository that -C names, and
/// the same in every shell.
extension CompletionKind {
  static var revision: CompletionKind { .names { _ in revisions } }
  static var branch: CompletionKind { .names { _ in refNames?.branches ?? [] } }
  /// A branch, or one of where this was cloned from.
  static var variant: CompletionKind {
    .names { _ in
      guard let names = refNames else { return [] }
      let here = names.branches
      // "origin/noir" is switched to as "noir".
      return here + names.trackable.filter { !here.contains($0) }
    }
  }
  static var revisionOrFile: CompletionKind { .names { revisions + files($0) } }
  static var store: CompletionKind { .names { _ in stores } }
  static var storeOrRevision: CompletionKind { .names { _ in stores + revisions } }
  static var paletteName: CompletionKind { .names { _ in recipes } }
  static var recipe: CompletionKind { .names { recipes + files($0) } }
  static var pictureFormat: CompletionKind { .list(["png", "jpg", "webp"]) }

  /// - Parameter names: gets what stands before the cursor.
  private static func names(_ names: @escaping @Sendable (String) -> [String]) -> CompletionKind {
    .custom { words, _, prefix in
      enterDirectory(words)
      return names(prefix).map(quoted)
    }
  }

  /// Goes where -C says, as the command would.
  private static func enterDirectory(_ words: [String]) {
    guard let option = words.firstIndex(of: "-C"), option + 1 < words.count else { return }
    _ = chdir((words[option + 1] as NSString).expandingTildeInPath)
  }

  /// bash expands the words that a program answers with, and a branch may be named `$(date)`.
  private static func quoted(_ name: String) -> String {
    guard CompletionShell.requesting == .bash,
      !name.utf8.allSatisfy({ byte in
        byte >= 0x80 || byte.isLetterOrDigit || "-_./@+,:=%".utf8.contains(byte)
      })
    else { return name }
    return "'" + name.replacing("'", with: #"'\''"#) + "'"
  }

  private static var here: String { FileManager.default.currentDirectoryPath }

  private static var refNames: RefNames? { try? RefNames(directory: here) }

  private static var revisions: [String] {
    refNames.map { ["HEAD"] + $0.branches + $0.tags + $0.remoteBranches } ?? []
  }

  private static var stores: [String] {
    (try? VidgitKit.StoreList(directory: here).run().stores.map(\.name)) ?? []
  }

  private static var recipes: [String] {
    (try? VidgitKit.Palette(in: here, defaultFolder: UserFolders.palette).items().items.map(\.name))
      ?? []
  }

  /// The files and folders whose paths begin so.
  private static func files(_ prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let path = folder.isEmpty ? "." : (folder as NSString).expandingTildeInPath
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let start = prefix.dropFirst(folder.count)
    return names.filter {
      $0.hasPrefix(start) && (start.hasPrefix(".") || !$0.hasPrefix("."))
        && !$0.contains("\n")
    }.sorted().map { folder + $0 }
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
