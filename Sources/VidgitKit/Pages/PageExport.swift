import Foundation
import Git2
import VidgitModel

/// Writes a page that shows a video and its variants: one folder of files that works from a disk and
/// from any web server, and loads nothing from anywhere else.
public struct PageExport {
  public struct Result: Sendable {
    /// The variants that are shown, the one that all are compared with first.
    public var variants: [String]
    public var passes: Int
    /// Branches that were passed over, and pictures that could not be made.
    public var notes: [String]
  }

  private let directory: String
  private let revisions: [String]
  private let folder: String
  private let site: String?
  private let publication: String

  /// - Parameters:
  ///   - revisions: the variants; the first one is what the others are compared with. Empty takes all
  ///     branches, `main` or else the current one first, and passes over those without a video.
  ///   - folder: a new one.
  ///   - site: where the page will be, an address of the web: for links that must be absolute.
  ///   - publication: what tells the feed from that of a fork, whatever its address: "owner/name".
  /// - Throws: `VidgitError`: usage for an address that is none.
  public init(
    directory: String, revisions: [String], folder: String, site: String?, publication: String = ""
  ) throws {
    self.directory = directory
    self.revisions = revisions
    self.folder = folder
    self.site = try site.map(Self.address)
    self.publication = publication
  }

  private static func address(_ text: String) throws -> String {
    guard MarkupText.isWebAddress(text), !text.contains("?"), !text.contains("#") else {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(text))' is no address of a page",
        hint: "--site takes the folder's address, such as https://you.github.io/film/")
    }
    return text.hasSuffix("/") ? text : text + "/"
  }

  /// - Throws: `VidgitError`: not found for an unknown revision, and where no branch holds a video;
  ///   conflict where the folder is in use. A variant whose pixels are not at hand is no error: it is
  ///   shown without pictures.
  public func run(progress: ProgressHandler = { _ in }) async throws -> Result {
    let repository = try VideoRepository.open(at: directory)
    let output = try OutputFolder(folder, for: "files of a page", of: repository)
    do {
      let result = try await write(repository, output, progress)
      try output.moveIntoPlace()
      return result
    } catch {
      output.discard()
      throw error
    }
  }

  private func write(
    _ repository: VideoRepository, _ output: OutputFolder, _ progress: ProgressHandler
  ) async throws -> Result {
    let wanted = try tips(repository)
    let pictures = PagePictures(repository, in: output.temporary)
    var names = PageNames()
    var notes: [String] = []
    var base: Timeline?
    var page = PageContents(
      title: "", facts: [], variants: [], recipes: [], passes: [], site: site, root: "", author: "")
    var shown: [(name: String, tip: ObjectID)] = []
    var recipes: [String: PageRecipe] = [:]
    for (done, variant) in wanted.enumerated() {
      guard let timeline = try timeline(of: variant, repository, like: base, &notes) else {
        continue
      }
      let times = try timeline.times()
      let difference = base.map { TimelineDiff($0.lines, timeline.lines) }
      var entry = PageVariant(
        name: variant.name, folder: names.name(for: variant.name), commit: variant.tip.hex,
        frames: timeline.lines.count, length: times.lengthText,
        changes: difference?.pageWords ?? [], pictures: nil,
        strip: TimelineStrip(timeline.lines, times))
      do {
        let made = try await pictures.make(
          timeline, PageSample(timeline, difference: difference), base: base, name: entry.folder)
        entry.pictures = made.pictures
        if let problem = made.problem {
          notes.append("'\(variant.name)' has no picture of before: \(problem.message)")
        }
      } catch let error as VidgitError where error.isAboutPixels {
        notes.append("'\(variant.name)' has no pictures: \(error.message)")
      }
      for id in entry.strip.recipes.keys where recipes[id]?.recipe == nil {
        recipes[id] = try recipe(id, in: timeline.revision, repository, &notes)
      }
      if base == nil {
        base = timeline
        page.title = timeline.revision.header.name
        page.facts = timeline.facts(times)
      }
      page.variants.append(entry)
      shown.append(variant)
      progress(OperationProgress(phase: "page", done: done + 1, total: wanted.count))
    }
    guard base != nil else {
      throw VidgitError(
        .notFound, "no branch holds a video: \(notes.first ?? "there is none")",
        hint: "vidgit works in repositories that `vidgit split` made")
    }
    page.recipes = recipes.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    let history = try PageHistory(repository, shown)
    page.passes = history.passes
    page.root = history.root
    page.author = history.author
    page.begun = history.begun
    page.publication = publication
    try write(page, to: output.temporary)
    return Result(variants: shown.map(\.name), passes: page.passes.count, notes: notes)
  }

  private func write(_ page: PageContents, to folder: String) throws {
    let stored = page.recipes.filter { $0.recipe != nil }
    if !stored.isEmpty { try DurableFile.makeFolder("\(folder)/recipes") }
    for item in stored {
      // The id was taken from the recipe itself: it is a safe name.
      try DurableFile.write(item.recipe!.fileBytes(), to: "\(folder)/\(item.file)")
    }
    try DurableFile.write(PageDocument.icon.utf8, to: "\(folder)/icon.svg")
    try DurableFile.write(AtomFeed.text(page).utf8, to: "\(folder)/feed.xml")
    try DurableFile.write(PageDocument(page).text.utf8, to: "\(folder)/index.html")
  }
}

extension PageExport {
  private func tips(_ repository: VideoRepository) throws -> [(name: String, tip: ObjectID)] {
    guard revisions.isEmpty else {
      var seen: Set<String> = []
      return try revisions.filter { seen.insert($0).inserted }.map {
        ($0, try repository.commit($0))
      }
    }
    let branches = try VidgitError.git { try repository.git.branches() }.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    let main = branches.contains { $0.name == "main" } ? "main" : try repository.currentBranch()
    let ordered = branches.filter { $0.name == main } + branches.filter { $0.name != main }
    return ordered.map { ($0.name, $0.commit) }
  }

  /// nil for a branch that nobody has named and that holds no video.
  private func timeline(
    of variant: (name: String, tip: ObjectID), _ repository: VideoRepository, like base: Timeline?,
    _ notes: inout [String]
  ) throws -> Timeline? {
    do {
      let timeline = try repository.timeline(of: repository.revision(variant.tip), like: base)
      guard !timeline.lines.isEmpty else {
        throw VidgitError(.badInput, "the timeline of \(variant.tip.short) has no frames")
      }
      return timeline
    } catch let error as VidgitError where revisions.isEmpty && error.isAboutPixels {
      // A branch of a stranger's, or one with something else in it, hides no other.
      notes.append("'\(variant.name)' is passed over: \(error.message)")
      return nil
    }
  }

  private func recipe(
    _ id: String, in revision: Revision, _ repository: VideoRepository, _ notes: inout [String]
  ) throws -> PageRecipe {
    do {
      return PageRecipe(id: id, recipe: try repository.recipe(id, in: revision))
    } catch let error as VidgitError where error.isAboutPixels {
      notes.append("the recipe '\(id)' is not shown: \(error.message)")
      return PageRecipe(id: id, recipe: nil)
    }
  }
}
