import CFFmpeg

/// An error of FFmpeg's libraries, with the operation that failed.
public struct FFmpegError: Error, Sendable, Equatable {
  /// An `AVERROR` code: negative.
  public let code: Int32
  /// What was being done, as a phrase that follows "cannot": "open 'falls.mp4'".
  public let operation: String
  /// The library's text for the code.
  public let message: String
  /// What the library logged while it failed, if anything.
  public let detail: String?

  public init(code: Int32, operation: String, detail: String? = nil) {
    self.code = code
    self.operation = operation
    self.message = Self.text(for: code)
    self.detail = detail
  }

  /// An error that the wrapper itself found.
  public init(invalid operation: String, detail: String) {
    self.init(code: vg_AVERROR_INVALIDDATA, operation: operation, detail: detail)
  }

  public static let endOfFile = vg_AVERROR_EOF
  public static let invalidData = vg_AVERROR_INVALIDDATA
  public static let tryAgain = vg_averror(EAGAIN)

  private static func text(for code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      av_strerror(code, buffer.baseAddress, buffer.count)
      return String(cString: buffer.baseAddress!)
    }
  }
}

extension FFmpegError: CustomStringConvertible {
  public var description: String {
    "cannot \(operation): \(message)" + (detail.map { " (\($0))" } ?? "")
  }
}

/// Runs a C call and turns a negative result into an error that carries the library's own words.
@discardableResult
func check(_ operation: @autoclosure () -> String, _ call: () -> Int32) throws(FFmpegError) -> Int32
{
  Log.clear()
  let result = call()
  guard result < 0 else { return result }
  throw FFmpegError(code: result, operation: operation(), detail: Log.last)
}

/// Unwraps what a C allocator returned.
func allocated<T>(_ operation: String, _ pointer: T?) throws(FFmpegError) -> T {
  guard let pointer else { throw FFmpegError(code: vg_averror(ENOMEM), operation: operation) }
  return pointer
}

extension FFmpegError {
  /// What the library said while it failed, or else its text for the code.
  public var words: String { detail ?? message }
}
