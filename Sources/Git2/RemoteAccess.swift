import CGit2

/// What proves to a server who is asking.
public struct RemoteCredential: Hashable, Sendable {
  public let user: String
  /// A password or token.
  public let secret: String

  public init(user: String, secret: String) {
    (self.user, self.secret) = (user, secret)
  }
}

/// How far a transfer is.
public struct TransferProgress: Sendable {
  /// Objects that have gone over, and how many there are.
  public var done: Int
  public var total: Int
  public var bytes: Int
}

/// What a transfer may use, and how it is watched. Its closures are called from within the call.
public struct RemoteAccess {
  /// Asked for each way that the server takes, with the URL; nil ends the transfer.
  ///
  /// It is asked at most four times: libgit2 asks again after every refusal.
  public var credential: (_ url: String) -> RemoteCredential?
  /// Reaches git's program at the server, in place of libgit2's own sockets; nil leaves it to those.
  public var connect: ((_ service: RemoteService) throws -> any RemoteStream)?
  /// Git's setting `http.proxy`: "" is git's way to say that there is no proxy, which libgit2 does not
  /// know. It looks up others by itself, but for calls that have no repository to look into.
  public var proxy: String?
  /// Looked at as bytes come and go.
  public var isCancelled: () -> Bool
  public var progress: (TransferProgress) -> Void

  public init(
    credential: @escaping (_ url: String) -> RemoteCredential? = { _ in nil },
    connect: ((_ service: RemoteService) throws -> any RemoteStream)? = nil,
    proxy: String? = nil,
    isCancelled: @escaping () -> Bool = { false },
    progress: @escaping (TransferProgress) -> Void = { _ in }
  ) {
    self.credential = credential
    self.connect = connect
    self.proxy = proxy
    self.isCancelled = isCancelled
    self.progress = progress
  }
}

/// What libgit2's callbacks share. It lives on the stack of the call that made it.
final class RemoteSession {
  let access: RemoteAccess
  private(set) var attempts = 0
  /// References that the server did not take, with its reasons.
  private(set) var refusals: [String: String] = [:]
  static let mostAttempts = 4

  init(_ access: RemoteAccess) { self.access = access }

  /// Fills in the callbacks, whose payload is this session.
  func fill(_ callbacks: inout git_remote_callbacks) {
    callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
    if access.connect != nil { callbacks.transport = OwnTransport.make }
    callbacks.credentials = { out, url, _, allowed, payload in
      RemoteSession.of(payload).credential(out, url.map { String(cString: $0) } ?? "", allowed)
    }
    callbacks.transfer_progress = { stats, payload in
      let session = RemoteSession.of(payload)
      if let stats = stats?.pointee {
        session.access.progress(
          TransferProgress(
            done: Int(stats.received_objects), total: Int(stats.total_objects),
            bytes: stats.received_bytes))
      }
      return session.access.isCancelled() ? GIT_EUSER.rawValue : 0
    }
    callbacks.push_transfer_progress = { current, total, bytes, payload in
      let session = RemoteSession.of(payload)
      session.access.progress(
        TransferProgress(done: Int(current), total: Int(total), bytes: bytes))
      return session.access.isCancelled() ? GIT_EUSER.rawValue : 0
    }
    callbacks.push_update_reference = { name, status, payload in
      if let name, let status {
        RemoteSession.of(payload).refusals[String(cString: name)] = String(cString: status)
      }
      return 0
    }
  }

  static func of(_ payload: UnsafeMutableRawPointer?) -> RemoteSession {
    Unmanaged<RemoteSession>.fromOpaque(payload!).takeUnretainedValue()
  }

  private func credential(
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ url: String,
    _ allowed: UInt32
  ) -> Int32 {
    attempts += 1
    guard attempts <= Self.mostAttempts else { return GIT_EAUTH.rawValue }
    guard allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0,
      let given = access.credential(url)
    else { return GIT_EAUTH.rawValue }
    return git_credential_userpass_plaintext_new(out, given.user, given.secret)
  }
}
