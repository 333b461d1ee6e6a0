import CGit2

/// What proves to a server who is asking.
public enum RemoteCredential: Sendable {
  /// A name, and a password or token.
  case password(user: String, secret: String)
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
  /// Asked for each way that the server takes, with the URL and the user that it names; nil ends the
  /// transfer.
  ///
  /// It is asked at most three times: libgit2 asks again after every refusal.
  public var credential: (_ url: String, _ user: String?) -> RemoteCredential?
  /// Reaches git's program at the server, in place of libgit2's own sockets; nil leaves it to those.
  public var connect: ((_ service: RemoteService) throws -> any RemoteStream)?
  /// Looked at as bytes come and go.
  public var isCancelled: () -> Bool
  public var progress: (TransferProgress) -> Void

  public init(
    credential: @escaping (_ url: String, _ user: String?) -> RemoteCredential? = { _, _ in nil },
    connect: ((_ service: RemoteService) throws -> any RemoteStream)? = nil,
    isCancelled: @escaping () -> Bool = { false },
    progress: @escaping (TransferProgress) -> Void = { _ in }
  ) {
    self.credential = credential
    self.connect = connect
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
  static let mostAttempts = 3

  init(_ access: RemoteAccess) { self.access = access }

  /// Fills in the callbacks, whose payload is this session.
  func fill(_ callbacks: inout git_remote_callbacks) {
    callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
    if access.connect != nil { callbacks.transport = OwnTransport.make }
    callbacks.credentials = { out, url, user, allowed, payload in
      RemoteSession.of(payload).credential(
        out, url.map { String(cString: $0) } ?? "", user.map { String(cString: $0) }, allowed)
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
    _ user: String?, _ allowed: UInt32
  ) -> Int32 {
    attempts += 1
    guard attempts <= Self.mostAttempts else { return GIT_EAUTH.rawValue }
    switch access.credential(url, user) {
    case .password(let user, let secret)?
    where allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0:
      return git_credential_userpass_plaintext_new(out, user, secret)
    default: return GIT_EAUTH.rawValue
    }
  }
}
