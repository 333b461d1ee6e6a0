import Dispatch
import Synchronization

/// What `transform` makes of every number below `count`, in order, made on all cores at once.
///
/// Blocks until all are made. After a failure no more are begun.
///
/// - Throws: the error of the lowest number that failed.
func concurrentMap<Value, Failure: Error>(
  _ count: Int, _ transform: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  var results = [Result<Value, Failure>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    // Each iteration writes its own element, and the call returns after all of them.
    nonisolated(unsafe) let slots = buffer
    let hasFailed = Atomic(false)
    DispatchQueue.concurrentPerform(iterations: count) { index in
      if hasFailed.load(ordering: .relaxed) { return }
      do throws(Failure) {
        slots[index] = .success(try transform(index))
      } catch {
        slots[index] = .failure(error)
        hasFailed.store(true, ordering: .relaxed)
      }
    }
  }
  var values: [Value] = []
  values.reserveCapacity(count)
  // Numbers are begun in order, but what was not begun may lie before the one that failed.
  for result in results {
    if case .failure(let error) = result { throw error }
  }
  for result in results {
    if case .success(let value) = result { values.append(value) }
  }
  return values
}
