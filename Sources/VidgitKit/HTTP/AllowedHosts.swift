import Curl

/// Hosts that the user allows to be called over HTTP and at loopback, link-local and private
/// addresses.
struct AllowedHosts: Sendable {
  private let names: Set<String>

  init(_ names: [String]) {
    self.names = Set(names.map { $0.lowercased() })
  }

  func contains(_ origin: HTTPOrigin) -> Bool {
    names.contains(origin.host) || names.contains("\(origin.host):\(origin.port)")
  }
}
