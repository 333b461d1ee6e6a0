import VidgitModel

/// A place in a store, as the user writes it for an output.
enum StorePlace {
  /// Whether it may be one; else it is a path of this machine.
  static func isLike(_ text: String) -> Bool { parts(text) != nil }

  /// What stands before the first colon, and after it; nil where no store is called so.
  private static func parts(_ text: String) -> (name: String, rest: Substring)? {
    let name = text.prefix { $0 != ":" && $0 != "/" }
    guard name.endIndex < text.endIndex, text[name.endIndex] == ":",
      isSchemeLike(name) || StoreSettings.isName(String(name))
    else { return nil }
    return (String(name), text[name.endIndex...].dropFirst())
  }

  /// The store of an output, and the path below it; nil for a path of this machine.
  ///
  /// - Throws: `VidgitError`: usage for what begins like an address and is none.
  static func find(
    _ text: String, in repository: VideoRepository
  ) throws -> (store: StoreSettings?, rest: Substring)? {
    guard let (name, rest) = parts(text) else { return nil }
    if StoreLocation.schemes.contains(name) { return (nil, text[...]) }
    let known = try repository.configuredStores()
    if let store = known.first(where: { $0.name == name }) { return (store, rest) }
    guard isSchemeLike(name) else { return nil }
    let stores = known.map { "\($0.name):" } + ["s3:", "rclone:", "dropbox:", "gdrive:", "file:"]
    throw VidgitError(
      .usage,
      "'\(TerminalText.escaped(name)):' of '\(TerminalText.escaped(text))' is no store",
      hint: "there are: \(stores.joined(separator: ", ")); a file of this name is written as "
        + "'./\(TerminalText.escaped(text))'")
  }

  /// RFC 3986: a letter, then letters, digits, '+', '-' and '.'.
  private static func isSchemeLike(_ text: some StringProtocol) -> Bool {
    Substring(text).wholeMatch(of: #/[A-Za-z][A-Za-z0-9+._-]*/#) != nil
  }
}

extension StoreSettings {
  /// Where the files of an output go in the store: "films/noir/", or "" for its top.
  ///
  /// - Throws: `VidgitError`: usage for folders that the store cannot have, or that are its own.
  func folder(_ path: Substring) throws -> String {
    let parts = path.split(separator: "/").map(String.init)
    let text = TerminalText.escaped(parts.joined(separator: "/"))
    guard let first = parts.first else { return "" }
    if case .gitHubRelease = location {
      throw VidgitError(
        .usage, "the store '\(name)' is a release, which has no folders",
        hint: "leave '\(text)/' out")
    }
    guard StoreName(parts.joined(separator: "/")) != nil,
      !["packs", "media", "objects"].contains(first)
    else {
      throw VidgitError(
        .usage, "'\(text)' cannot be a folder in the store '\(name)'",
        hint:
          "small letters, digits, '.', '_' and '-' are the same everywhere, and 'packs', 'media' "
          + "and 'objects' are the store's own: \(name):films/noir.mp4")
    }
    return parts.joined(separator: "/") + "/"
  }
}
