import Foundation
import Git2
import VidgitModel

/// What `Propose` is asked to do.
public struct ProposeOptions: Sendable {
  /// Any folder of the repository.
  public var directory: String
  /// The branch to take it into; nil is the default one there.
  public var base: String?
  /// One line; nil is the message where that is one line, or what the newest commit says.
  public var title: String?
  /// The user's own words, in Markdown.
  public var message = ""
  /// Leaves the contact sheet out.
  public var hasSheet = true
  public var author: Author?
  /// The caller's environment: `GH_TOKEN`, and what `git credential` needs.
  public var variables: [String: String] = [:]

  public init(directory: String) {
    self.directory = directory
  }

  /// GitHub takes titles of so many characters.
  private static let longestTitle = 256

  /// One line of words says what it is about, and stands over it.
  var words: (title: String?, message: String) {
    let line = message.trimmingCharacters(in: .whitespacesAndNewlines)
    let isTitle =
      title == nil && line.count <= Self.longestTitle && !line.contains(where: \.isNewline)
    return isTitle && !line.isEmpty ? (line, "") : (title, message)
  }
}

/// What `Propose` made.
public struct ProposeResult: Sendable {
  public let number: Int
  public let url: String
  /// "OWNER/NAME" of who decides.
  public let target: String
  /// A proposal of the same branch was open, and has the new text.
  public let wasOpen: Bool
}

/// Opens a pull request for the current branch: with the runs that it changes, its recipes, what it
/// cost, and pictures before and after.
public struct Propose {
  private let options: ProposeOptions

