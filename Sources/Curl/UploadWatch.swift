/// Told how far files are that are on their way somewhere.
///
/// A value of a type with a name: Swift 6.3 makes a program crash that keeps a bare closure in a task's
/// local values and is optimised.
public struct UploadWatch: Sendable {
  /// The watch of all requests that the task makes.
  @TaskLocal public static var current: UploadWatch?

  /// Called with the number of bytes of a file that have just been handed on, on a thread of the
  /// client's. What is sent a second time counts twice.
  public let onSent: @Sendable (_ bytes: Int) -> Void

  public init(_ onSent: @escaping @Sendable (_ bytes: Int) -> Void) { self.onSent = onSent }
}
