import Foundation

extension NetworkAddress: CustomStringConvertible {
  /// Reads what a URL or libcurl writes: "192.0.2.1", "2001:db8::1", "[2001:db8::1]", a zone after it
  /// ("fe80::1%eth0"). Nil for a name.
  public init?(_ text: String) {
    var text = text[...]
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    let address = String(text.prefix { $0 != "%" })
    var version4 = in_addr()
    if inet_pton(AF_INET, address, &version4) == 1 {
      self.init(bytes: withUnsafeBytes(of: &version4) { Array($0) })
      return
    }
    var version6 = in6_addr()
    guard inet_pton(AF_INET6, address, &version6) == 1 else { return nil }
    self.init(bytes: withUnsafeBytes(of: &version6) { Array($0) })
  }

  /// "192.0.2.1" or "2001:db8::1".
  public var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
