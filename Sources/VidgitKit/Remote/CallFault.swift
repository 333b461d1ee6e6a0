/// A call to a service that brought no usable result.
struct CallFault: Error {
  /// A phrase that follows "the service": "answered 500: out of memory".
  let reason: String
  /// The service did it, or may have done it, and is paid for it.
  var isPaid = false
}
