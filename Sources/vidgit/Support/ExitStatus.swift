import VidgitKit

/// The one table of exit statuses.
enum ExitStatus {
  static let success: Int32 = 0
  /// `verify` found a fault.
  static let fault: Int32 = 1
  static let usage: Int32 = 2
  static let interrupted: Int32 = 130

  static func of(_ kind: VidgitError.Kind) -> Int32 {
    switch kind {
    case .usage: usage
    case .badInput: 3
    case .notFound: 4
    case .conflict: 5
    case .verification: 6
    case .system: 7
    case .refused: 8
    }
  }
}
