import ArgumentParser
import VidgitKit
import VidgitModel

/// Finds a word where a command should stand and is none, which the parser takes for a stray argument.
enum CommandNames {
  /// - Parameter arguments: of the program, with -C after the command.
  /// - Throws: `VidgitError`: usage, with what was most likely meant.
  static func check(_ arguments: [String]) throws {
    var words = arguments[...]
    if words.first == "--json" { words = words.dropFirst() }
    if words.first == "help" { words = words.dropFirst() }
    var path: [String] = []
    var command: any ParsableCommand.Type = Vidgit.self
    while !command.configuration.subcommands.isEmpty, let word = words.popFirst(),
      !word.hasPrefix("-")
    {
      let known = command.configuration.subcommands
      guard let next = known.first(where: { names(of: $0).contains(word) }) else {
        if word == "help" && path.isEmpty { return }
        // What is no subcommand is an argument of the default one.
        if command.configuration.defaultSubcommand != nil { return }
        throw unknown(word, after: path, among: known)
      }
      path.append(word)
      command = next
    }
  }

  private static func names(of command: any ParsableCommand.Type) -> [String] {
    [command._commandName] + command.configuration.aliases
  }

  private static func unknown(
    _ word: String, after path: [String], among known: [any ParsableCommand.Type]
  ) -> VidgitError {
    let name = TerminalText.escaped((path + [word]).joined(separator: " "))
    let program = (["vidgit"] + path).joined(separator: " ")
    let visible = known.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
    let close = Spelling.close(to: word, in: visible).map { "`\(program) \($0)`" }
    var hint = "`\(program) --help` lists all"
    if path.isEmpty, word == "init" {
      hint = "a repository is made of a video: `vidgit split VIDEO`; " + hint
    } else if path.isEmpty, word == "redo" {
      hint = "`git revert HEAD`, where that is the undo, brings back what it took; " + hint
    } else if path.isEmpty, commandsOfGit.contains(word) {
      hint = "that is git's: `git \(word)` works here as ever; " + hint
    } else if !close.isEmpty {
      hint = "did you mean \(close.joined(separator: " or "))? " + hint
    }
    return VidgitError(.usage, "there is no command '\(name)'", hint: hint)
  }

  /// What people type of git's, less what vidgit has itself.
  private static let commandsOfGit: Set = [
    "add", "am", "apply", "archive", "bisect", "bundle", "cat-file", "check-ignore", "checkout",
    "cherry-pick", "clean", "commit", "config", "describe", "fetch", "format-patch", "fsck", "grep",
    "ls-files", "ls-remote", "ls-tree", "mergetool", "mv", "notes", "range-diff", "rebase",
    "reflog", "remote", "reset", "restore", "rev-list", "rev-parse", "revert", "rm", "shortlog",
    "stash", "submodule", "tag", "worktree",
  ]
}
