/// How far files are that are on their way somewhere.
public enum UploadWatch {
  /// Called with the number of bytes of a file that have just been handed on, by requests that the
  /// task makes, on a thread of the client's. What is sent a second time counts twice.
  @TaskLocal public static var onSent: (@Sendable (_ bytes: Int) -> Void)?
}
