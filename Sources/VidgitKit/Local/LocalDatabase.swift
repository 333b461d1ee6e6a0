import Foundation
import GRDB

/// What this clone remembers for itself and never commits: results by hash, and where media lie.
///
/// SQLite through GRDB in WAL mode: what a transaction wrote survives a crash of the machine.
struct LocalDatabase: Sendable {
  let queue: DatabaseQueue
  private let readers = Pool<DatabaseQueue>()

  /// Reads on a connection that no other task uses meanwhile, so that several can read at once.
  func readConcurrently<T>(_ body: (Database) throws -> T) throws -> T {
    try readers.with {
      try DatabaseQueue(path: queue.path, configuration: queue.configuration)
    } _: {
      try $0.read(body)
    }
  }

  init(path: String) throws {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(10)
      configuration.prepareDatabase { database in
        // A million results are looked up at random: reads go through memory. A transaction is on
        // disk when it ends: some tell of calls that were paid for.
        try database.execute(
          sql: """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            PRAGMA cache_size = -32768; PRAGMA mmap_size = 134217728
            """)
      }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try Self.migrations.migrate(queue)
    } catch let error as DatabaseError {
      throw VidgitError(error, path: path)
    }
  }

  private static var migrations: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
          CREATE TABLE results (
            recipe INTEGER NOT NULL, shape INTEGER NOT NULL, input BLOB NOT NULL,
            outputShape INTEGER NOT NULL, output BLOB NOT NULL,
            PRIMARY KEY (recipe, shape, input)
          ) WITHOUT ROWID;
          CREATE TABLE media (
            digest BLOB NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
            modified INTEGER NOT NULL, PRIMARY KEY (digest, path)
          ) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("trust") { database in
      try database.execute(
        sql: """
          CREATE TABLE trust (
            recipe TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL, folder TEXT NOT NULL,
            json TEXT NOT NULL
          ) WITHOUT ROWID;
          """)
    }
    migrator.registerMigration("calls") { database in
      try database.execute(
        sql: """
          CREATE TABLE calls (
            id INTEGER PRIMARY KEY AUTOINCREMENT, recipe TEXT NOT NULL, token TEXT NOT NULL,
            state TEXT NOT NULL, job TEXT, pictures INTEGER NOT NULL, cost INTEGER NOT NULL,
            currency TEXT NOT NULL, begun INTEGER NOT NULL, pass TEXT, settled INTEGER NOT NULL
          );
          CREATE INDEX openCalls ON calls (recipe, state);
          CREATE INDEX unsettledCalls ON calls (settled, recipe);
          CREATE TABLE callPictures (
            call INTEGER NOT NULL, place INTEGER NOT NULL, digest BLOB NOT NULL,
            shape TEXT NOT NULL, PRIMARY KEY (call, place)
          ) WITHOUT ROWID;
          """)
    }
    return migrator
  }
}

extension VidgitError {
  /// A failure of the local database at `path`.
  init(_ error: DatabaseError, path: String) {
    let words = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(
        .system, "the local cache '\(path)' is damaged: \(words)",
        hint: "move it away: results that no commit has are then made again, calls to services are "
          + "paid again, and media can be pointed to with `vidgit media locate`", underlying: error)
    case .SQLITE_FULL:
      self.init(
        .system, "cannot write '\(path)': \(words)",
        hint: "free some space and run the same command again; nothing is lost", underlying: error)
    default:
      self.init(.system, "cannot use '\(path)': \(words)", underlying: error)
    }
  }
}
