import Foundation
import GRDB
import Git2
import VidgitModel

/// What calls have cost that no commit tells of yet.
///
/// A pass writes the costs into its commit and marks the calls with the commit's id, before its
/// branch moves. Where that did not come to pass, they are free again for the next one.
struct Ledger {
  private let database: LocalDatabase
  private let recipes: [String]

  /// Takes the ledger of some recipes; the repository's lock must be held.
  init(_ repository: VideoRepository, recipes: [PreparedRecipe]) throws {
    database = repository.database
    self.recipes = recipes.compactMap { recipe in
      if case .service(let service) = recipe { service.id } else { nil }
    }
    if !self.recipes.isEmpty { try settle(repository) }
  }

  /// Calls of commits that a branch holds are settled; the others are nobody's.
  private func settle(_ repository: VideoRepository) throws {
    let passes = try mapped {
      try database.queue.read {
        try String.fetchAll(
          $0, sql: "SELECT DISTINCT pass FROM calls WHERE settled = 0 AND pass IS NOT NULL")
      }
    }
    for pass in passes {
      let isThere = try VidgitError.git {
        guard let commit = ObjectID(hex: pass) else { return false }
        for branch in try repository.git.branches() {
          if (try? repository.git.isAncestor(commit, of: branch.commit)) == true { return true }
        }
        return false
      }
      try mapped {
        try database.queue.write {
          try $0.execute(
            sql: isThere
              ? "UPDATE calls SET settled = 1 WHERE pass = ?"
              : "UPDATE calls SET pass = NULL WHERE pass = ?", arguments: [pass])
        }
      }
    }
  }

  /// What each recipe has cost. Those that cost nothing are left out.
  ///
  /// - Parameter includesOpen: calls of which the end is not known count too, as they were estimated.
  func costs(includesOpen: Bool) throws -> [PassCost] {
    guard !recipes.isEmpty else { return [] }
    return try Self.costs(database, includesOpen: includesOpen)
      .filter { recipes.contains($0.recipe!) }
  }

  /// The same of all recipes of a repository.
  static func costs(_ database: LocalDatabase, includesOpen: Bool) throws -> [PassCost] {
    do {
      return try database.queue.read {
        try Row.fetchAll(
          $0,
          sql: """
            SELECT recipe, currency, CAST(MIN(TOTAL(cost), 1e18) AS INTEGER), COUNT(*) FROM calls
            WHERE settled = 0 AND pass IS NULL AND currency <> ''
              AND (state IN ('done', 'lost') OR (? AND state IN ('sent', 'accepted')))
            GROUP BY recipe, currency HAVING TOTAL(cost) > 0 ORDER BY recipe, currency
            """, arguments: [includesOpen]
        ).map { row in
          PassCost(
            amount: Money(nanos: row[2], currency: row[1]), recipe: row[0], calls: row[3])
        }
      }
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.path)
    }
  }

  /// Calls that were or may be paid for and stand in no commit.
  func calls() throws -> Int {
    try mapped {
      try database.queue.read { database in
        try recipes.reduce(0) { sum, recipe in
          try sum
            + (Int.fetchOne(
              database,
              sql: """
                SELECT COUNT(*) FROM calls
                WHERE recipe = ? AND settled = 0 AND pass IS NULL AND state <> 'refused'
                """, arguments: [recipe]) ?? 0)
        }
      }
    }
  }

  /// Calls of recipes that do not say what one costs, of this clone, by recipe.
  static func unpricedCalls(_ database: LocalDatabase) throws -> [(recipe: String, calls: Int)] {
    do {
      return try database.queue.read {
        try Row.fetchAll(
          $0,
          sql: """
            SELECT recipe, COUNT(*) FROM calls
            WHERE currency = '' AND state IN ('done', 'lost') GROUP BY recipe ORDER BY recipe
            """
        ).map { ($0[0], $0[1]) }
      }
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.path)
    }
  }

  /// The digests of what was paid for and stands in no commit yet: results of interrupted passes.
  static func resultsToBeTold(_ database: LocalDatabase) throws -> [Digest] {
    do {
      return try database.queue.read {
        try Data.fetchAll(
          $0,
          sql: """
            SELECT output FROM results WHERE recipe IN (
              SELECT names.id FROM names JOIN calls
              ON names.name = calls.recipe OR names.name = calls.recipe || '/sized'
              WHERE settled = 0 AND pass IS NULL AND state IN ('done', 'accepted'))
            """
        ).compactMap { data in data.withUnsafeBytes { Digest(bytes: $0) } }
      }
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.path)
    }
  }

  /// Marks what has ended as told by a commit that is about to become visible.
  func assign(to commit: ObjectID) throws {
    try mapped {
      try database.queue.write { database in
        for recipe in recipes {
          try database.execute(
            sql: """
              UPDATE calls SET pass = ? WHERE recipe = ? AND settled = 0 AND pass IS NULL
                AND state NOT IN ('sent', 'accepted')
              """,
            arguments: [commit.hex, recipe])
        }
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
