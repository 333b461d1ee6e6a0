import Git2
import VidgitModel

/// Puts the page of a video onto a branch of its own, and has GitHub serve it.
struct PublishPages {
  let directory: String
  /// These alone; nil shows all that hold a video.
  let branches: [String]?
  let author: Author?

  static let branch = "vidgit-pages"
  /// GitHub serves the top of a branch, or this.
  private static let folder = "docs"

  /// - Returns: where the page is, and what is worth a word.
  func run(
    _ site: PublishSite, _ transport: GitTransport, _ progress: @escaping ProgressHandler
  ) async throws -> (url: String, notes: [String]) {
    let repository = try VideoRepository.open(at: directory)
    let branch = SideBranch(name: Self.branch, repository: repository)
    try await branch.fetch(transport, progress)
    var url = try await site.pages()
    var notes: [String] = []
    let message = try Self.message(shown(repository))
    // Where GitHub serves it is known when it has begun to: then its links can be absolute.
    for _ in 0..<2 {
      notes = try await FolderFiles.temporary(of: repository) { folder in
        let result = try await PageExport(
          directory: directory, revisions: branches.map(Self.ordered) ?? [], folder: folder,
          site: url,
          publication: site.fullName
        ).run(progress: progress)
        try DurableFile.write([], to: "\(folder)/.nojekyll")
        _ = try await branch.commit(
          folder: folder, to: "\(Self.folder)/", message: message, author: author)
        return result.notes
      }
      try await transport.push(from: repository.path, [branch.refspec], progress)
      let served = try await site.servePages(branch: Self.branch, folder: "/\(Self.folder)")
      if served == url { break }
      url = served
    }
    return (url ?? "", notes)
  }

  /// The branch that others are compared with comes first.
  private static func ordered(_ branches: [String]) -> [String] {
    branches.filter { $0 == "main" } + branches.filter { $0 != "main" }
  }

  private func shown(_ repository: VideoRepository) throws -> [Branch] {
    try VidgitError.git { try repository.git.branches() }
      .filter { branches?.contains($0.name) != false }
  }

  // MARK: What it was made of

  private static func line(_ name: String, _ commit: ObjectID) -> String { "\(name) \(commit.hex)" }

  private static func message(_ branches: [Branch]) -> String {
    "The page of this video\n\n"
      + branches.map { line($0.name, $0.commit) }.joined(separator: "\n") + "\n"
  }

  /// Whether a page is there, and was made before one of these branches was what it is now.
  static func isOld(
    _ names: [String], _ repository: VideoRepository, _ transport: GitTransport
  ) async throws -> Bool {
    let branch = SideBranch(name: Self.branch, repository: repository)
    guard let commit = try await branch.fetch(transport) else { return false }
    let made = try VidgitError.git { try repository.git.commit(commit) }.message
      .split(separator: "\n").map(String.init)
    return try names.contains {
      !made.contains(line($0, try repository.commit("refs/heads/\($0)")))
    }
  }
}
