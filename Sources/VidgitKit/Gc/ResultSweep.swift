import Foundation
import GRDB
import VidgitModel

/// Takes results out of the cache whose output was an object that goes.
struct ResultSweep {
  private let database: LocalDatabase

  init(_ database: LocalDatabase) {
    self.database = database
  }

  /// How many results have one of `keys` as their output; they are removed with `removes`.
  func sweep(_ keys: [FrameKey], removes: Bool) throws -> Int {
    guard !keys.isEmpty else { return 0 }
    do {
      return try database.queue.write { database in
        try database.execute(
          sql: "CREATE TEMP TABLE gone (shape INTEGER, output BLOB, PRIMARY KEY (shape, output)) "
            + "WITHOUT ROWID")
        defer { try? database.execute(sql: "DROP TABLE gone") }
        var shapes: [FrameShape: Int64?] = [:]
        let insert = try database.makeStatement(sql: "INSERT OR IGNORE INTO gone VALUES (?, ?)")
        for key in keys {
          if shapes[key.shape] == nil {
            shapes[key.shape] = .some(
              try Int64.fetchOne(
                database, sql: "SELECT id FROM names WHERE name = ?", arguments: [key.shape.text]))
          }
          // A shape without a name has no results.
          guard case .some(.some(let shape)) = shapes[key.shape] else { continue }
          try insert.execute(arguments: [shape, key.digest.data])
        }
        let condition = "(outputShape, output) IN (SELECT shape, output FROM gone)"
        guard removes else {
          return try Int.fetchOne(
            database, sql: "SELECT COUNT(*) FROM results WHERE \(condition)") ?? 0
        }
        try database.execute(sql: "DELETE FROM results WHERE \(condition)")
        return database.changesCount
      }
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.path)
    }
  }
}
