import Foundation
import GRDB
import VidgitModel

/// Remembers what a recipe made of a frame: (input, recipe id) to output.
///
/// Not `Sendable`: one operation uses it at a time. Results gather in memory and are written a
/// batch at a time, and about every second, so that a kill costs no more; `flush()` writes the rest.
final class ResultCache {
  private let database: LocalDatabase
  private let path: String
  private var names: [String: Int64] = [:]
  private var shapes: [Int64: FrameShape] = [:]
  private var waiting: [Key: FrameKey] = [:]
  private static let batch = 1000
  private static let longestWait = Duration.seconds(1)
  private var lastFlush = ContinuousClock.now

  private struct Key: Hashable {
    let input: FrameKey
    let recipe: String
  }

  init(_ database: LocalDatabase, path: String) {
    self.database = database
    self.path = path
  }

  /// What `recipe` made of each of `inputs`; nil where it is not known.
  func results(of recipe: String, for inputs: [FrameKey]) throws -> [FrameKey?] {
    var results: [FrameKey?] =
      waiting.isEmpty
      ? Array(repeating: nil, count: inputs.count)
      : inputs.map { waiting[Key(input: $0, recipe: recipe)] }
    let unknown = results.indices.filter { results[$0] == nil }
    try mapped {
      for (shape, places) in Self.byShape(unknown, of: inputs) {
        let ids = try database.queue.read {
          (recipe: try id(of: recipe, in: $0), shape: try id(of: shape.text, in: $0))
        }
        guard let recipeID = ids.recipe, let shapeID = ids.shape else { continue }
        let lookUp = ResultLookUp(database: database, recipe: recipeID, shape: shapeID)
        for found in try lookUp.results(for: places.map { inputs[$0].digest }) {
          guard let shape = try self.shape(found.shape) else { continue }
          results[places[found.place]] = FrameKey(digest: found.digest, shape: shape)
        }
      }
    }
    return results
  }

  /// Groups places of a list by the shape of what is there. Neighbours mostly agree.
  private static func byShape(_ places: [Int], of inputs: [FrameKey]) -> [FrameShape: [Int]] {
    var groups: [FrameShape: [Int]] = [:]
    var rest = places[...]
    while let first = rest.first {
      let shape = inputs[first].shape
      let run = rest.prefix { inputs[$0].shape == shape }
      groups[shape, default: []] += run
      rest = rest.dropFirst(run.count)
    }
    return groups
  }

  func remember(_ output: FrameKey, of recipe: String, for input: FrameKey) throws {
    waiting[Key(input: input, recipe: recipe)] = output
    if waiting.count >= Self.batch || .now - lastFlush > Self.longestWait { try flush() }
  }

  /// Drops what has gathered of one recipe.
  func drop(_ recipe: String) {
    waiting = waiting.filter { $0.key.recipe != recipe }
  }

  /// Writes what has gathered.
  func flush() throws {
    guard !waiting.isEmpty else { return }
    try mapped {
      try database.queue.write { database in
        let statement = try database.cachedStatement(
          sql: "INSERT OR REPLACE INTO results (recipe, shape, input, outputShape, output) "
            + "VALUES (?, ?, ?, ?, ?)")
        for (key, output) in waiting {
          try statement.execute(arguments: [
            try makeID(of: key.recipe, in: database),
            try makeID(of: key.input.shape.text, in: database), key.input.digest.data,
            try makeID(of: output.shape.text, in: database), output.digest.data,
          ])
        }
      }
    }
    waiting.removeAll(keepingCapacity: true)
    lastFlush = .now
  }

  private func id(of name: String, in database: Database) throws -> Int64? {
    if let known = names[name] { return known }
    let id = try Int64.fetchOne(
      database, sql: "SELECT id FROM names WHERE name = ?", arguments: [name])
    if let id { names[name] = id }
    return id
  }

  private func makeID(of name: String, in database: Database) throws -> Int64 {
    if let known = try id(of: name, in: database) { return known }
    try database.execute(sql: "INSERT INTO names (name) VALUES (?)", arguments: [name])
    return try id(of: name, in: database)!
  }

  private func shape(_ id: Int64) throws -> FrameShape? {
    if let known = shapes[id] { return known }
    let name = try database.queue.read {
      try String.fetchOne($0, sql: "SELECT name FROM names WHERE id = ?", arguments: [id])
    }
    shapes[id] = name.flatMap { FrameShape(text: $0) }
    return shapes[id]
  }

  private func mapped<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw VidgitError(error, path: path)
    }
  }
}
