import Foundation
import GRDB
import VidgitModel

/// Every call to a service, from before it is sent until its results are stored: what a crash must
/// not forget, and what was spent.
///
/// What a method reports as done is on disk when it returns.
struct CallJournal: Sendable {
  /// Where a call stands.
  enum State: String {
    /// On its way. After a crash nobody knows whether the service did it.
    case sent
    /// The service has said where the result is, or can be asked for.
    case accepted
    /// Its results are stored.
    case done
    /// The service did not do it.
    case refused
    /// It was done, or may have been, and nothing usable came of it.
    case lost
  }

  /// The addresses of a job; see `KeptAddress` for what is written of them.
  struct Job: Equatable, Sendable {
    var poll: String
    var result: String?
    var cancel: String?
  }

  /// A call that an earlier run has left open.
  struct Open: Sendable {
    let id: Int64
    let token: String
    /// Both nil where no answer had come.
    var job: Job?
    let results: KeptResults?
    let estimate: Money?
    let pictures: [FrameKey]

    /// The service did it, or does, and has said where to look.
    var isAnswered: Bool { job != nil || results != nil }
  }

  private let database: LocalDatabase
  private let group: GroupCommit

  init(_ repository: VideoRepository) {
    database = repository.database
    let objects = repository.objects
    group = GroupCommit(database) { try objects.sync() }
  }

  /// Takes down a call before a byte of it is sent.
  ///
  /// - Parameters:
  ///   - token: its idempotency key.
  ///   - estimate: what it is expected to cost.
  func begin(
    recipe: String, token: String, pictures: [FrameKey], estimate: Money?
  ) async throws -> Int64 {
    let id = Slot<Int64>()
    try await group.commit { database in
      try database.execute(
        sql: """
          INSERT INTO calls (recipe, token, state, pictures, cost, currency, begun, settled)
          VALUES (?, ?, ?, ?, ?, ?, ?, 0)
          """,
        arguments: [
          recipe, token, State.sent.rawValue, pictures.count, estimate?.nanos ?? 0,
          estimate?.currency ?? "", Int64(Date().timeIntervalSince1970),
        ])
      let call = database.lastInsertedRowID
      for (place, key) in pictures.enumerated() {
        try database.execute(
          sql: "INSERT INTO callPictures (call, place, digest, shape) VALUES (?, ?, ?, ?)",
          arguments: [call, place, key.digest.data, key.shape.text])
      }
      id.value = call
    }
    return id.value!
  }

  /// Keeps where a job can be asked for, before it is.
  func accept(_ call: Int64, _ job: Job) async throws {
    var json: JSONObject = ["poll": .string(job.poll)]
    json["result"] = job.result.map { .string($0) }
    json["cancel"] = job.cancel.map { .string($0) }
    let text = String(decoding: JSONValue.object(json).compact(), as: UTF8.self)
    try await group.commit {
      try $0.execute(
        sql: "UPDATE calls SET state = ?, job = ? WHERE id = ?",
        arguments: [State.accepted.rawValue, text, call])
    }
  }

  /// Keeps where the results of an answered call lie, before they are fetched, and what it cost.
  func keep(_ call: Int64, _ results: KeptResults, cost: Money?) async throws {
    let json: JSONValue = ["results": .array(results.places.map { .string($0) })]
    let text = String(decoding: json.compact(), as: UTF8.self)
    try await group.commit {
      try $0.execute(
        sql: "UPDATE calls SET state = ?, job = ?, cost = ? WHERE id = ?",
        arguments: [State.accepted.rawValue, text, cost?.nanos ?? 0, call])
    }
  }

  /// Keeps what a call has brought so far; it stays open for the rest.
  func add(
    _ results: [(input: FrameKey, output: FrameKey)], recipe: String
  ) async throws {
    guard !results.isEmpty else { return }
    try await group.commit { database in
      for result in results {
        try ResultLog.insert(result.output, of: recipe, for: result.input, database)
      }
    }
  }

  /// Closes a call, with the results that it brought. Their objects are stored before.
  ///
  /// - Parameter results: kept under `recipe`, so that they are never asked for again.
  func end(
    _ call: Int64, _ state: State, cost: Money?, recipe: String = "",
    results: [(input: FrameKey, output: FrameKey)] = []
  ) async throws {
    try await group.commit { database in
      for result in results {
        try ResultLog.insert(result.output, of: recipe, for: result.input, database)
      }
      try database.execute(
        sql: "UPDATE calls SET state = ?, job = NULL, cost = ? WHERE id = ?",
        arguments: [state.rawValue, cost?.nanos ?? 0, call])
      try database.execute(sql: "DELETE FROM callPictures WHERE call = ?", arguments: [call])
    }
  }

  /// The calls of a recipe that earlier runs have left open.
  func open(_ recipe: String) throws -> [Open] {
    try mapped {
      try database.queue.read { database in
        try Row.fetchAll(
          database,
          sql: """
            SELECT id, token, job, cost, currency FROM calls
            WHERE recipe = ? AND state IN ('sent', 'accepted') ORDER BY id
            """, arguments: [recipe]
        ).map { row in
          let id: Int64 = row[0]
          let pictures = try Row.fetchAll(
            database, sql: "SELECT digest, shape FROM callPictures WHERE call = ? ORDER BY place",
            arguments: [id]
          ).compactMap { row -> FrameKey? in
            let (data, text): (Data, String) = (row[0], row[1])
            guard let digest = data.withUnsafeBytes({ Digest(bytes: $0) }),
              let shape = FrameShape(text: text)
            else { return nil }
            return FrameKey(digest: digest, shape: shape)
          }
          let currency: String = row[4]
          let place = Self.place(row[2])
          return Open(
            id: id, token: row[1], job: place.flatMap(Self.job),
            results: place.flatMap(Self.results),
            estimate: currency.isEmpty ? nil : Money(nanos: row[3], currency: currency),
            pictures: pictures)
        }
      }
    }
  }

  /// What a recipe is known to make of a picture.
  func result(of recipe: String, for input: FrameKey) throws -> FrameKey? {
    try mapped {
      try database.queue.read { try ResultLog.find(of: recipe, for: input, $0) }
    }
  }

  private static func place(_ text: String?) -> JSONObject? {
    text.flatMap { try? JSONValue(parsing: Array($0.utf8), what: "a job").object }
  }

  private static func job(_ json: JSONObject) -> Job? {
    json["poll"]?.string.map {
      Job(poll: $0, result: json["result"]?.string, cancel: json["cancel"]?.string)
    }
  }

  private static func results(_ json: JSONObject) -> KeptResults? {
    json["results"]?.array.map { KeptResults(places: $0.map { $0.string ?? "" }) }
  }

  private func mapped<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw VidgitError(error, path: database.path)
    }
  }
}

/// Carries one value out of a closure.
///
/// `@unchecked Sendable`: it is written before the closure's caller goes on, and read after.
private final class Slot<Value>: @unchecked Sendable {
  var value: Value?
}
