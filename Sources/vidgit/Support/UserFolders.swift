import Foundation

/// Where users keep what belongs to them, by the XDG Base Directory rules.
enum UserFolders {
  /// The user's own recipes, unless Git's setting `vidgit.palette` says otherwise; nil for somebody
  /// without a home.
  static var palette: String? {
    let environment = ProcessInfo.processInfo.environment
    // The rules want a relative path ignored.
    if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
      return base + "/vidgit/palette"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.config/vidgit/palette"
  }
}
