import Foundation

extension VidgitError {
  /// A failed system call on `path`: `code` is its `errno`.
  static func system(_ operation: String, _ path: String, _ code: Int32 = errno) -> VidgitError {
    let message = "cannot \(operation) '\(path)': \(String(cString: strerror(code)))"
    switch code {
    case ENOENT: return VidgitError(.notFound, message)
    case ENOSPC, EDQUOT:
      return VidgitError(
        .system, message, hint: "free some space and run the same command again; nothing is lost")
    default: return VidgitError(.system, message)
    }
  }
}
