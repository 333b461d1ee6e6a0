import Synchronization

/// Brings in parts of a file that is not all there yet.
public protocol FileGaps: AnyObject, Sendable {
  /// Returns when these bytes are in the file. Blocks the calling thread.
  func fill(_ bytes: Range<Int64>) throws
}

/// The files of this process that have gaps, by path.
///
/// A table for the whole process and not an argument of every reader, so that no way of opening such
/// a file reads its gaps as zeros.
public enum PartialFiles {
  private static let all = Mutex<[String: any FileGaps]>([:])

  /// Has `path` filled by `gaps` whenever it is read, until `unregister`.
  public static func register(_ path: String, _ gaps: any FileGaps) {
    all.withLock { $0[path] = gaps }
  }

  public static func unregister(_ path: String) { all.withLock { $0[path] = nil } }

  static func gaps(of path: String) -> (any FileGaps)? { all.withLock { $0[path] } }
}
