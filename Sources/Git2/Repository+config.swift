import CGit2

extension Repository {
  /// A setting as stock git would read it here (system, user, repository); nil if unset.
  public func configString(_ key: String) throws(Git2Error) -> String? {
    let snapshot: OpaquePointer = try make("read the configuration") {
      git_repository_config_snapshot(&$0, pointer)
    }
    defer { git_config_free(snapshot) }
    var value: UnsafePointer<CChar>?
    guard
      try checkFound(git_config_get_string(&value, snapshot, key), "read the setting '\(key)'")
    else { return nil }
    return value.map { String(cString: $0) }
  }

  /// Sets a value in the repository's own configuration; nil takes it away.
  public func setConfig(_ key: String, to value: String?) throws(Git2Error) {
    let all: OpaquePointer = try make("open the configuration") {
      git_repository_config(&$0, pointer)
    }
    defer { git_config_free(all) }
    let local: OpaquePointer = try make("open the repository's configuration") {
      git_config_open_level(&$0, all, GIT_CONFIG_LEVEL_LOCAL)
    }
    defer { git_config_free(local) }
    try taking(["config.lock"], "set '\(key)'") { () throws(Git2Error) in
      if let value {
        try requireNoNUL(value, "set '\(key)'")
        try check(git_config_set_string(local, key, value), "set '\(key)'")
      } else {
        _ = try checkFound(git_config_delete_entry(local, key), "unset '\(key)'")
      }
    }
  }

  /// The user's name and address by `user.name` and `user.email`, with the time now; nil if
  /// either is unset.
  public func defaultSignature() throws(Git2Error) -> Signature? {
    let raw: UnsafeMutablePointer<git_signature>? = try makeIfFound("read the user's name") {
      git_signature_default(&$0, pointer)
    }
    guard let raw else { return nil }
    defer { git_signature_free(raw) }
    return Signature(raw.pointee)
  }
}

extension Repository {
  /// A setting that names a file or folder, with `~/` as the user's home; nil if unset.
  public func configPath(_ key: String) throws(Git2Error) -> String? {
    let all: OpaquePointer = try make("read the configuration") {
      git_repository_config(&$0, pointer)
    }
    defer { git_config_free(all) }
    return try Self.path(key, in: all)
  }

  /// The same of the system's and the user's configuration alone, for use outside of repositories.
  public static func userConfigPath(_ key: String) throws(Git2Error) -> String? {
    try Library.start()
    let all: OpaquePointer = try ConfigSources.openDefault()
    defer { git_config_free(all) }
    return try path(key, in: all)
  }

  private static func path(
    _ key: String, in configuration: OpaquePointer
  ) throws(Git2Error) -> String? {
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    guard
      try checkFound(
        git_config_get_path(&buffer, configuration, key), "read the setting '\(key)'")
    else { return nil }
    return buffer.ptr.map { String(cString: $0) }
  }
}
