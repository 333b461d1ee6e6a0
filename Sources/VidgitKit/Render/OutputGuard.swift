import Foundation
import Git2
import VidgitModel

extension VideoRepository {
  /// Refuses to write over what this repository is made of: the source files of any of its revisions
  /// that this machine knows, the manifest in the work tree, and anything in `.git`. Links, hard or
  /// symbolic, are the file that they lead to.
  ///
  /// - Throws: `VidgitError`: conflict, with what the file is.
  func requireOutput(_ path: String) throws {
    if let medium = try media.places().first(where: { FileIdentity.isSame(path, $0) }) {
      throw Self.refusal(path, "is the source video '\(medium)' itself, which frames are made of")
    }
    let place = FileIdentity.resolved(path)
    if let inside = gitFolders.first(where: { place.lies(within: $0) }) {
      // What is made to be sent or committed lies there meanwhile.
      let own = [local.outgoing, local.temporary].map(FileIdentity.resolved)
      if own.contains(where: place.lies(within:)) { return }
      throw Self.refusal(path, "lies in '\(inside)', which is Git's")
    }
    guard let workTree = git.workTree.map(FileIdentity.resolved) else { return }
    let parts = [FileNames.header, "frames", "media", "filters"].map { "\(workTree)/\($0)" }
    if parts.contains(where: place.lies(within:)) || isLinkToPart(path, parts) {
      throw Self.refusal(path, "belongs to this repository's manifest")
    }
  }

  private var gitFolders: [String] {
    var folders = [git.gitDirectory, git.commonDirectory]
    if let workTree = git.workTree { folders.append("\(workTree)/.git") }
    return folders.map(FileIdentity.resolved)
  }

  /// Whether a file that has further names has one of them in the manifest.
  private func isLinkToPart(_ path: String, _ parts: [String]) -> Bool {
    guard let wanted = FileIdentity(path), wanted.links > 1 else { return false }
    return parts.contains { part in
      if FileIdentity(part) == wanted { return true }
      let names = try? FileManager.default.contentsOfDirectory(atPath: part)
      return names?.contains { FileIdentity("\(part)/\($0)") == wanted } ?? false
    }
  }

  private static func refusal(_ path: String, _ what: String) -> VidgitError {
    VidgitError(
      .conflict, "'\(path)' \(what): it is not written over", hint: "write to another file")
  }
}

/// Which file a path leads to.
struct FileIdentity: Equatable {
  private let device: UInt64
  private let inode: UInt64
  /// How many names the file has.
  let links: Int

  /// nil where nothing is there.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, inode) = (UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino))
    links = Int(status.st_nlink)
  }

  /// Whether both lead to one file that is there.
  static func isSame(_ path: String, _ other: String) -> Bool {
    FileIdentity(path).map { $0 == FileIdentity(other) } ?? false
  }

  /// The path without links and dots; of what is not there, that of its folder and the name.
  static func resolved(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    // By hand: Foundation on Linux ends the program at a name of one character.
    let trimmed = path.utf8.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return "\(FileManager.default.currentDirectoryPath)/\(trimmed)"
    }
    let name = trimmed[trimmed.utf8.index(after: slash)...]
    guard slash > trimmed.startIndex else { return "/\(name)" }
    return "\(resolved(String(trimmed[..<slash])))/\(name)"
  }
}

extension String {
  /// Whether this path is that of the folder or of something in it.
  fileprivate func lies(within folder: String) -> Bool {
    self == folder || hasPrefix(folder + "/")
  }
}
