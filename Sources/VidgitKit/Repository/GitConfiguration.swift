import Git2

/// Where Git's configuration is read from, for the whole process: git's own variables, which libgit2
/// does not read.
public enum GitConfiguration {
  /// - Parameter variables: the caller's environment, of which `GIT_CONFIG_GLOBAL`, `GIT_CONFIG_SYSTEM`
  ///   and `GIT_CONFIG_NOSYSTEM` count, as they do for git, and `SUDO_UID`.
  /// - Throws: `VidgitError`: usage for a `GIT_CONFIG_NOSYSTEM` that is neither true nor false.
  public static func use(_ variables: [String: String]) throws {
    var sources = ConfigSources()
    if let path = variables["GIT_CONFIG_GLOBAL"] {
      sources.user = path.isEmpty ? .nowhere : .file(path)
    }
    if let path = variables["GIT_CONFIG_SYSTEM"] {
      sources.system = path.isEmpty ? .nowhere : .file(path)
    }
    if let text = variables["GIT_CONFIG_NOSYSTEM"], try isTrue(text, "GIT_CONFIG_NOSYSTEM") {
      sources.system = .nowhere
    }
    sources.sudoUser = variables["SUDO_UID"].flatMap { UInt32($0) }
    sources.use()
  }

  /// Git's own rule for booleans in the environment.
  private static func isTrue(_ text: String, _ name: String) throws -> Bool {
    switch text.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off", "": return false
    default:
      guard let number = Int(text) else {
        throw VidgitError(
          .usage, "\(name) is '\(text)', which is neither true nor false",
          hint: "set it to 1 or 0, or unset it")
      }
      return number != 0
    }
  }
}
