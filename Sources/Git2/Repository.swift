import CGit2

/// An open Git repository.
///
/// Not `Sendable`: libgit2's handles and its error messages belong to one thread at a time. Open
/// the repository once for each task. Every reference, object and pack written through it is
/// fsynced. Calls block on the disk: keep them off the cooperative pool where that matters.
public struct Repository: ~Copyable {
  let handle: RepositoryHandle

  /// Absolute path of the repository proper, `.git` as a rule, without a trailing slash.
  public let gitDirectory: String
  /// Where objects and references are: differs from `gitDirectory` in a linked work tree.
  public let commonDirectory: String
  /// Absolute path of the work tree without a trailing slash; nil in a bare repository.
  public let workTree: String?

  /// Opens a repository.
  ///
  /// - Parameters:
  ///   - path: a work tree or a repository proper; with `discover`, any folder or file below.
  ///   - discover: look in the parent folders too, up to the end of the file system.
  ///   - ceilings: absolute folders above which not to look (git's `GIT_CEILING_DIRECTORIES`).
  ///   - allowBare: whether a repository without a work tree will do.
  /// - Throws: `isNotFound` if there is none, `isBare`, `isForeignOwner`.
  public init(
    at path: String, discover: Bool, ceilings: [String] = [], allowBare: Bool = false
  ) throws(Git2Error) {
    try Library.start()
    try requireNoNUL(path, "open the repository")
    let flags = discover ? 0 : GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
    let pointer = try Ownership.open("open the repository '\(path)'") {
      git_repository_open_ext(
        &$0, path, UInt32(flags), ceilings.isEmpty ? nil : ceilings.joined(separator: ":"))
    }
    let handle = try RepositoryHandle(owning: pointer)
    if git_repository_workdir(pointer) == nil && !allowBare {
      throw Git2Error(
        GIT_EBAREREPO, "use the repository '\(path)'", "it is bare: it has no work tree")
    }
    self.init(handle)
  }

  init(_ handle: RepositoryHandle) {
    self.handle = handle
    let pointer = handle.pointer
    gitDirectory = Self.trimmed(git_repository_path(pointer))
    commonDirectory = Self.trimmed(git_repository_commondir(pointer))
    workTree = git_repository_workdir(pointer).map { Self.trimmed($0) }
  }

  private static func trimmed(_ path: UnsafePointer<CChar>?) -> String {
    var text = path.map { String(cString: $0) } ?? ""
    while text.utf8.count > 1 && text.hasSuffix("/") { text.removeLast() }
    return text
  }

  var pointer: OpaquePointer { handle.pointer }
}

/// Owns libgit2's repository. Shared by a `Repository` and what it began (a cursor, a writer), so
/// that none of them outlives it.
final class RepositoryHandle {
  let pointer: OpaquePointer
  let objects: OpaquePointer
  /// Holds objects not yet written. libgit2 cannot take a backend away again, so there is one
  /// for each repository, made when first needed and empty between writers.
  private(set) var memory: UnsafeMutablePointer<git_odb_backend>?
  /// Whether a `PackWriter` is at work; there can be one.
  var isWriting = false

  /// Is told of locks: see `Repository.noteLocks`.
  var noteLocks: ((_ names: [String]) -> String?)?

  /// Takes over `pointer`, also when it throws.
  init(owning pointer: OpaquePointer) throws(Git2Error) {
    do throws(Git2Error) {
      try ConfigSources.apply(to: pointer)
      objects = try make("open the object database") { git_repository_odb(&$0, pointer) }
    } catch {
      git_repository_free(pointer)
      throw error
    }
    self.pointer = pointer
  }

  deinit {
    git_odb_free(objects)
    git_repository_free(pointer)
  }

  /// The backend for unwritten objects, in front of all others.
  func memoryBackend() throws(Git2Error) -> UnsafeMutablePointer<git_odb_backend> {
    if let memory { return memory }
    let backend: UnsafeMutablePointer<git_odb_backend> = try make("gather objects") {
      git_mempack_new(&$0)
    }
    let code = git_odb_add_backend(objects, backend, 999)
    if code < 0 {
      let error = Git2Error(code: code, operation: "gather objects")
      backend.pointee.free?(backend)
      throw error
    }
    memory = backend
    return backend
  }
}
