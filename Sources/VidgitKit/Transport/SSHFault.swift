import VidgitModel

/// What OpenSSH says when it fails, for people.
enum SSHFault {
  /// - Parameters:
  ///   - command: what was run in place of `ssh`.
  ///   - words: its standard error, with that of the program at the other side.
  static func error(
    _ address: SSHAddress, command: String, end: ChildProcess.End?, words: String
  ) -> VidgitError {
    let place = TerminalText.escaped(address.knownName)
    let login =
      "ssh " + (address.port.map { "-p \($0) " } ?? "") + TerminalText.escaped(address.destination)
    let last = lastLine(words)
    if end == .status(127) {
      return VidgitError(
        .notFound, "cannot run '\(TerminalText.escaped(command))' to reach '\(place)': \(last)",
        hint: "install OpenSSH's client, or take the https: address")
    }
    if words.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")
      || words.contains("REVOKED HOST KEY")
    {
      return VidgitError(
        .refused, "the host key of '\(place)' is not the one that is known: somebody may listen in",
        hint: "ask whoever runs it; only where the key was changed on purpose: "
          + "`ssh-keygen -R '\(place)'`, then `\(login)`")
    }
    if words.contains("Host key verification failed") {
      return VidgitError(
        .refused, "the host key of '\(place)' is not known here",
        hint: "`\(login)` once shows its fingerprint and keeps it in known_hosts: compare it with "
          + "what the owner of the host says")
    }
    if words.contains("Permission denied (") || words.contains("Too many authentication failures") {
      return VidgitError(
        .refused, "'\(place)' takes none of your SSH keys: \(last)",
        hint: "`\(login)` tells whether it lets you in; `ssh-add -l` lists the keys of your agent, "
          + "`ssh-add` puts one with a passphrase into it, `ssh-keygen -t ed25519` makes one, whose "
          + ".pub the host must be given")
    }
    // What git and GitHub say to a path that is not there. With 255, ssh itself has failed, and may miss
    // a file of this machine; it warns of one also where another key serves.
    let theirs = words.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("Warning: ") }
    let isMissing = [
      "does not appear to be a git repository", "epository not found", "No such file",
    ]
    .contains { sign in theirs.contains { $0.contains(sign) } }
    if isMissing, end != .status(255) {
      return VidgitError(
        .notFound, "there is no repository '\(TerminalText.escaped(address.path))' at '\(place)'",
        hint: "is the address right, and may you see it? ssh://host/path begins at the root there, "
          + "user@host:path at your home")
    }
    let how = end.map { $0 == .status(255) ? "" : " (ssh \($0.words))" } ?? ""
    return VidgitError(
      .system, "cannot reach '\(place)' by SSH: \(last)\(how)",
      hint: "`\(login)` tells more; look at the network, and run the same command again")
  }

  private static func lastLine(_ words: String) -> String {
    let lines = words.split(whereSeparator: \.isNewline).map { line in
      line.drop { $0 == " " }
    }
    let line = lines.last { !$0.isEmpty && !$0.hasPrefix("fatal: Could not read from remote") }
    return line.map { TerminalText.escaped(String($0.prefix(300))) } ?? "it said nothing"
  }
}
