import FFmpeg
import Git2
import VidgitModel

/// Puts the frames of a variant onto a branch of their own as pictures, so that they can be looked at
/// and linked one by one.
struct PublishImages {
  let directory: String
  let format: ImageFormat
  /// One in so many frames.
  let every: Int
  let author: Author?

  /// Bytes of one push, with room for the rest of it.
  private static let most = 1 << 30
  private static let quality = 90

  /// - Parameter variant: the branch whose frames they are.
  /// - Returns: the branch of pictures, and how many it holds.
  /// - Throws: `VidgitError`: usage where there are more bytes than GitHub takes at once.
  func run(
    _ variant: String, _ transport: GitTransport, _ progress: @escaping ProgressHandler
  ) async throws -> (branch: String, count: Int) {
    let repository = try VideoRepository.open(at: directory)
    let revision = try repository.revision("refs/heads/\(variant)")
    let branch = SideBranch(name: "vidgit-frames/\(variant)", repository: repository)
    try await branch.fetch(transport, progress)
    let everything = try Selection(range: nil, frames: nil, of: repository, revision)
    let recipes = try RecipeShelf(repository, revision).recipesOfLines(in: everything)
    try await repository.provide(revision, recipes: { recipes }, progress)
    let maker = FrameMaker(repository, revision, recipes: recipes)
    let source = FrameSource(repository, revision)
    let total = (everything.frameCount + every - 1) / every
    var count = 0
    var bytes = 0
    _ = try await branch.commit(
      message: "Frames of \(variant)", replaces: true, author: author
    ) { pack in
      var changes: [String: ObjectID?] = [:]
      var lines = TimelineCursor(repository, revision).lines()
      var number = -1
      while let (_, line) = try lines.next() {
        number += 1
        guard number % every == 0 else { continue }
        let frame = try await maker.make(source.find(line))
        let picture = try await blocking { [format] in
          try VidgitError.reading {
            try StillImage.encode(frame, format: format.still, quality: Self.quality)
          }
        }
        bytes += picture.count
        guard bytes <= Self.most else {
          throw VidgitError(
            .usage,
            "the pictures of '\(variant)' are more than \(Self.most >> 30) GiB, and GitHub "
              + "takes no push of 2 GiB",
            hint: "--every 25 takes one in 25, --images jpg smaller ones")
        }
        // A folder has no more entries than GitHub lists.
        changes[Self.path(number, format)] = try VidgitError.git { try pack.writeBlob(picture) }
        count += 1
        progress(OperationProgress(phase: "pictures", done: count, total: total))
      }
      return changes
    }
    try await transport.push(from: repository.path, [branch.refspec], progress)
    return (branch.name, count)
  }

  /// "000/000042.png"
  private static func path(_ number: Int, _ format: ImageFormat) -> String {
    func padded(_ value: Int, _ digits: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    return "\(padded(number / 1000, 3))/\(padded(number, 6)).\(format.rawValue)"
  }
}
