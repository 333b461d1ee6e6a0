import Dispatch
import Foundation
import GRDB
import VidgitModel

/// Finds many results of one recipe for inputs of one shape.
///
/// The database has them in the order of their inputs, which are digests: a million looked up one
/// by one in the order of the timeline go to a million places. Here they go in the order in which
/// they lie there, by one statement on each core.
struct ResultLookUp: Sendable {
  let database: LocalDatabase
  let recipe: Int64
  let shape: Int64

  struct Found: Sendable {
    /// Which of the inputs.
    let place: Int
    let shape: Int64
    let digest: Digest
  }

  /// Below this many, a second connection costs more than it saves.
  private static let fewest = 2048
  /// Each connection maps the file into memory.
  private static let mostParts = 4

  /// The digests lie one after the other in one value, which a counter takes apart.
  private static let sql = """
    WITH RECURSIVE counter(place) AS (
      SELECT 0 UNION ALL SELECT place + 1 FROM counter WHERE place + 1 < ?
    )
    SELECT place, outputShape, output FROM counter CROSS JOIN results
    ON recipe = ? AND shape = ? AND input = substr(?, place * 32 + 1, 32)
    """

  /// What is known of `inputs`, in no order.
  func results(for inputs: [Digest]) throws -> [Found] {
    let order = inputs.indices.sorted { inputs[$0] < inputs[$1] }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let parts = max(1, min(cores, Self.mostParts, order.count / Self.fewest))
    guard parts > 1 else { return try database.queue.read { try find(order[...], inputs, $0) } }
    var found = [Result<[Found], any Error>](repeating: .success([]), count: parts)
    found.withUnsafeMutableBufferPointer { buffer in
      // Each iteration writes its own element, and the call returns after all of them.
      nonisolated(unsafe) let slots = buffer
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        let places = order[order.count * part / parts..<order.count * (part + 1) / parts]
        slots[part] = Result {
          try database.readConcurrently { try find(places, inputs, $0) }
        }
      }
    }
    return try found.flatMap { try $0.get() }
  }

  private func find(
    _ places: ArraySlice<Int>, _ inputs: [Digest], _ database: Database
  ) throws -> [Found] {
    var keys = Data(capacity: places.count * Digest.byteCount)
    for place in places { inputs[place].withBytes { keys.append(contentsOf: $0) } }
    let rows = try Row.fetchCursor(
      database.cachedStatement(sql: Self.sql), arguments: [places.count, recipe, shape, keys])
    var found: [Found] = []
    found.reserveCapacity(places.count)
    while let row = try rows.next() {
      let digest = try row.withUnsafeData(atIndex: 2) { data in
        data.flatMap { $0.withUnsafeBytes { Digest(bytes: $0) } }
      }
      guard let digest else { continue }
      let place: Int = row[0]
      found.append(
        Found(place: places[places.startIndex + place], shape: row[1], digest: digest))
    }
    return found
  }
}
