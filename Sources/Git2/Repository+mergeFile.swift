import CGit2

extension Repository {
  /// Git's three-way merge of one text file, by lines.
  ///
  /// - Parameter base: nil where both sides have added the file.
  /// - Returns: the merged bytes; nil where the sides conflict.
  public static func mergedFile(
    base: [UInt8]?, ours: [UInt8], theirs: [UInt8]
  ) throws(Git2Error) -> [UInt8]? {
    try Library.start()
    var result = git_merge_file_result()
    defer { git_merge_file_result_free(&result) }
    let code = withInput(base ?? []) { base in
      withInput(ours) { ours in
        withInput(theirs) { theirs in
          git_merge_file(&result, base, ours, theirs, nil)
        }
      }
    }
    try check(code, "merge a file")
    guard result.automergeable != 0 else { return nil }
    return Array(UnsafeRawBufferPointer(start: result.ptr, count: result.len))
  }

  private static func withInput<Result>(
    _ bytes: [UInt8], _ body: (UnsafePointer<git_merge_file_input>) -> Result
  ) -> Result {
    bytes.withUnsafeBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        var input = git_merge_file_input()
        input.version = UInt32(GIT_MERGE_FILE_INPUT_VERSION)
        input.ptr = characters.baseAddress
        input.size = characters.count
        return withUnsafePointer(to: input, body)
      }
    }
  }

  /// Whether stock git is in the middle of something here: a merge, a rebase, a cherry-pick, a
  /// bisection.
  public var isBusy: Bool {
    git_repository_state(pointer) != Int32(GIT_REPOSITORY_STATE_NONE.rawValue)
  }
}
