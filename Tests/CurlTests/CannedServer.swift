import Foundation
import TestSupport

/// A socket on loopback that answers every connection with the same bytes, or with none at all.
final class CannedServer: @unchecked Sendable {
  // Set up by `init`; the thread has its own copies.
  private let listener: Int32
  let port: Int

  /// - Parameter answer: what is sent after the request's head; nil says nothing and keeps the
  ///   connection open.
  init(_ answer: [UInt8]?) throws {
    #if canImport(Darwin)
      let listener = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard bound else { throw TestSupportError("cannot listen on loopback") }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let answer else { continue }
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]), read(connection, &byte, 1) == 1 {
          head.append(byte)
        }
        var rest = answer[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
          guard count > 0 else { break }
          rest = rest.dropFirst(count)
        }
        close(connection)
      }
    }
  }

  convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }
}
