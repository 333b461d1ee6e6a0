import Git2
import VidgitModel

/// The passes behind the variants of a page.
struct PageHistory {
  private(set) var passes: [PagePass] = []
  /// The first commit of the first variant, who made it, and when.
  private(set) var root = ""
  private(set) var author = ""
  private(set) var begun: Int64 = 0

  /// - Parameter variants: each with its tip; what the first one tells of the root holds.
  init(_ repository: VideoRepository, _ variants: [(name: String, tip: ObjectID)]) throws {
    var places: [ObjectID: Int] = [:]
    for (index, variant) in variants.enumerated() {
      try VidgitError.git {
        var history = try repository.git.history(from: variant.tip)
        while let commit = try history.next() {
          if index == 0 {
            root = commit.id.hex
            author = commit.author.name
            begun = commit.author.time
          }
          if let place = places[commit.id] {
            passes[place].variants.append(variant.name)
          } else if let trailers = PassTrailers(parsing: commit.message), !trailers.namesPlacesOnly
          {
            places[commit.id] = passes.count
            passes.append(
              PagePass(
                commit: commit.id.hex, subject: commit.subject, author: commit.author.name,
                time: commit.author.time, trailers: trailers, variants: [variant.name]))
          }
        }
      }
    }
    // The newest first; of one second, in the order in which Git tells them.
    passes = passes.enumerated().sorted {
      $0.element.time != $1.element.time
        ? $0.element.time > $1.element.time : $0.offset < $1.offset
    }.map(\.element)
  }
}
