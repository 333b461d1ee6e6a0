public import Testing

extension Clip {
  /// The path of the clip; where this machine cannot make it, the test is cancelled with the reason in words.
  public func orSkip(sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    do {
      return try path()
    } catch let missing as ClipUnavailable {
      try skip(missing.description, sourceLocation: sourceLocation)
    }
  }
}

/// Ends the running test without a failure and says why.
///
/// Before Swift 6.3 a running test cannot be cancelled: there the reason is thrown, and the test fails with it.
public func skip(
  _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
) throws -> Never {
  #if compiler(>=6.3)
    try Test.cancel(Comment(rawValue: reason), sourceLocation: sourceLocation)
  #else
    throw TestSupportError("skipped: \(reason)")
  #endif
}
