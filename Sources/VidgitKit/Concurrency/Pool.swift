import Synchronization

/// Idle instances of something that is costly to make and may be used by one task at a time.
final class Pool<Element>: Sendable {
  private struct Idle: @unchecked Sendable {
    // Handed to one task at a time, which owns it until it puts it back.
    var elements: [Element] = []
  }

  private let idle = Mutex(Idle())

  /// Takes an idle instance, or makes one, and puts it back unless `body` throws.
  func with<T>(make: () throws -> Element, _ body: (Element) throws -> T) throws -> T {
    let element = try take() ?? make()
    let result = try body(element)
    put(element)
    return result
  }

  private func take() -> Element? {
    idle.withLock { idle in
      let taken = Idle(elements: idle.elements.popLast().map { [$0] } ?? [])
      return taken
    }.elements.first
  }

  private func put(_ element: Element) {
    let returned = Idle(elements: [element])
    idle.withLock { $0.elements += returned.elements }
  }
}
