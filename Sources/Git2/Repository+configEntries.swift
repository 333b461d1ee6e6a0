import CGit2

extension Repository {
  /// Every setting whose name begins with `prefix`, as stock git would read it here; where one is set
  /// several times, the last value counts. Sections and the last part of a name are in lower case.
  public func configEntries(prefix: String) throws(Git2Error) -> [String: String] {
    let snapshot: OpaquePointer = try make("read the configuration") {
      git_repository_config_snapshot(&$0, pointer)
    }
    defer { git_config_free(snapshot) }
    let iterator: OpaquePointer = try make("read the configuration") {
      git_config_iterator_new(&$0, snapshot)
    }
    defer { git_config_iterator_free(iterator) }
    var entries: [String: String] = [:]
    var entry: UnsafeMutablePointer<git_config_entry>?
    while true {
      let code = git_config_next(&entry, iterator)
      if code == GIT_ITEROVER.rawValue { return entries }
      try check(code, "read the configuration")
      guard let name = entry?.pointee.name.map({ String(cString: $0) }), name.hasPrefix(prefix),
        let value = entry?.pointee.value.map({ String(cString: $0) })
      else { continue }
      entries[name] = value
    }
  }
}
