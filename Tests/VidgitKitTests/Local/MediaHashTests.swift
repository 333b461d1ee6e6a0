import Testing
import VidgitModel

@testable import VidgitKit

@Suite struct MediaHashTests {
  /// Of a file without end: it would go on for ever.
  @Test(.timeLimit(.minutes(2))) func endsWithItsTask() async throws {
    let task = Task { try await MediaLibrary.hash("/dev/zero") }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test(.timeLimit(.minutes(2))) func endsWhereWhatGoesOnBesideItFails() async throws {
    func work() async throws {
      async let digest = MediaLibrary.hash("/dev/zero")
      try await Task.sleep(nanoseconds: 1)
      if true { throw VidgitError(.usage, "no such range") }
      _ = try await digest
    }
    await #expect(throws: VidgitError.self) { try await work() }
  }
}
