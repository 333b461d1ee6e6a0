import CCurl
import Foundation

// What libcurl calls while a transfer runs, each on the client's thread.
extension Transfer {
  /// Bytes of all headers of an answer.
  private static let headerLimit = 128 << 10

  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer {
    Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
  }

  static let onHeader: curl_write_callback = { bytes, size, count, context in
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Transfer.of(context).takeHeader(line) ? line.count : 0
  }

  static let onBody: curl_write_callback = { bytes, size, count, context in
    let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Transfer.of(context).takeBody(piece) ? piece.count : 0
  }

  static let onRead: curl_read_callback = { bytes, size, count, context in
    let room = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return Transfer.of(context).giveBody(room) ?? Int(CURL_READFUNC_ABORT)
  }

  /// libcurl writes a request again where a connection that it kept turns out to be dead. It cannot
  /// know whether the server has done it, so that only what may be repeated is.
  static let onSeek: curl_seek_callback = { context, offset, origin in
    let transfer = Transfer.of(context)
    guard transfer.request.maySendAgain, origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
    transfer.bodyOffset = Int64(offset)
    return CURL_SEEKFUNC_OK
  }

  static let onOpenSocket: curl_opensocket_callback = { context, _, address in
    guard let address else { return ccurl_bad_socket() }
    let transfer = Transfer.of(context)
    // With a proxy this is the proxy's address, which the user has named.
    if transfer.proxy == nil, !transfer.permission.allowsPrivateAddresses {
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = ccurl_address_bytes(address, &bytes)
      guard let found = NetworkAddress(bytes: Array(bytes.prefix(Int(count)))),
        transfer.allows(found)
      else { return ccurl_bad_socket() }
    }
    return ccurl_open_socket(address)
  }

  /// After the connection was made, or an old one taken, and before the request is written.
  static let onBeforeRequest: curl_prereq_callback = { context, peer, _, _, _ in
    let transfer = Transfer.of(context)
    // An old connection may have been made under another permission.
    if transfer.proxy == nil, !transfer.permission.allowsPrivateAddresses {
      guard let peer, let found = NetworkAddress(String(cString: peer)), transfer.allows(found)
      else { return CURL_PREREQFUNC_ABORT }
    }
    if transfer.timesSent > 0, !transfer.request.maySendAgain {
      transfer.fail(.connectionLost, "the connection ended before the answer")
      return CURL_PREREQFUNC_ABORT
    }
    transfer.timesSent += 1
    // The name had another address, which was refused: that is over.
    transfer.failure = nil
    return CURL_PREREQFUNC_OK
  }

  private func allows(_ address: NetworkAddress) -> Bool {
    guard let restriction = address.restriction else { return true }
    fail(
      .refused,
      "'\(target.origin.host)' has the address \(address) (\(restriction)), which is not allowed")
    return false
  }

  private func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= Self.headerLimit else {
      fail(.tooLarge, "the headers of the answer are over \(Self.headerLimit >> 10) KiB")
      return false
    }
    let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    if text.hasPrefix("HTTP/") {
      // A new answer: the ones before were interim.
      let words = text.split(separator: " ")
      version = String(words[0].dropFirst(5))
      status = words.count > 1 ? Int(words[1]) ?? 0 : 0
      headers = []
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers.append(HTTPHeader(received: String(text[..<colon]), value))
    }
    return true
  }

  private func takeBody(_ piece: UnsafeRawBufferPointer) -> Bool {
    guard request.sink.takes(status) else {
      let room = HTTPSink.errorLimit - body.count
      body.append(contentsOf: piece.prefix(room))
      bodyLength += Int64(piece.count)
      if piece.count > room { isBodyCut = true }
      return !isBodyCut
    }
    let limit = request.sink.limit
    // What the server announces is known before the first byte is taken.
    let announced = easy.map { Int64(ccurl_get_size($0, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)) } ?? 0
    bodyLength += Int64(piece.count)
    guard bodyLength <= limit, announced <= limit else {
      fail(.tooLarge, "the answer is over \(limit) bytes")
      return false
    }
    guard let take = request.sink.take else {
      body.append(contentsOf: piece)
      return true
    }
    do {
      try take(piece)
      return true
    } catch {
      fail(.body, "the answer cannot be taken: \(error)", underlying: error)
      return false
    }
  }

  /// Fills `room`; nil where the body cannot be read.
  private func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int? {
    let count = Int(min(Int64(room.count), request.body.length - bodyOffset))
    guard count > 0 else { return 0 }
    var given = count
    switch request.body {
    case .none: return 0
    case .bytes(let bytes):
      bytes.withUnsafeBytes {
        room.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[Int(bodyOffset)...].prefix(count)))
      }
    case .file(let descriptor, let offset, _):
      repeat {
        given = pread(descriptor, room.baseAddress, count, off_t(offset + bodyOffset))
      } while given < 0 && errno == EINTR
      guard given > 0 else {
        let error = given < 0 ? SystemError(code: errno, operation: "read what is to be sent") : nil
        fail(.body, error?.description ?? "the file to be sent is too short", underlying: error)
        return nil
      }
      uploadWatch?.onSent(given)
    }
    bodyOffset += Int64(given)
    return given
  }
}