  public init(_ options: ProposeOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: usage where the repository came from no GitHub, conflict where nothing
  ///   differs, and what getting the frames for the contact sheet throws.
  public func run(progress: @escaping ProgressHandler = { _ in }) async throws -> ProposeResult {
    let repository = try VideoRepository.open(at: options.directory)
    let settings = try ShareSettings(repository, variables: options.variables)
    guard case .branch(let branch, var tip) = try VidgitError.git({ try repository.git.head })
    else {
      throw VidgitError(
        .conflict, "HEAD is not on a branch, and a branch is what is proposed",
        hint: "`vidgit switch -c NAME` makes one here")
    }
    let remotes = try ProposalRemotes(repository, settings)
    let origin = try remotes.requireOwn()
    let api = try await settings.userAPI()
    let target = try await remotes.target(api)
    let base = options.base ?? target.defaultBranch
    let upstream = try remotes.transport(target.owner, target.name, settings)
    let baseReference = "refs/vidgit/proposal-base"
    guard try await upstream.branches().branches.contains(where: { $0.name == base }) else {
      throw VidgitError(
        .notFound, "'\(target.fullName)' has no branch '\(TerminalText.escaped(base))'",
        hint: "--base names the branch that is to take the proposal")
    }
    try await upstream.fetch(
      into: repository.path, ["+refs/heads/\(base):\(baseReference)"], progress)
    guard let there = try VidgitError.git({ try repository.git.reference(named: baseReference) }),
      let start = try VidgitError.git({ try repository.git.mergeBase(there, tip) })
    else {
      throw VidgitError(
        .conflict, "'\(branch)' and '\(base)' of '\(target.fullName)' have no commit in common",
        hint: "a proposal begins with a fork: `vidgit fork \(target.fullName)`")
    }
    let diff = try RevisionDiff(directory: options.directory, from: start.hex, to: tip.hex)
    guard !diff.isEmpty else {
      throw VidgitError(
        .conflict,
        "there is nothing to propose: '\(branch)' does not differ from '\(base)' of "
          + "'\(target.fullName)'",
        hint: "`vidgit filter RECIPE -b NAME` makes a variant; `vidgit switch NAME` goes to one "
          + "that is there")
    }
    let own = try remotes.transport(origin.owner, origin.name, settings)
    if try await sendPictures(branch, beyond: there, repository, progress) {
      tip = try repository.commit("refs/heads/\(branch)")
    }
    var refspecs = ["refs/heads/\(branch):refs/heads/\(branch)"]
    var sheet: String?
    if options.hasSheet, !diff.timeline.runs.isEmpty {
      // Those of proposals from other clones stay.
      let previews = SideBranch(name: Self.previewBranch, repository: repository)
      try await previews.fetch(own, progress)
      let path = "proposals/\(tip.hex.prefix(12)).png"
      let commit = try await drawSheet(
        from: start, to: tip, title: "\(base) -> \(branch)", path, previews, progress)
      refspecs.append(previews.refspec)
      sheet =
        "\(settings.gitHub.web)/\(origin.owner)/\(origin.name)/raw/\(commit.hex)/\(path)"
    }
    try await own.push(from: repository.path, refspecs, progress)
    repository.track([(branch, tip)], at: own.url, settings, author: options.author)
    let (title, message) = options.words
    let text = ProposalText(
      diff, costs: try Self.costs(repository, from: start, to: tip), sheet: sheet,
      message: message)
    let subject = try VidgitError.git { try repository.git.commit(tip) }.message
    let (request, isNew) = try await api.propose(
      to: target, head: (origin.owner, branch), base: base,
      title: title, subject: String(subject.prefix { $0 != "\n" }), text: text)
    return ProposeResult(
      number: request.number, url: request.url, target: target.fullName, wasOpen: !isNew)
  }

  private static let previewBranch = "vidgit-previews"

  /// Puts the pictures that nobody can make again into a store, so that whoever decides can see them,
  /// and names it in the branch.
  ///
  /// - Returns: whether there are such pictures, which the other side does not have.
  private func sendPictures(
    _ branch: String, beyond base: ObjectID, _ repository: VideoRepository,
    _ progress: @escaping ProgressHandler
  ) async throws -> Bool {
    func needed(_ revision: String) throws -> Set<FrameKey> {
      var transfer = TransferOptions(directory: options.directory)
      transfer.revisions = [revision]
      return try Wanted(repository, transfer).needed
    }
    guard try !needed("refs/heads/\(branch)").isSubset(of: needed(base.hex)) else { return false }
    var publish = PublishOptions(directory: options.directory)
    publish.branches = [branch]
    publish.author = options.author
    publish.variables = options.variables
    _ = try await Publish(publish).run(progress: progress)
    return true
  }

  private func drawSheet(
    from start: ObjectID, to tip: ObjectID, title: String, _ path: String, _ previews: SideBranch,
    _ progress: @escaping ProgressHandler
  ) async throws -> ObjectID {
    try await FolderFiles.temporary(of: previews.repository) { folder in
      try DurableFile.makeFolder(folder)
      let file = "\(folder)/sheet.png"
      _ = try await ComparisonSheet(
        directory: options.directory, from: start.hex, to: tip.hex, title: title
      ).draw(to: file, progress: progress)
      let bytes = try FolderFiles.bytes(file)
      return try await previews.commit(
        message: "Before and after, for a proposal", replaces: false, author: options.author
      ) { pack in [path: try VidgitError.git { try pack.writeBlob(bytes) }] }
    }
  }

  private static func costs(
    _ repository: VideoRepository, from start: ObjectID, to tip: ObjectID
  ) throws -> [PassCost] {
    try VidgitError.git {
      var history = try repository.git.history(from: tip)
      var costs: [PassCost] = []
      while let commit = try history.next(), commit.id != start {
        costs += PassTrailers(parsing: commit.message)?.costs ?? []
      }
      return costs
    }
  }
}

extension ProposalText {
  init(_ diff: RevisionDiff, costs: [PassCost], sheet: String?, message: String) {
    let rows = diff.timeline.runs.map { run in
      let isRemoved = run.kind == .removed
      let (range, times) = isRemoved ? (run.old, diff.oldTimes) : (run.new, diff.newTimes)
      return Row(
        frames: "\(range.lowerBound)..\(range.upperBound)",
        times:
          "\(times.clock(ofFrame: range.lowerBound))..\(times.clock(ofFrame: range.upperBound))",
        what: run.kind.rawValue, before: run.oldFilters, after: run.newFilters)
    }
    self.init(
      changed: diff.timeline.runs.reduce(0) { $0 + max($1.old.count, $1.new.count) },
      total: diff.newTimes.count, rows: rows,
      recipes: diff.recipesAdded.map { ($0.id, GraphNotation.text(of: $0)) }, costs: costs,
      sheet: sheet, message: message)
  }
}
