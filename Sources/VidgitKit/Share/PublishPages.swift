import VidgitModel

/// Puts the page of a video onto a branch of its own, and has GitHub serve it.
struct PublishPages {
  let directory: String
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
    // Where GitHub serves it is known when it has begun to: then its links can be absolute.
    for _ in 0..<2 {
      notes = try await FolderFiles.temporary(of: repository) { folder in
        let result = try await PageExport(
          directory: directory, revisions: [], folder: folder, site: url,
          publication: site.fullName
        ).run(progress: progress)
        try DurableFile.write([], to: "\(folder)/.nojekyll")
        _ = try await branch.commit(
          folder: folder, to: "\(Self.folder)/", message: "The page of this video", author: author)
        return result.notes
      }
      try await transport.push(from: repository.path, [branch.refspec], progress)
      let served = try await site.servePages(branch: Self.branch, folder: "/\(Self.folder)")
      if served == url { break }
      url = served
    }
    return (url ?? "", notes)
  }
}
