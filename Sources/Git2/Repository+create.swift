import CGit2

extension Repository {
  /// Makes a new repository with a work tree at `path`, and the folder if there is none.
  ///
  /// Nothing of the user's is copied or run: no template folder, no hooks. Files stay byte for
  /// byte, for libgit2 and for stock git: `core.autocrlf` is false in the repository's own
  /// configuration, and `info/attributes`, which outranks every other attributes file, takes all
  /// conversions away (see `keepBytes`). Everything is on disk when this returns.
  ///
  /// - Throws: `isExists` if there is a repository already.
  public static func create(
    at path: String, initialBranch: String
  ) throws(Git2Error) -> Repository {
    try Library.start()
    try requireNoNUL(path, "make a repository")
    guard try isValidBranchName(initialBranch) else {
      throw Git2Error(
        GIT_EINVALIDSPEC, "make a repository", "'\(initialBranch)' is no name for a branch")
    }
    var options = git_repository_init_options()
    try check(
      git_repository_init_options_init(
        &options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)), "make a repository")
    options.flags =
      UInt32(GIT_REPOSITORY_INIT_MKPATH.rawValue)
      | UInt32(GIT_REPOSITORY_INIT_NO_REINIT.rawValue)
    let pointer = try Ownership.open("make a repository at '\(path)'") { out in
      initialBranch.withCString { branch in
        options.initial_head = branch
        return git_repository_init_ext(&out, path, &options)
      }
    }
    let repository = Repository(try RepositoryHandle(owning: pointer))
    try repository.setConfig("core.autocrlf", to: "false")
    try repository.keepBytes()
    try syncAll(in: repository.gitDirectory)
    if let workTree = repository.workTree {
      try syncFolder(workTree)
      try syncFolder(parent(of: workTree))
    }
    return repository
  }

  /// Writes `info/attributes` of this clone so that no line ending, `$Id$` or encoding is ever
  /// converted between blobs and the work tree, whatever the user's settings and the committed
  /// `.gitattributes` say. A file that is there already keeps its lines; ours comes last, where
  /// it counts. Doing so again changes nothing.
  public func keepBytes() throws(Git2Error) {
    let line = "* -text -ident !working-tree-encoding\n"
    try appendAttributes(line) { "\n\($0)".hasSuffix("\n\(line)") }
  }

  /// Puts lines at the end of `info/attributes` of this clone, unless they stand there already.
  ///
  /// - Parameter lines: one line or several, each with its LF.
  public func addAttributes(_ lines: String) throws(Git2Error) {
    try appendAttributes(lines) { "\n\($0)".contains("\n\(lines)") }
  }

  private func appendAttributes(
    _ lines: String, unless isThere: (String) -> Bool
  ) throws(Git2Error) {
    let folder = commonDirectory + "/info"
    let path = folder + "/attributes"
    var text = try readIfPresent(path) ?? []
    if isThere(String(decoding: text, as: UTF8.self)) { return }
    if let last = text.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
    text += lines.utf8
    try makeFolder(folder)
    try taking(["info/attributes.lock"], "write '\(path)'") { () throws(Git2Error) in
      try replaceFile(path, with: text)
    }
  }
}
