import VidgitModel

/// What frames of one revision need that is not on this machine: gathered line by line.
struct Needs {
  let repository: VideoRepository
  let revision: Revision
  private let canMake: ([String]) -> Bool
  private let needsSound: Bool
  /// Objects, in the order of play.
  private(set) var objects: [FrameKey] = []
  /// How many frames need each medium, by its path in the tree.
  private(set) var media: [String: Int] = [:]
  private var seen: Set<FrameKey> = []

  /// - Parameters:
  ///   - canMake: whether frames can be made by these recipes, so that no object is needed.
  ///   - needsSound: whether the media of all frames are needed, if they have sound.
  init(
    _ repository: VideoRepository, _ revision: Revision, needsSound: Bool = false,
    canMake: @escaping ([String]) -> Bool
  ) {
    self.repository = repository
    self.revision = revision
    self.needsSound = needsSound
    self.canMake = canMake
  }

  mutating func add(_ line: FrameLine) {
    let medium = revision.media[line.uri]
    let isHeard = needsSound && medium?.streams.contains { $0.type == "audio" } == true
    let isMade = medium != nil && canMake(line.filters)
    let key = revision.key(of: line)
    // An object saves making the frame; a source frame is never looked for in the store.
    let isStored = (!line.filters.isEmpty || !isMade) && repository.objects.has(key)
    if isHeard || (isMade && !isStored) { media[line.uri, default: 0] += 1 }
    if !isMade, !isStored, seen.insert(key).inserted { objects.append(key) }
  }
}

extension VideoRepository {
  /// Media up to this many bytes are fetched whole.
  private static let smallMedium: Int64 = 8 << 20

  /// Fetches what frames need and is not here from the stores that may be asked. Where there are none,
  /// or nothing is missing, nothing happens.
  ///
  /// - Parameters:
  ///   - isStrict: whether what no store gives is an error here; else whoever wants it will say so.
  ///   - wholeMedia: whether media are fetched whole, whatever is needed of them.
  /// - Throws: `VidgitError` that names what is missing and the stores that were asked.
  func provide(
    _ revision: Revision, frames: Range<Int>? = nil, recipes: () throws -> LineRecipes,
    needsSound: Bool = false, wholeMedia: Bool = false, isStrict: Bool = true,
    _ progress: ProgressHandler
  ) async throws {
    guard let plan = try StoreSet.plan(self, for: [revision]) else { return }
    let prepared = Set(try recipes().prepared.keys)
    var needs = Needs(self, revision, needsSound: needsSound) { $0.allSatisfy(prepared.contains) }
    var lines = TimelineCursor(self, revision).lines(in: frames)
    while let placed = try lines.next() { needs.add(placed.line) }
    try await provide(needs, plan, wholeMedia: wholeMedia, isStrict: isStrict, progress)
  }

  /// The same for lines that are in memory.
  func provide(
    _ revision: Revision, lines: some Sequence<FrameLine>, recipes: LineRecipes,
    _ progress: ProgressHandler
  ) async throws {
    guard let plan = try StoreSet.plan(self, for: [revision]) else { return }
    var needs = Needs(self, revision) { $0.allSatisfy { recipes.prepared[$0] != nil } }
    for line in lines { needs.add(line) }
    try await provide(needs, plan, progress)
  }

  private func provide(
    _ needs: Needs, _ plan: StoreSet.Plan, wholeMedia: Bool = false, isStrict: Bool = true,
    _ progress: ProgressHandler
  ) async throws {
    let revision = needs.revision
    let media = try needs.media.keys.sorted().filter { try !isAtHand(revision.media[$0]!) }
    guard !needs.objects.isEmpty || !media.isEmpty else { return }
    let set = try StoreSet.open(plan, self)
    do {
      if !needs.objects.isEmpty {
        let outcome = try await ObjectFetch(objects, set).fetch(needs.objects, "fetch", progress)
        if let first = outcome.missing.first {
          set.noteRefused()
          throw outcome.failure ?? Self.nowhere(first, outcome.missing.count, set)
        }
      }
      let total = media.isEmpty ? 0 : try frameCount(of: revision)
      for uri in media {
        let descriptor = revision.media[uri]!
        let isWhole =
          wholeMedia || descriptor.size <= Self.smallMedium || descriptor.isSalvaged
          || descriptor.container == PictureArchive.container || needs.media[uri]! * 2 >= total
        let isFound =
          isWhole
          ? try await fetchWhole(descriptor, set, progress)
          : try await fetchAsRead(descriptor, set)
        if !isFound { set.noteRefused() }
      }
    } catch let error as VidgitError where !isStrict && error.kind != .system {
      set.note(error.message)
    }
  }

  private func frameCount(of revision: Revision) throws -> Int {
    try Selection(range: nil, frames: nil, of: self, revision).frameCount
  }

  private static func nowhere(_ key: FrameKey, _ count: Int, _ set: StoreSet) -> VidgitError {
    let others = count > 1 ? " and of \(count - 1) more" : ""
    let places = set.sources.isEmpty ? "" : ", nor in \(set.titles)"
    return VidgitError(
      .notFound,
      "the pixels of frame \(key.digest.text)\(others) are not in the local store\(places)",
      hint: "who made them can send them with `vidgit push`; `vidgit store add` adds where they are"
    )
  }
}
