import Git2
import VidgitModel

extension VideoRepository {
  /// The remote that a clone comes from.
  static let origin = "origin"

  /// Remembers a push as `git push -u` does: where the remote's branches are, and for a branch that
  /// has no upstream that this is it.
  ///
  /// What cannot be written down here comes with the next `git fetch`: the push itself is done.
  ///
  /// - Parameters:
  ///   - branches: as they were before the push; one that has moved since is passed over.
  ///   - url: where they went; nothing is done where no remote is there.
  func track(
    _ branches: [(name: String, commit: ObjectID)], at url: String, _ settings: ShareSettings,
    author: Author?
  ) {
    _ = try? VidgitError.git {
      let remotes = try remotes(at: url, settings)
      let signature = try signature(author)
      for (name, commit) in branches
      where try git.reference(named: "refs/heads/\(name)") == commit {
        for remote in remotes {
          let reference = "refs/remotes/\(remote)/\(name)"
          let known = try git.reference(named: reference)
          guard known != commit else { continue }
          // Somebody else may fetch at the same time.
          try? git.updateReference(
            reference, to: commit, expecting: known, signature: signature,
            message: "update by push")
        }
        if let remote = remotes.first,
          try git.configString("branch.\(name).remote") == nil,
          try git.configString("branch.\(name).merge") == nil
        {
          try git.setConfig("branch.\(name).remote", to: remote)
          try git.setConfig("branch.\(name).merge", to: "refs/heads/\(name)")
        }
      }
    }
  }

  /// The remotes that are a repository and keep its branches where git usually does, `origin` first.
  private func remotes(at url: String, _ settings: ShareSettings) throws -> [String] {
    func address(_ text: String) throws -> RepositoryAddress {
      try RepositoryAddress(text, webHost: settings.gitHub.webHost)
    }
    func isThere(_ text: String) throws -> Bool {
      let other = try address(text)
      if case .gitHub = other, try address(url) == other { return true }
      return try settings.gitURL(other, as: text) == url
    }
    let values = try git.configValues(matching: #"^remote\..*\.(url|fetch)$"#)
    var names: [String] = []
    for (key, text) in values where key.hasSuffix(".url") {
      let name = String(key.dropFirst("remote.".count).dropLast(".url".count))
      let usual = "+refs/heads/*:refs/remotes/\(name)/*"
      // An address that nothing is known of is another place.
      guard !names.contains(name), (try? isThere(text)) == true,
        values.contains(where: { $0.key == "remote.\(name).fetch" && $0.value == usual })
      else { continue }
      names.append(name)
    }
    return names.filter { $0 == Self.origin } + names.filter { $0 != Self.origin }
  }
}
