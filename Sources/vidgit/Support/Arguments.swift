import VidgitKit
import VidgitModel

/// Reads a notation whose errors are worth showing, which `ExpressibleByArgument` would swallow.
enum Notation {
  static func range(_ text: String?) throws -> RangeExpression? {
    try text.map { text in try told { try RangeExpression(parsing: text) } }
  }

  static func range(_ text: String) throws -> RangeExpression {
    try told { try RangeExpression(parsing: text) }
  }

  static func place(_ text: String) throws -> PlaceExpression {
    try told { try PlaceExpression(parsing: text) }
  }

  static func ranges(_ texts: [String]) throws -> [RangeExpression] {
    try texts.map { text in try told { try RangeExpression(parsing: text) } }
  }

  static func part(_ text: String) throws -> RevisionPart {
    try told { try RevisionPart(parsing: text) }
  }

  static func frames(_ text: String?) throws -> FrameList? {
    try text.map { text in try told { try FrameList(parsing: text) } }
  }

  private static func told<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as ModelError {
      throw VidgitError(error, kind: .usage)
    }
  }
}
