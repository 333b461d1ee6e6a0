/// A call to a service that brought no usable result.
struct CallFault: Error {
  /// A phrase that follows "the service": "answered 500: out of memory".
  let reason: String
  /// The service did it, or may have done it, and is paid for it.
  var isPaid = false
  /// It is the way to the service that failed, at either end: the same request may bring the result
  /// at another time.
  var mayPass = false
  /// The result of an earlier call is where it was no longer, and may be asked for anew.
  var isGone = false
}

/// The pass ends before a request was answered.
struct CallStop: Error {
  /// What the pass ends with.
  let error: any Error
  /// The service may have done it, and is paid for it.
  let isPaid: Bool
}
