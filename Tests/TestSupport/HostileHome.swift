import Foundation

/// A home for the process of the tests, whose git configuration is as hostile to byte-for-byte files as can
/// be.
public enum HostileHome {
  /// Made once, before libgit2 starts in this process: it looks for the home when it does. So whatever
  /// test calls libgit2 asks for this first.
  public static let path: String = {
    let home = NSTemporaryDirectory() + "git2-home-\(ProcessInfo.processInfo.processIdentifier)"
    let templates = home + "/templates/hooks"
    try! FileManager.default.createDirectory(atPath: templates, withIntermediateDirectories: true)
    try! Data("#!/bin/sh\nexit 1\n".utf8).write(to: URL(fileURLWithPath: templates + "/pre-commit"))
    let settings = """
      [core]
        autocrlf = true
      [init]
        defaultBranch = nobodys
        templateDir = \(home)/templates
      [user]
        name = Home Owner
        email = home@example.org

      """
    try! Data(settings.utf8).write(to: URL(fileURLWithPath: home + "/.gitconfig"))
    setenv("HOME", home, 1)
    setenv("XDG_CONFIG_HOME", home + "/.config", 1)
    return home
  }()
}
