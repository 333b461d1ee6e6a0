import Curl
import Foundation
import Synchronization
import VidgitModel

/// What goes wrong with stores, in one set of words.
enum StoreFault {
  static func tooLong(_ name: StoreName, _ limit: Int64, _ store: some Store) -> VidgitError {
    VidgitError(
      .verification,
      "'\(name)' in the store \(store.title) is longer than the \(limit) bytes that it may have",
      hint: "it is not what its name says, and was not used")
  }

  static func cut(_ name: StoreName, _ store: some Store) -> VidgitError {
    VidgitError(
      .verification, "'\(name)' in the store \(store.title) is shorter than it should be",
      hint: "it was not used; put it there again with `vidgit push`")
  }

  /// Bytes that are not those of the name.
  static func wrongBytes(_ what: String, _ title: String) -> VidgitError {
    VidgitError(
      .verification, "\(what) has other bytes in the store \(title) than its hash says",
      hint: "it was not used; `vidgit verify --stores --deep` finds all of them")
  }

  /// A file of this machine, on its way into a store.
  static func changed(_ path: String) -> VidgitError {
    VidgitError(
      .verification, "'\(path)' is not what its hash says, and was not stored",
      hint: "it was changed meanwhile, or is damaged: see `vidgit verify`")
  }

  /// Nothing more goes into a store.
  ///
  /// - Parameter message: what was tried and what the store said to it.
  static func full(_ message: String) -> VidgitError {
    VidgitError(
      .system, "\(message); the store is full, or its limit is reached",
      hint:
        "what was sent stays there: make room and run the same command again, it carries on, or "
        + "send to another store with `vidgit store add NAME URI` and `vidgit push NAME`")
  }

  /// Whether the words of a store say that it is full: S3's and rclone's differ from server to server.
  static func tellsFull(_ text: String) -> Bool {
    let text = text.lowercased()
    // A quota of calls is none of room.
    if text.contains("rate limit") || text.contains("ratelimit") { return false }
    return [
      "quota", "storagefull", "entitytoolarge", "storage cap", "storage limit", "no space left",
      "insufficient storage", "insufficientstorage", "insufficient_space", "not enough space",
      "disk full",
    ].contains { text.contains($0) }
  }

  /// A status that is no success, after all tries.
  static func status(
    _ status: Int, detail: String, _ verb: String, _ name: String, _ title: String
  ) -> VidgitError {
    let words = detail.isEmpty ? "HTTP status \(status)" : "\(detail) (HTTP status \(status))"
    let message = "cannot \(verb) '\(name)' in the store \(title): \(words)"
    if status == 507 || (verb == "write" && tellsFull(detail)) { return full(message) }
    switch status {
    case 401, 403:
      return VidgitError(
        .refused, message,
        hint:
          "check the keys and what they are allowed to do: AWS_ACCESS_KEY_ID or AWS_PROFILE for "
          + "S3, GITHUB_TOKEN for GitHub")
    case 300..<400:
      return VidgitError(
        .system, message,
        hint: "it sends elsewhere: a new bucket needs some time; else look at the store's address, "
          + "endpoint and region with `vidgit store list`")
    case 404:
      return VidgitError(.notFound, message, hint: "does the store exist? `vidgit store list`")
    case 408, 425, 429, 500...599:
      return VidgitError(
        .system, message, hint: "it may pass: run the same command again, it carries on")
    default: return VidgitError(.system, message)
    }
  }

  /// What an address must be that a store may lead to.
  static let refusedHint = "only addresses that you added with `vidgit store add` are called"

  /// No answer, after all tries.
  static func noAnswer(
    _ fault: HTTPCaller.Fault, _ verb: String, _ name: String, _ title: String
  ) -> VidgitError {
    fault.error("\(verb) '\(name)' in the store \(title)", refusedHint: refusedHint)
  }
}

/// Whether work on another thread is to stop.
final class CancellationFlag: Sendable {
  private let flag = Mutex(false)

  var value: Bool { flag.withLock { $0 } }
  func set() { flag.withLock { $0 = true } }
}
