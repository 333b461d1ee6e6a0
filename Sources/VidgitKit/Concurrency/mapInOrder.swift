/// Runs `transform` on up to `width` elements at once and hands the results to `consume` in input
/// order.
///
/// At most `width` elements are alive between `next` and `consume`, however slow one of them is: a
/// new element is read only when the oldest one has been delivered. The first error cancels the
/// rest, and so does the cancellation of the calling task.
func mapInOrder<Input: Sendable, Output: Sendable>(
  width: Int,
  next: () throws -> Input?,
  transform: @escaping @Sendable (Input) async throws -> Output,
  consume: (Output) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: (Int, Output).self) { group in
    var ready: [Int: Output] = [:]
    var read = 0
    var delivered = 0
    var exhausted = false
    while true {
      while !exhausted, read - delivered < width {
        try Task.checkCancellation()
        guard let input = try next() else {
          exhausted = true
          break
        }
        let position = read
        group.addTask { (position, try await transform(input)) }
        read += 1
      }
      guard let (position, output) = try await group.next() else { return }
      ready[position] = output
      while let output = ready.removeValue(forKey: delivered) {
        try await consume(output)
        delivered += 1
      }
    }
  }
}
