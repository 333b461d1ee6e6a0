import GRDB
import VidgitModel

/// The recipes that may run programs here, each with the folder where its program runs.
///
/// A recipe counts by the whole SHA-256 of its JSON: the twelve digits of an id could be found
/// again for another recipe by somebody who tries hard.
struct TrustStore: Sendable {
  let database: LocalDatabase

  struct Entry: Sendable {
    let id: String
    let folder: String
  }

  /// The folder of a recipe that is trusted; nil for one that is not.
  func folder(of recipe: Recipe) throws -> String? {
    try mapped {
      try database.queue.read {
        try String.fetchOne(
          $0, sql: "SELECT folder FROM trust WHERE recipe = ? AND digest = ?",
          arguments: [recipe.id, recipe.digest.data])
      }
    }
  }

  func add(_ recipe: Recipe, folder: String) throws {
    try mapped {
      try database.queue.write {
        try $0.execute(
          sql: "INSERT OR REPLACE INTO trust (recipe, digest, folder, json) VALUES (?, ?, ?, ?)",
          arguments: [
            recipe.id, recipe.digest.data, folder,
            String(decoding: recipe.fileBytes(), as: UTF8.self),
          ])
      }
    }
  }

  /// - Returns: whether it was trusted.
  func remove(_ id: String) throws -> Bool {
    try mapped {
      try database.queue.write {
        try $0.execute(sql: "DELETE FROM trust WHERE recipe = ?", arguments: [id])
        return $0.changesCount > 0
      }
    }
  }

  func entries() throws -> [Entry] {
    try mapped {
      try database.queue.read {
        try Row.fetchAll($0, sql: "SELECT recipe, folder FROM trust ORDER BY recipe")
          .map { Entry(id: $0[0], folder: $0[1]) }
      }
    }
  }

  /// The trusted recipes of a name or id.
  func recipes(named name: String) throws -> [Recipe] {
    let texts = try mapped {
      try database.queue.read {
        try Row.fetchAll($0, sql: "SELECT recipe, json FROM trust ORDER BY recipe")
          .map { (id: $0[0] as String, json: $0[1] as String) }
      }
    }
    return try texts.filter { $0.id == name || $0.id.dropLast(13) == name }.map { entry in
      try VidgitError.model {
        try Recipe(
          json: JSONValue(parsing: Array(entry.json.utf8), what: entry.id), file: entry.id)
      }
    }
  }

  private func mapped<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.path)
    }
  }
}
