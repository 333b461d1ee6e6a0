import GRDB
import VidgitModel

/// Puts single results on record at once, from any task: those that must not be made twice.
///
/// Like those of `ResultCache`, they survive the death of the program; one whose object did not
/// survive a power cut counts as unknown.
struct ResultLog: Sendable {
  let database: LocalDatabase

  func record(_ output: FrameKey, of recipe: String, for input: FrameKey) throws {
    try mapped { database in
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO names (name) VALUES (?), (?), (?)
          """, arguments: [recipe, input.shape.text, output.shape.text])
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO results (recipe, shape, input, outputShape, output)
          SELECT recipe.id, shape.id, ?, result.id, ?
          FROM names recipe, names shape, names result
          WHERE recipe.name = ? AND shape.name = ? AND result.name = ?
          """,
        arguments: [
          input.digest.data, output.digest.data, recipe, input.shape.text, output.shape.text,
        ])
    }
  }

  /// Forgets all that a recipe made.
  func forget(_ recipe: String) throws {
    try mapped { database in
      try database.execute(
        sql: "DELETE FROM results WHERE recipe = (SELECT id FROM names WHERE name = ?)",
        arguments: [recipe])
    }
  }

  private func mapped(_ body: (Database) throws -> Void) throws {
    do {
      try database.queue.write(body)
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.queue.path)
    }
  }
}
