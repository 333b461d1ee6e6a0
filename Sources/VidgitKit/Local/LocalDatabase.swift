import Foundation
import GRDB

/// What this clone remembers for itself and never commits: results by hash, and where media lie.
///
/// SQLite through GRDB in WAL mode: what a transaction wrote survives a crash of the machine.
///
/// Where the repository is for reading only, so is this: what is there is read, and where nothing is
/// there, or nothing that may be read, it is empty.
struct LocalDatabase: Sendable {
  let queue: DatabaseQueue
  let path: String
  /// Else whatever is written is an error.
  let isWritable: Bool
  /// It lies in memory, where only one connection sees it.
  private let isBlank: Bool
  private let readers = Pool<DatabaseQueue>()

  /// Reads on a connection that no other task uses meanwhile, so that several can read at once.
  func readConcurrently<T>(_ body: (Database) throws -> T) throws -> T {
    if isBlank { return try queue.read(body) }
    return try readers.with {
      try DatabaseQueue(path: queue.path, configuration: queue.configuration)
    } _: {
      try $0.read(body)
    }
  }

  init(path: String) throws {
    self.path = path
    isWritable = Self.mayWrite(path)
    do {
      guard isWritable else {
        let isReadable = access(path, R_OK) == 0
        queue = try isReadable ? Self.reading(path) : Self.blank()
        isBlank = !isReadable
        return
      }
      isBlank = false
      try Self.makePrivate(path)
      var configuration = Self.configuration
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

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    return configuration
  }

  private static func mayWrite(_ path: String) -> Bool {
    let folder = (path as NSString).deletingLastPathComponent
    guard access(folder, W_OK) == 0 else { return false }
    return access(path, W_OK) == 0 || errno == ENOENT
  }

  /// It tells of addresses where results lie: nobody else reads it. SQLite gives its other files the same
  /// rights.
  private static func makePrivate(_ path: String) throws {
    // Never opened where it is there: to close it would let go of SQLite's locks.
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
    for ending in ["", "-wal", "-shm"] {
      var status = stat()
      guard stat(path + ending, &status) == 0, status.st_uid == geteuid(),
        status.st_mode & 0o077 != 0
      else { continue }
      guard chmod(path + ending, 0o600) == 0 else { throw VidgitError.system("write", path) }
    }
  }

  private static func reading(_ path: String) throws -> DatabaseQueue {
    var configuration = configuration
    configuration.readonly = true
    func opened(_ name: String) throws -> DatabaseQueue {
      let queue = try DatabaseQueue(path: name, configuration: configuration)
      guard try queue.read({ try migrations.hasCompletedMigrations($0) }) else {
        throw VidgitError(
          .system,
          "the local cache '\(path)' is of an earlier version, and may not be changed here",
          hint: "run `vidgit status` once where the repository can be written")
      }
      return queue
    }
    do {
      return try opened(path)
    } catch is DatabaseError {
      // SQLite wants to write beside a database in WAL mode, unless it is told that nobody else does.
      let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: ";"))
      let place = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
      return try opened("file:\(place)?immutable=1")
    }
  }

  private static func blank() throws -> DatabaseQueue {
    let queue = try DatabaseQueue()
    try migrations.migrate(queue)
    try queue.inDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
    return queue
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
    case .SQLITE_READONLY:
      self.init(
        .system, "cannot write '\(path)': the repository is for reading only here",
        hint: "look at who may write in its folder '.git'; `vidgit clone` makes a copy of your own",
        underlying: error)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .conflict, "cannot use '\(path)': another program is writing it",
        hint: "wait until it is done, and run the same command again", underlying: error)
    default:
      self.init(
        .system, "cannot use '\(path)': \(words)",
        hint: "the disk may be failing, or the folder be gone: look at the system's messages with "
          + "`dmesg`, and run the same command again", underlying: error)
    }
  }
}
