/// What a published page shows: plain values, of which `PageDocument` and `AtomFeed` make text.
///
/// All names, messages and recipes in it may be a stranger's.
public struct PageContents: Sendable {
  /// What people call the video.
  public var title: String
  /// What the page says of the video itself, as pairs of a word and its value.
  public var facts: [PageFact]
  /// The first one is what the others are compared with.
  public var variants: [PageVariant]
  public var recipes: [PageRecipe]
  /// The newest first.
  public var passes: [PagePass]
  /// Where the page will be, with a slash at its end; nil where nobody knows.
  public var site: String?
  /// What the place of publication is called, whatever its address: "owner/name"; empty where there
  /// is no such name.
  public var publication = ""
  /// The id in hex of the first commit of all, who made it, and when, in seconds since 1970.
  public var root: String
  public var author: String
  public var begun: Int64 = 0

  public init(
    title: String, facts: [PageFact], variants: [PageVariant], recipes: [PageRecipe],
    passes: [PagePass], site: String?, root: String, author: String
  ) {
    self.title = title
    self.facts = facts
    self.variants = variants
    self.recipes = recipes
    self.passes = passes
    self.site = site
    self.root = root
    self.author = author
  }
}

/// A word and its value: "Duration", "0:08.000".
public struct PageFact: Hashable, Sendable {
  public var name: String
  public var value: String
  /// What stands behind the value, whatever the direction of its script; empty for nothing.
  public var more: String
  /// Where the value leads, if it is an address of the web.
  public var link: String?

  public init(_ name: String, _ value: String, more: String = "", link: String? = nil) {
    self.name = name
    self.value = value
    self.more = more
    self.link = link
  }
}

/// One variant of the video.
public struct PageVariant: Sendable {
  /// Names of files, relative to the page's folder.
  public struct Pictures: Hashable, Sendable {
    public var poster: String
    /// The same frame of the variant that all are compared with; nil where there is none, or where
    /// it looks the same.
    public var before: String?
    public var clip: String
    /// Pixels of the poster.
    public var width: Int
    public var height: Int
    /// Pixels of the clip.
    public var clipWidth: Int
    public var clipHeight: Int
    /// The poster's frame: its number, and when it shows.
    public var frame: Int
    public var time: String

    var isTall: Bool { height > width }

    public init(
      poster: String, before: String?, clip: String, width: Int, height: Int, clipWidth: Int,
      clipHeight: Int, frame: Int, time: String
    ) {
      self.poster = poster
      self.before = before
      self.clip = clip
      self.width = width
      self.height = height
      self.clipWidth = clipWidth
      self.clipHeight = clipHeight
      self.frame = frame
      self.time = time
    }
  }

  public var name: String
  /// Its folder's name, which is its place in the page too.
  public var folder: String
  /// The commit's id in hex.
  public var commit: String
  public var frames: Int
  /// "0:08.000"
  public var length: String
  /// How it differs from the first one: "120 frames changed"; empty for the first one itself.
  public var changes: [String]
  /// nil where its pixels are not at hand.
  public var pictures: Pictures?
  public var strip: TimelineStrip

  public init(
    name: String, folder: String, commit: String, frames: Int, length: String, changes: [String],
    pictures: Pictures?, strip: TimelineStrip
  ) {
    self.name = name
    self.folder = folder
    self.commit = commit
    self.frames = frames
    self.length = length
    self.changes = changes
    self.pictures = pictures
    self.strip = strip
  }
}

/// A recipe that a variant uses.
public struct PageRecipe: Sendable {
  public var id: String
  /// nil where the repository does not hold it, or holds something else under its name.
  public var recipe: Recipe?

  public init(id: String, recipe: Recipe?) {
    self.id = id
    self.recipe = recipe
  }

  /// Where its JSON is, relative to the page's folder.
  public var file: String { "recipes/\(id).json" }
}

/// One pass.
public struct PagePass: Sendable {
  /// The commit's id in hex.
  public var commit: String
  public var subject: String
  public var author: String
  /// Seconds since 1970.
  public var time: Int64
  public var trailers: PassTrailers
  /// The names of the variants that have it.
  public var variants: [String]

  public init(
    commit: String, subject: String, author: String, time: Int64, trailers: PassTrailers,
    variants: [String]
  ) {
    self.commit = commit
    self.subject = subject
    self.author = author
    self.time = time
    self.trailers = trailers
    self.variants = variants
  }
}
