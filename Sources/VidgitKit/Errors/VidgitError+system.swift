import Foundation

extension VidgitError {
  /// A failed system call on `path`: `code` is its `errno`.
  static func system(_ operation: String, _ path: String, _ code: Int32 = errno) -> VidgitError {
    system("cannot \(operation) '\(path)'", code: code)
  }

  /// - Parameter message: what was tried, to which the system's words are added.
  static func system(_ message: String, code: Int32) -> VidgitError {
    let message = "\(message): \(String(cString: strerror(code)))"
    switch code {
    case ENOENT: return VidgitError(.notFound, message)
    case ENOSPC, EDQUOT:
      return VidgitError(
        .system, message, hint: "free some space and run the same command again; nothing is lost",
        underlying: POSIXErrorCode(rawValue: code).map { POSIXError($0) })
    case ENAMETOOLONG: return VidgitError(.system, message, hint: longNameHint)
    case EFBIG: return VidgitError(.system, message, hint: largestFileHint)
    default: return VidgitError(.system, message)
    }
  }

  /// Whether there was no room on a disk.
  var isDiskFull: Bool {
    [.ENOSPC, .EDQUOT].contains((underlying as? POSIXError)?.code)
  }

  static let longNameHint = "give it a shorter name: while it is made, more is added to the name"

  static let largestFileHint =
    "the disk, or the limit that `ulimit -f` tells, takes no larger file; nothing is lost"
}
