import Git2
public import VidgitModel

/// What `FilterPass` is asked to do.
public struct FilterOptions: Sendable {
  /// Any folder of the repository.
  public var directory: String
  /// In the order of application.
  public var recipes: [RecipeSource]
  /// A new branch for the pass; nil commits on the current one.
  public var branch: String?
  /// The frames to filter; both nil takes all.
  public var range: RangeExpression?
  public var frames: FrameList?
  /// The user's own recipes, where Git's setting `vidgit.palette` names no folder.
  public var paletteFolder: String?
  public var author: Author?
  /// The variables of the caller's environment. A program gets `PATH`, `HOME`, `TMPDIR`, `LANG` and
  /// those that its recipe names; nothing else is used.
  public var variables: [String: String] = [:]
  /// Values in place of those in the recipes' `params`.
  public var parameters: [RecipeParameter] = []
  /// Frames that a service has worked on already are sent to it once more.
  public var appliesAgain = false
  /// The most that calls may cost, those of interrupted runs of the pass included.
  public var budget: Money?
  /// Frames in flight, processes of a command, and calls at once; nil takes what memory and cores
  /// allow, and what a service's recipe says.
  public var jobs: Int?
  /// Seconds that one frame may take.
  public var patience: Double = 60

  public init(directory: String, recipes: [RecipeSource]) {
    self.directory = directory
    self.recipes = recipes
  }

  /// All that decides what the pass makes.
  ///
  /// - Parameter ids: of the recipes, since a file or a palette may say something else under one name.
  func request(ids: [String]) -> [String] {
    [
      "filter", branch ?? "", range.map { "\($0)" } ?? "", frames.map { "\($0)" } ?? "",
    ] + recipes.map { "\($0)" } + parameters.map { "\($0.name)=\($0.text)" } + ids
  }
}

/// What `FilterPass` made.
public struct FilterResult: Sendable {
  /// The new commit's id in hex; nil where no frame changed.
  public var commit: String?
  public var branch: String
  public var recipes: [String]
  /// Frames that the pass looked at.
  public var selected: Int
  /// Frames whose pixels it changed.
  public var changed: Int
  /// Results that were computed, and those that were known already.
  public var made: Int
  public var reused: Int
  /// The pass had been committed by an interrupted run of the same command.
  public var wasFinished: Bool
  /// What was paid for it, by currency.
  public var spent: [Money] = []
  /// Frames that had one of the recipes before, and have it twice now.
  public var repeated = 0
  /// Results that were taken from other branches.
  public var borrowed: [BorrowedFrames] = []
  /// Things the user should know: fewer bits a sample, less colour.
  public var notes: [String] = []
}

extension FilterResult {
  /// The result of a pass that an interrupted run has committed.
  init(finished target: CommitTarget) {
    self.init(
      commit: target.base.hex, branch: target.branch, recipes: [], selected: 0, changed: 0,
      made: 0, reused: 0, wasFinished: true)
  }
}
