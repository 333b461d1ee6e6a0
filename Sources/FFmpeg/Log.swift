import CFFmpegLog

/// The libraries' log: kept by thread for error messages, never printed.
enum Log {
  private static let installed: Void = vg_log_install()

  /// Forgets what the calling thread has logged. Call it before the operation whose words matter.
  static func clear() {
    _ = installed
    vg_log_clear()
  }

  /// The last line of level error that the calling thread has logged since `clear()`, if any.
  static var last: String? {
    let text = String(cString: vg_log_last())
    return text.isEmpty ? nil : text
  }
}
