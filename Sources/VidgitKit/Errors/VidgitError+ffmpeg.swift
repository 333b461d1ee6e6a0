import FFmpeg
import Foundation

extension VidgitError {
  /// What a failure of FFmpeg's libraries means to a person.
  ///
  /// - Parameter hint: what to do where the data itself is at fault.
  init(_ error: FFmpegError, hint: String? = nil) {
    let message = "cannot \(error.operation): \(error.words)"
    switch -error.code {
    case ENOENT:
      self.init(
        .notFound, message, hint: "look at the path; a name with spaces needs quotes",
        underlying: error)
    case EACCES, EPERM, EISDIR:
      self.init(.badInput, message, hint: "check the file's permissions", underlying: error)
    case ENOSPC, EDQUOT:
      self.init(
        .system, message, hint: "free some space and run the same command again; nothing is lost",
        underlying: error)
    case ENAMETOOLONG:
      self.init(.system, message, hint: Self.longNameHint, underlying: error)
    case EFBIG: self.init(.system, message, hint: Self.largestFileHint, underlying: error)
    case EIO, EROFS, EMFILE, ENFILE, ENOMEM:
      self.init(.system, message, underlying: error)
    default:
      self.init(.badInput, message, hint: hint, underlying: error)
    }
  }

  /// Runs `body` and turns an error of FFmpeg's libraries into one for a person.
  static func reading<T>(hint: String? = nil, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as FFmpegError {
      throw VidgitError(error, hint: hint)
    }
  }
}
