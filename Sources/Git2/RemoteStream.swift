import CGit2

/// The program of git that is reached at a server.
public enum RemoteService: String, Sendable {
  case uploadPack = "git-upload-pack"
  case receivePack = "git-receive-pack"
}

/// A connection to git's program at a server. One thread uses it.
public protocol RemoteStream: AnyObject {
  /// - Returns: the bytes that came, at least one; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
  /// Sends all of it.
  func write(_ bytes: UnsafeRawBufferPointer) throws
  /// Called once, and last.
  func close()
}

/// libgit2's smart protocol over the streams of `RemoteAccess.connect` (git2/sys/transport.h).
///
/// What a stream throws becomes libgit2's message; libgit2's own error for the call is `GIT_ERROR`.
enum OwnTransport {
  /// The `transport` of `git_remote_callbacks`, whose payload is a `RemoteSession`.
  static let make: git_transport_cb = { out, owner, payload in
    // Not rpc: one connection for the references and for what follows.
    var definition = git_smart_subtransport_definition(
      callback: OwnTransport.subtransport, rpc: 0, param: payload)
    return git_transport_smart(out, owner, &definition)
  }

  private static let subtransport: git_smart_subtransport_cb = { out, _, session in
    let made = UnsafeMutablePointer<cgit2_subtransport>.allocate(capacity: 1)
    made.initialize(to: cgit2_subtransport())
    made.pointee.session = session
    made.pointee.parent.action = OwnTransport.action
    made.pointee.parent.close = { _ in 0 }
    made.pointee.parent.free = { OwnTransport.own($0)?.deallocate() }
    out?.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(
      to: git_smart_subtransport.self)
    return 0
  }

  private typealias Action =
    @convention(c) (
      UnsafeMutablePointer<UnsafeMutablePointer<git_smart_subtransport_stream>?>?,
      UnsafeMutablePointer<git_smart_subtransport>?, UnsafePointer<CChar>?, git_smart_service_t
    ) -> Int32

  private static let action: Action = { out, transport, _, action in
    guard let own = OwnTransport.own(transport) else { return GIT_ERROR.rawValue }
    let service: RemoteService
    switch action {
    case GIT_SERVICE_UPLOADPACK_LS: service = .uploadPack
    case GIT_SERVICE_RECEIVEPACK_LS: service = .receivePack
    default:
      // What follows the references goes over the same connection.
      out?.pointee = own.pointee.stream
      return own.pointee.stream == nil ? GIT_ERROR.rawValue : 0
    }
    return OwnTransport.reporting {
      guard let connect = RemoteSession.of(own.pointee.session).access.connect else {
        throw Git2Error(GIT_ERROR, "reach a server", "there is nothing to connect with")
      }
      let stream = OwnTransport.wrap(try connect(service), of: own)
      own.pointee.stream = stream
      out?.pointee = stream
    }
  }

  private static func wrap(
    _ stream: any RemoteStream, of transport: UnsafeMutablePointer<cgit2_subtransport>
  ) -> UnsafeMutablePointer<git_smart_subtransport_stream> {
    let made = UnsafeMutablePointer<cgit2_stream>.allocate(capacity: 1)
    made.initialize(to: cgit2_stream())
    made.pointee.stream = Unmanaged.passRetained(Box(stream)).toOpaque()
    made.pointee.parent.subtransport = UnsafeMutableRawPointer(transport).assumingMemoryBound(
      to: git_smart_subtransport.self)
    made.pointee.parent.read = { stream, bytes, size, count in
      OwnTransport.reporting {
        let room = UnsafeMutableRawBufferPointer(start: bytes, count: size)
        count?.pointee = try OwnTransport.box(stream).stream.read(into: room)
      }
    }
    made.pointee.parent.write = { stream, bytes, size in
      OwnTransport.reporting {
        try OwnTransport.box(stream).stream.write(UnsafeRawBufferPointer(start: bytes, count: size))
      }
    }
    made.pointee.parent.free = { stream in
      guard let stream else { return }
      OwnTransport.own(stream.pointee.subtransport)?.pointee.stream = nil
      let own = OwnTransport.own(stream)
      let box = Unmanaged<Box>.fromOpaque(own.pointee.stream)
      box.takeUnretainedValue().stream.close()
      box.release()
      own.deallocate()
    }
    return UnsafeMutableRawPointer(made).assumingMemoryBound(
      to: git_smart_subtransport_stream.self)
  }

  private final class Box {
    let stream: any RemoteStream
    init(_ stream: any RemoteStream) { self.stream = stream }
  }

  private static func own(
    _ transport: UnsafeMutablePointer<git_smart_subtransport>?
  ) -> UnsafeMutablePointer<cgit2_subtransport>? {
    transport.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: cgit2_subtransport.self) }
  }

  private static func own(
    _ stream: UnsafeMutablePointer<git_smart_subtransport_stream>
  ) -> UnsafeMutablePointer<cgit2_stream> {
    UnsafeMutableRawPointer(stream).assumingMemoryBound(to: cgit2_stream.self)
  }

  private static func box(
    _ stream: UnsafeMutablePointer<git_smart_subtransport_stream>?
  ) throws -> Box {
    guard let stream else { throw Git2Error(GIT_ERROR, "reach a server", "there is no stream") }
    return Unmanaged<Box>.fromOpaque(own(stream).pointee.stream).takeUnretainedValue()
  }

  /// Hands an error on as libgit2 has them.
  private static func reporting(_ body: () throws -> Void) -> Int32 {
    do {
      try body()
      return 0
    } catch {
      git_error_set_str(Int32(GIT_ERROR_SSH.rawValue), "\(error)")
      return GIT_ERROR.rawValue
    }
  }
}
