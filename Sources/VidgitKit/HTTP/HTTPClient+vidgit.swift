import Curl

extension HTTPClient {
  /// A client that says that it is vidgit.
  ///
  /// - Parameters:
  ///   - certificates: a file in PEM of those that are trusted in place of the system's.
  ///   - parallel: transfers at once; nil leaves that to the client.
  /// - Throws: `VidgitError`.
  convenience init(certificates: String?, proxy: ProxyChoice, parallel: Int? = nil) throws {
    var configuration = Configuration(userAgent: "vidgit/1")
    configuration.certificates = certificates
    configuration.proxy = proxy
    if let parallel {
      configuration.transfers = parallel
      configuration.transfersPerHost = parallel
    }
    do {
      try self.init(configuration)
    } catch {
      throw VidgitError(.system, "cannot set up the network: \(error)", underlying: error)
    }
  }
}
