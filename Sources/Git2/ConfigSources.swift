import CGit2
import Synchronization

/// Where the configuration of the system and of the user is read from: what libgit2 does not take from
/// `GIT_CONFIG_SYSTEM`, `GIT_CONFIG_NOSYSTEM` and `GIT_CONFIG_GLOBAL` (git, "ENVIRONMENT VARIABLES").
public struct ConfigSources: Hashable, Sendable {
  public enum Place: Hashable, Sendable {
    /// Where git has it.
    case usual
    /// Nowhere.
    case nowhere
    /// A file; one that is not there is empty.
    case file(String)
  }

  public var system = Place.usual
  /// In place of both `~/.gitconfig` and `~/.config/git/config`.
  public var user = Place.usual
  /// Who has called sudo: root takes their repositories for its own, as git does.
  public var sudoUser: UInt32?

  public init() {}

  var isUsual: Bool { system == .usual && user == .usual }

  private static let current = Mutex(ConfigSources())

  /// Reads from there in the whole process, in repositories that are opened from now on.
  public func use() { Self.current.withLock { $0 = self } }

  static var inUse: ConfigSources { current.withLock { $0 } }

  /// Gives a repository that was just opened its configuration.
  static func apply(to repository: OpaquePointer) throws(Git2Error) {
    let sources = inUse
    guard !sources.isUsual else { return }
    let configuration = try sources.open()
    defer { git_config_free(configuration) }
    let common = git_repository_commondir(repository).map { String(cString: $0) } ?? ""
    try add(common + "config", GIT_CONFIG_LEVEL_LOCAL, to: configuration, repository)
    try check(
      git_repository_set_config(repository, configuration), "read the repository's configuration")
  }

  /// The system's and the user's configuration, for use outside of repositories. The caller frees it.
  static func openDefault() throws(Git2Error) -> OpaquePointer {
    let sources = inUse
    guard sources.isUsual else { return try sources.open() }
    return try make("read the configuration") { git_config_open_default(&$0) }
  }

  private func open() throws(Git2Error) -> OpaquePointer {
    let all: OpaquePointer = try make("read the configuration") { git_config_new(&$0) }
    do throws(Git2Error) {
      switch system {
      case .usual: try Self.addFound(git_config_find_system, GIT_CONFIG_LEVEL_SYSTEM, to: all)
      case .nowhere: break
      case .file(let path): try Self.add(path, GIT_CONFIG_LEVEL_SYSTEM, to: all)
      }
      switch user {
      case .usual:
        try Self.addFound(git_config_find_xdg, GIT_CONFIG_LEVEL_XDG, to: all)
        try Self.addFound(git_config_find_global, GIT_CONFIG_LEVEL_GLOBAL, to: all)
      case .nowhere: break
      case .file(let path): try Self.add(path, GIT_CONFIG_LEVEL_GLOBAL, to: all)
      }
      return all
    } catch {
      git_config_free(all)
      throw error
    }
  }

  private static func add(
    _ path: String, _ level: git_config_level_t, to configuration: OpaquePointer,
    _ repository: OpaquePointer? = nil
  ) throws(Git2Error) {
    let operation = "read the configuration '\(path)'"
    try requireNoNUL(path, operation)
    try check(
      git_config_add_file_ondisk(configuration, path, level, repository, 0), operation)
  }

  private static func addFound(
    _ find: (UnsafeMutablePointer<git_buf>?) -> Int32, _ level: git_config_level_t,
    to configuration: OpaquePointer
  ) throws(Git2Error) {
    var path = git_buf()
    defer { git_buf_dispose(&path) }
    guard try checkFound(find(&path), "find the configuration") else { return }
    try add(String(cString: path.ptr), level, to: configuration)
  }
}
