/// Temporary files in `.git/vidgit`, which get their names when they are whole: "NAME.tmp-...".
enum TemporaryFiles {
  static let mark = ".tmp-"

  static func isTemporary(_ name: String) -> Bool { name.contains(mark) }

  /// Removes what killed processes have left, where no process is there that may be writing it.
  ///
  /// - Parameter removes: false only tells what would go.
  /// - Returns: what was removed.
  @discardableResult
  static func clear(in local: LocalFolder, removes: Bool = true) throws -> [StoredFile] {
    let cleared = try local.use.alone {
      let files = try StoredFile.temporaries(in: local)
      for file in removes ? files : [] { try file.remove() }
      return files
    }
    return cleared ?? []
  }
}
