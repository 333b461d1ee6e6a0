import FFmpeg
import VidgitModel

/// Tells which frames of an interlaced video still have two fields, one row of the picture from each in
/// turn.
///
/// The header says what the source is. A graph works on a frame as it is and leaves its fields, unless
/// it deinterlaces, or moves rows from one field to the other; what a program or a service has drawn
/// is one picture.
struct InterlacedLines {
  let order: FieldOrder
  private let repository: VideoRepository
  private let revision: Revision
  private var known: [String: Bool] = [:]

  /// nil where the source is not interlaced.
  init?(_ repository: VideoRepository, _ revision: Revision) {
    guard let order = revision.header.fieldOrder.flatMap({ FieldOrder(rawValue: $0) }),
      order.isInterlaced
    else { return nil }
    self.order = order
    self.repository = repository
    self.revision = revision
  }

  mutating func hasFields(_ line: FrameLine) -> Bool {
    let shape = line.shape(in: revision.header)
    guard shape.height == revision.header.height, shape.width == revision.header.width else {
      return false
    }
    return line.filters.allSatisfy { keepsFields($0) }
  }

  private mutating func keepsFields(_ id: String) -> Bool {
    if let known = known[id] { return known }
    // A recipe that is not there makes nothing worse here: the frame may still be at hand.
    let engine = (try? repository.recipe(id, in: revision))?.engine
    let keeps =
      switch engine {
      case .graph(let graph): !graph.nodes.contains { Self.endingFields.contains($0.filter) }
      case .motion: true
      case .command, .http, .other, nil: false
      }
    known[id] = keeps
    return keeps
  }

  /// Filters after which a row is not of the field that it was of.
  private static let endingFields: Set = [
    "bwdif", "estdif", "perspective", "rotate", "shear", "transpose", "v360", "vflip", "w3fdif",
    "yadif",
  ]
}
