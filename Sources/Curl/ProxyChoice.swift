/// Which proxy a request goes through, by the rules of curl(1) for its environment.
///
/// `https_proxy`, `http_proxy` and `all_proxy` name proxies; `no_proxy` names hosts that need none: a list
/// with commas of names, which stand for all below them too, of addresses, and of ranges such as
/// "10.0.0.0/8"; "*" is all hosts.
public struct ProxyChoice: Sendable, Hashable {
  private let encrypted: String?
  private let plain: String?
  private let exceptions: [String]

  /// No proxy at all.
  public static let none = ProxyChoice(variables: [:])

  /// - Parameter variables: the caller's environment; what is empty is not set.
  public init(variables: [String: String]) {
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }
    encrypted = value("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    // Not HTTP_PROXY: a web server sets that from a request's header.
    plain = value("http_proxy", "all_proxy", "ALL_PROXY")
    exceptions = (value("no_proxy", "NO_PROXY") ?? "").split { $0 == "," || $0 == " " }
      .map { $0.lowercased() }
  }

  /// "http://host:port", or nil for a direct connection.
  public func proxy(for origin: HTTPOrigin) -> String? {
    guard let proxy = origin.scheme == "https" ? encrypted : plain else { return nil }
    let address = NetworkAddress(origin.host)
    let isExcepted = exceptions.contains { entry in
      entry == "*" || (address.map { $0.isNamed(by: entry) } ?? origin.isNamed(by: entry))
    }
    return isExcepted ? nil : proxy
  }
}

extension HTTPOrigin {
  /// A name, with or without a dot before it, means itself and all below it.
  fileprivate func isNamed(by entry: String) -> Bool {
    var name = entry[...]
    if name.hasSuffix(".") { name = name.dropLast() }
    if name.hasPrefix(".") { name = name.dropFirst() }
    return !name.isEmpty && (host == name || host.hasSuffix("." + name))
  }
}

extension NetworkAddress {
  /// An address means itself, or with "/bits" all that begin as it does; no bits are all of them.
  fileprivate func isNamed(by entry: String) -> Bool {
    let parts = entry.split(separator: "/", maxSplits: 1)
    guard let first = parts.first, let range = NetworkAddress(String(first)) else { return false }
    let asked = parts.count == 2 ? Int(parts[1]) ?? -1 : 0
    return isWithin(range, bits: asked == 0 ? range.bytes.count * 8 : asked)
  }
}
