import Git2
public import VidgitModel

/// What a pass would have to do, found out without doing any of it.
public struct PassQuote {
  private let options: FilterOptions

  public init(_ options: FilterOptions) {
    self.options = options
  }

  /// Looks up every frame of the selection, and where stores may be asked, what they have. Nothing is
  /// decoded, run or sent.
  ///
  /// - Throws: as `FilterPass`; sequences are usage errors, as their frames have no results of their own.
  public func make() async throws -> QuoteResult {
    let repository = try VideoRepository.open(at: options.directory)
    let revision = try repository.revision("HEAD")
    let shelf = RecipeShelf(repository, revision)
    let recipes = try shelf.prepare(options)
    guard !recipes.contains(where: \.isSequence) else {
      throw VidgitError(
        .usage, "a pass with a recipe that looks at several frames has no quote",
        hint: "such recipes cost nothing; quote the others in a pass of their own")
    }
    let selection = try Selection(
      range: options.range, frames: options.frames, of: repository, revision)
    let state = PassState(repository, revision, selection, shelf: shelf, recipes: recipes)
    var result = QuoteResult(frames: selection.count)
    result.borrowed = try await BorrowedResults(state).lookUp()
    var missing = recipes.map { _ in Set<Missing>() }
    let reader = LineReader(state)
    while let (_, line, known) = try reader.next() {
      if known != nil {
        result.known += 1
        continue
      }
      var key = Missing(key: revision.key(of: line), step: 0)
      for (index, id) in state.ids.enumerated() {
        if key.step == index, let next = try state.cache.results(of: id, for: [key.key])[0],
          !recipes[index].isCostly || repository.objects.has(next) || next == key.key
        {
          key = Missing(key: next, step: index + 1)
        } else {
          missing[index].insert(key)
        }
      }
    }
    for (index, frames) in missing.enumerated() {
      var item = try Self.item(recipes[index], frames.map(\.key), repository)
      // Frames that differ may be alike once the recipes before are applied.
      if item.pictures > 0, frames.contains(where: { $0.step < index }) { item.isUpperBound = true }
      result.recipes.append(item)
    }
    return result
  }

  /// A frame that a recipe has to be applied to, by the last of its ancestors that is known.
  private struct Missing: Hashable {
    var key: FrameKey
    /// How many recipes have been applied to that one.
    var step: Int
  }

  private static func item(
    _ recipe: PreparedRecipe, _ frames: [FrameKey], _ repository: VideoRepository
  ) throws -> QuoteResult.Item {
    var item = QuoteResult.Item(recipe: recipe.id, engine: recipe.recipe.engine.name)
    item.frames = frames.count
    guard case .service(let service) = recipe else { return item }
    let http = service.http
    let pictures = frames.reduce(0) { sum, key in
      sum
        + (http.size.map {
          PictureSizing.count(width: key.shape.width, height: key.shape.height, $0)
        } ?? 1)
    }
    // Jobs of earlier runs are asked for, and what they have answered is fetched: none is paid again.
    let waiting = Set(
      try CallJournal(repository).open(service.id).filter(\.isAnswered).flatMap(\.pictures))
    item.waiting = http.size == nil ? frames.filter(waiting.contains).count : 0
    item.pictures = pictures - item.waiting
    // Pictures of its own size may be alike where frames are not, and known where these are not.
    item.isUpperBound = http.size != nil && item.pictures > 0
    item.calls = (item.pictures + http.batch - 1) / http.batch
    item.estimate = http.price.map { $0.estimate(pictures: item.pictures) }
    item.isEstimate = http.price.map { $0.unit != .image } ?? false
    return item
  }
}

/// What `PassQuote` found.
public struct QuoteResult: Sendable {
  /// One recipe of the pass.
  public struct Item: Sendable {
    public let recipe: String
    /// "graph", "command" or "http".
    public let engine: String
    /// Different frames that it has to be applied to.
    public var frames = 0
    /// Pictures that would be sent, and the calls that take them; nil where nothing is called.
    public var pictures = 0
    public var calls: Int?
    /// Frames whose calls are under way since an earlier run.
    public var waiting = 0
    /// What the calls cost; nil where the recipe does not say.
    public var estimate: Money?
    /// There may be fewer pictures, since some may turn out to be alike or known: which is not known
    /// before they are made.
    public var isUpperBound = false
    /// The price depends on the time or tokens that each call takes.
    public var isEstimate = false
  }

  /// Frames of the selection.
  public let frames: Int
  /// Of those, the ones whose results are known.
  public var known = 0
  /// Those of them that other branches have.
  public var borrowed: [BorrowedFrames] = []
  public var recipes: [Item] = []

  init(frames: Int) { self.frames = frames }
}
