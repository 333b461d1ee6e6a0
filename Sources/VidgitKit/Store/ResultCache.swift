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
  private var namesByID: [Int64: String] = [:]
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
    try mapped {
      try database.queue.read { database in
        let statement = try database.cachedStatement(
          sql:
            "SELECT outputShape, output FROM results WHERE recipe = ? AND shape = ? AND input = ?")
        return try inputs.map { input in
          if let fresh = waiting[Key(input: input, recipe: recipe)] { return fresh }
          guard let recipeID = try id(of: recipe, in: database),
            let shapeID = try id(of: input.shape.text, in: database)
          else { return nil }
          let row = try Row.fetchOne(
            statement, arguments: [recipeID, shapeID, input.digest.data])
          guard let row, let shape = try shape(row[0], in: database),
            let digest = Digest(bytes: [UInt8](row[1] as Data))
          else { return nil }
          return FrameKey(digest: digest, shape: shape)
        }
      }
    }
  }

  func remember(_ output: FrameKey, of recipe: String, for input: FrameKey) throws {
    waiting[Key(input: input, recipe: recipe)] = output
    if waiting.count >= Self.batch || .now - lastFlush > Self.longestWait { try flush() }
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
    if let id {
      names[name] = id
      namesByID[id] = name
    }
    return id
  }

  private func makeID(of name: String, in database: Database) throws -> Int64 {
    if let known = try id(of: name, in: database) { return known }
    try database.execute(sql: "INSERT INTO names (name) VALUES (?)", arguments: [name])
    return try id(of: name, in: database)!
  }

  private func shape(_ id: Int64, in database: Database) throws -> FrameShape? {
    if namesByID[id] == nil {
      namesByID[id] = try String.fetchOne(
        database, sql: "SELECT name FROM names WHERE id = ?", arguments: [id])
    }
    return namesByID[id].flatMap { FrameShape(text: $0) }
  }

  private func mapped<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw VidgitError(error, path: path)
    }
  }
}
