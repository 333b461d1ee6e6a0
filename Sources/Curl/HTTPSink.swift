import Foundation

/// What becomes of the body of an answer with a 2xx status.
///
/// The body of any other answer is an error text: it is kept in memory up to `errorLimit` bytes, and
/// the rest is not asked for.
public struct HTTPSink: Sendable {
  /// Bytes that are kept of a body that is not 2xx.
  public static let errorLimit = 64 << 10

  /// The most bytes that are taken; a longer body is the error `tooLarge`.
  let limit: Int64
  /// Nil keeps them in memory.
  let take: (@Sendable (UnsafeRawBufferPointer) throws -> Void)?
  /// The one status whose body is taken; nil for every 2xx. A server that does not do ranges answers
  /// a request for one with 200 and the whole.
  public var onlyStatus: Int?

  init(limit: Int64, take: (@Sendable (UnsafeRawBufferPointer) throws -> Void)?) {
    self.limit = limit
    self.take = take
  }

  func takes(_ status: Int) -> Bool {
    onlyStatus.map { $0 == status } ?? (200...299).contains(status)
  }

  /// In memory, in `HTTPResponse.body`.
  public static func memory(limit: Int = 64 << 20) -> HTTPSink {
    HTTPSink(limit: Int64(limit), take: nil)
  }

  /// Handed on piece by piece as it comes, in order; to hash it, to write it away. What the closure throws
  /// ends the request with the error `body`.
  ///
  /// The closure runs on the thread of all the client's requests: it must not wait for anything
  /// but a disk. Where the request fails later, what it was given is not the whole.
  public static func stream(
    limit: Int64, _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) -> HTTPSink {
    HTTPSink(limit: limit, take: take)
  }

  /// Appended to an open file, and each piece handed to `also` before, for its digest.
  ///
  /// The descriptor stays the caller's, and so does `fsync`.
  public static func file(
    descriptor: Int32, limit: Int64,
    also: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void = { _ in }
  ) -> HTTPSink {
    stream(limit: limit) { piece in
      try also(piece)
      var rest = piece[...]
      while !rest.isEmpty {
        let bytes = UnsafeRawBufferPointer(rebasing: rest)
        let count = write(descriptor, bytes.baseAddress, bytes.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw SystemError(code: errno, operation: "write the answer") }
        rest = rest.dropFirst(count)
      }
    }
  }
}

/// A call of the system that failed.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// An `errno`: `ENOSPC`, `EIO`, ...
  public let code: Int32
  /// A phrase that follows "cannot".
  public let operation: String

  public var description: String { "cannot \(operation): \(String(cString: strerror(code)))" }
}
