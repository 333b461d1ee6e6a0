/// Where a request would go: scheme, host and port.
public struct HTTPOrigin: Sendable, Hashable, CustomStringConvertible {
  /// "https" or "http".
  public let scheme: String
  /// In lower case, without a dot at the end; an IPv6 address in brackets.
  public let host: String
  public let port: Int

  public init(scheme: String, host: String, port: Int) {
    self.scheme = scheme.lowercased()
    let host = host.lowercased()
    self.host = host.count > 1 && host.hasSuffix(".") ? String(host.dropLast()) : host
    self.port = port
  }

  public var description: String {
    let isUsual = port == (scheme == "https" ? 443 : 80)
    return "\(scheme)://\(host)" + (isUsual ? "" : ":\(port)")
  }
}

/// Which hosts a request may reach, redirects included.
///
/// It is asked anew for every hop. Whatever it says, only HTTPS and HTTP are spoken.
public struct HTTPAccess: Sendable {
  /// What is allowed at a host.
  public enum Permission: Sendable, Hashable {
    /// Nothing.
    case refused
    /// HTTPS, at an address of the public internet.
    case encrypted
    /// Anything the user asked for: HTTP too, and loopback, link-local and private addresses.
    case any
    /// As said for each.
    case custom(plainHTTP: Bool, privateAddresses: Bool)

    var allowsPlainHTTP: Bool {
      switch self {
      case .refused, .encrypted: false
      case .any: true
      case .custom(let plainHTTP, _): plainHTTP
      }
    }

    var allowsPrivateAddresses: Bool {
      switch self {
      case .refused, .encrypted: false
      case .any: true
      case .custom(_, let privateAddresses): privateAddresses
      }
    }
  }

  let permission: @Sendable (HTTPOrigin) -> Permission

  public init(_ permission: @escaping @Sendable (HTTPOrigin) -> Permission) {
    self.permission = permission
  }

  /// Any host of the public internet, over HTTPS.
  public static let publicHosts = HTTPAccess { _ in .encrypted }

  /// Only these hosts, over HTTPS at public addresses; those of `anyAddress` also over HTTP and at
  /// private ones. Names are compared without regard to case.
  public static func hosts(_ names: Set<String>, anyAddress: Set<String> = []) -> HTTPAccess {
    let names = Set(names.map { $0.lowercased() })
    let anyAddress = Set(anyAddress.map { $0.lowercased() })
    return HTTPAccess { origin in
      if anyAddress.contains(origin.host) { return .any }
      return names.contains(origin.host) ? .encrypted : .refused
    }
  }
}

extension HTTPOrigin {
  /// Where a URL leads, as libcurl itself reads it; nil for what is no absolute URL of HTTPS or HTTP.
  public init?(url: String) {
    guard let target = try? Target(url, .invalidRequest) else { return nil }
    self = target.origin
  }
}
