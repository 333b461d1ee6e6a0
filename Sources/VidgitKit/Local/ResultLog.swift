import Foundation
import GRDB
import VidgitModel

/// Puts single results on record at once, from any task: those that must not be made twice.
///
/// A result and the object that it names are on disk when it is on record. Many tasks' results go
/// in one transaction.
struct ResultLog: Sendable {
  private let group: GroupCommit

  init(_ repository: VideoRepository) {
    let objects = repository.objects
    group = GroupCommit(repository.database) { try objects.sync() }
  }

  func record(_ output: FrameKey, of recipe: String, for input: FrameKey) async throws {
    try await group.commit { try Self.insert(output, of: recipe, for: input, $0) }
  }

  /// The same within a transaction.
  static func insert(
    _ output: FrameKey, of recipe: String, for input: FrameKey, _ database: Database
  ) throws {
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

  /// One result; nil where it is not known.
  static func find(
    of recipe: String, for input: FrameKey, _ database: Database
  ) throws -> FrameKey? {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT output, name FROM results JOIN names ON names.id = outputShape
        WHERE recipe = (SELECT id FROM names WHERE name = ?)
        AND shape = (SELECT id FROM names WHERE name = ?) AND input = ?
        """, arguments: [recipe, input.shape.text, input.digest.data])
    guard let row else { return nil }
    let (data, text): (Data, String) = (row[0], row[1])
    guard let digest = data.withUnsafeBytes({ Digest(bytes: $0) }),
      let shape = FrameShape(text: text)
    else { return nil }
    return FrameKey(digest: digest, shape: shape)
  }

  /// Forgets all that a recipe made.
  func forget(_ recipe: String) async throws {
    try await group.commit { database in
      try database.execute(
        sql: "DELETE FROM results WHERE recipe = (SELECT id FROM names WHERE name = ?)",
        arguments: [recipe])
    }
  }
}
