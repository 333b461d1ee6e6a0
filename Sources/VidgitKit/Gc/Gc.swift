import Foundation
import Git2
public import VidgitModel

/// What `Gc` is asked to do.
public struct GcOptions: Sendable {
  /// Any folder of the repository.
  public var directory: String
  /// Only files that are older go.
  public var prune = Age.seconds(14 * 86_400)
  /// Leave copies of media alone.
  public var keepsMedia = false
  /// Remove nothing, only say what would go.
  public var isDryRun = false

  public init(directory: String) {
    self.directory = directory
  }
}

/// What `Gc` removed, or would remove.
public struct GcResult: Sendable {
  /// Files of one sort.
  public struct Total: Sendable, Equatable {
    public var count = 0
    public var bytes: Int64 = 0

    mutating func add(_ file: StoredFile) {
      count += 1
      bytes += file.size
    }
  }

  /// One file: "object", "media" or "leftover", and the digest where it has one.
  public struct Item: Sendable {
    public var sort: String
    public var digest: String?
    public var path: String
    public var bytes: Int64
  }

  public var isDryRun: Bool
  public var items: [Item] = []
  public var objects = Total()
  public var media = Total()
  public var leftovers = Total()
  /// Cached results whose objects go.
  public var results = 0
  /// What stays, and of it what nothing names but is too young to go.
  public var kept = Total()
  public var young = Total()
  /// Commits that were looked at.
  public var commits = 0
}

/// Removes from `.git/vidgit` what no revision that can be reached needs: stored pixels, copies of
/// media, and cached results that point to pixels that are gone. Git's own objects are Git's.
///
/// Reachable is what Git could bring back: all references, reflogs within their age, the index, the
/// work tree and HEAD of every work tree, a merge or rebase in progress, a commit that a crash left
/// half visible.
public struct Gc {
  private let options: GcOptions

  public init(_ options: GcOptions) {
    self.options = options
  }

  /// - Throws: `VidgitError`: conflict while another command works in the repository, bad input for
  ///   a revision that cannot be read; then nothing is removed.
  public func run(progress: @escaping ProgressHandler = { _ in }) async throws -> GcResult {
    let repository = try VideoRepository.open(at: options.directory, recovering: false)
    // Looking needs no lock: nothing is removed by it.
    let lock = options.isDryRun ? nil : try repository.lockExclusively()
    defer { withExtendedLifetime(lock) {} }
    let now = Int64(Date().timeIntervalSince1970)
    let cleared = try TemporaryFiles.clear(in: repository.local, removes: !options.isDryRun)
    let files = try StoredFile.all(in: repository.local)
    let reachability = try Reachability(repository, stored: Set(files.compactMap(\.digest)))
    try reachability.walk(reflogSince: reflogAge(repository).limit(at: now), progress)
    reachability.keep(try Ledger.resultsToBeTold(repository.database))

    var result = GcResult(isDryRun: options.isDryRun)
    result.commits = reachability.commitCount
    for file in cleared { result.add(file) }
    let gone = sort(files, reachability, at: now, into: &result)
    // Results first: one that named an object which is gone would be a lie, an object without a
    // result is only not found.
    result.results = try ResultSweep(repository.database)
      .sweep(gone.compactMap(\.key), removes: !options.isDryRun)
    if !options.isDryRun { try remove(gone) }
    return result
  }

  /// Counts every file as kept or gone, and returns those that go.
  private func sort(
    _ files: [StoredFile], _ reachability: Reachability, at now: Int64, into result: inout GcResult
  ) -> [StoredFile] {
    var gone: [StoredFile] = []
    let limit = options.prune.limit(at: now) ?? .min
    for file in files {
      switch fate(of: file, reachability, limit) {
      case .kept: result.kept.add(file)
      case .young:
        result.kept.add(file)
        result.young.add(file)
      case .gone:
        gone.append(file)
        result.add(file)
      }
    }
    return gone
  }

  private enum Fate { case kept, young, gone }

  /// - Parameter limit: what is younger stays, in seconds since 1970.
  // Not inlined: the optimiser of Swift 6.3 fails on this loop when the digest's switch is in it.
  @inline(never)
  private func fate(
    of file: StoredFile, _ reachability: Reachability, _ limit: Int64
  ) -> Fate {
    let isNamed = file.digest.map { !reachability.unnamed.contains($0) } ?? false
    if isNamed || (options.keepsMedia && file.isMedia) { return .kept }
    return file.since <= limit ? .gone : .young
  }

  /// How long reflogs count: the longer of Git's two settings, and of any for single references.
  private func reflogAge(_ repository: VideoRepository) throws -> Age {
    let settings = try VidgitError.git {
      try repository.git.configValues(matching: "^gc\\..*reflogexpire")
    }
    var ages: [String: Age] = [
      "gc.reflogexpire": .seconds(90 * 86_400), "gc.reflogexpireunreachable": .seconds(30 * 86_400),
    ]
    // A date, or what else Git may understand there, is taken for "never": more is kept.
    for setting in settings { ages[setting.key.lowercased()] = Age(setting.value) ?? .never }
    return ages.values.reduce(.seconds(0), Age.longer)
  }

  private func remove(_ files: [StoredFile]) throws {
    for file in files {
      try Task.checkCancellation()
      try file.remove()
    }
  }
}

extension StoredFile {
  var key: FrameKey? { if case .object(let key) = kind { key } else { nil } }
  var isMedia: Bool { if case .media = kind { true } else { false } }

  /// "object", "media" or "leftover".
  var sort: String {
    isMedia ? "media" : key == nil ? "leftover" : "object"
  }

  var digest: Digest? {
    switch kind {
    case .object(let key): key.digest
    case .media(let digest): digest
    case .leftover, .temporary: nil
    }
  }
}

extension GcResult {
  fileprivate mutating func add(_ file: StoredFile) {
    if file.isMedia {
      media.add(file)
    } else if file.key != nil {
      objects.add(file)
    } else {
      leftovers.add(file)
    }
    items.append(
      Item(sort: file.sort, digest: file.digest?.text, path: file.path, bytes: file.size))
  }
}
