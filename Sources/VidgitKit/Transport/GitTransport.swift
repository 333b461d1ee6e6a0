import Curl
import Foundation
import Git2
import Synchronization
import VidgitModel

/// Moves commits to and from a Git repository elsewhere, through libgit2.
///
/// libgit2's sockets have no time limits: its calls run on threads of their own, which are left
/// behind where nothing has moved for too long.
struct GitTransport: Sendable {
  /// As git keeps it.
  let url: String
  let settings: ShareSettings
  private let fetchPlace: LoginURL
  private let pushPlace: LoginURL

  /// Seconds without a byte, after which a transfer is given up.
  private static let patience = 120.0

  /// - Parameter text: the address as it was written, where somebody has.
  init(_ address: RepositoryAddress, as text: String? = nil, _ settings: ShareSettings) throws {
    url = try settings.gitURL(address, as: text)
    fetchPlace = try settings.transferURL(url, pushing: false)
    pushPlace = try settings.transferURL(url, pushing: true)
    self.settings = settings
  }

  /// The branches there, and the one that HEAD is on.
  func branches() async throws -> (branches: [(name: String, commit: ObjectID)], head: String?) {
    try await watched("read", fetchPlace, { _ in }) { [url = fetchPlace.url] access in
      let found = try VidgitError.transfer { try remoteReferences(at: url, access) }
      let prefix = "refs/heads/"
      return (
        found.references.filter { $0.name.hasPrefix(prefix) }.map {
          (String($0.name.dropFirst(prefix.count)), $0.id)
        },
        found.head.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
      )
    }
  }

  /// Fetches into references of the repository at `path`.
  func fetch(
    into path: String, _ refspecs: [String], _ progress: @escaping ProgressHandler
  ) async throws {
    try await watched("fetch", fetchPlace, progress) { [url = fetchPlace.url] access in
      try VidgitError.transfer {
        let repository = try Repository(at: path, discover: false, allowBare: true)
        try repository.fetch(from: url, refspecs, log: "vidgit fetch", access)
      }
    }
  }

  /// Pushes references of the repository at `path`.
  ///
  /// - Returns: the bytes that went over.
  /// - Throws: `VidgitError`: conflict for a branch that has gone elsewhere there.
  @discardableResult
  func push(
    from path: String, _ refspecs: [String], _ progress: @escaping ProgressHandler
  ) async throws -> Int {
    try await watched("push", pushPlace, progress) { [url = pushPlace.url] access in
      let bytes = Mutex(0)
      var access = access
      let report = access.progress
      access.progress = { now in
        bytes.withLock { $0 = max($0, now.bytes) }
        report(now)
      }
      let refusals = try VidgitError.transfer {
        let repository = try Repository(at: path, discover: false, allowBare: true)
        return try repository.push(to: url, refspecs, access)
      }
      if let (name, reason) = refusals.min(by: { $0.key < $1.key }) {
        let branch = TerminalText.escaped(name.replacing("refs/heads/", with: ""))
        throw VidgitError(
          .conflict,
          "the branch '\(branch)' was not taken by '\(Self.shown(url))': "
            + TerminalText.escaped(reason),
          hint: "fetch and merge what is there: `git fetch`, `vidgit merge origin/\(branch)`")
      }
      return bytes.withLock { $0 }
    }
  }

  /// For people: the values of a query may be secrets.
  private static func shown(_ url: String) -> String {
    TerminalText.escaped(HTTPOrigin(url: url) == nil ? url : Redaction.url(url))
  }

  // MARK: Threads

  private final class Watch: Sendable {
    let state = Mutex((last: ContinuousClock.now, isCancelled: false, isOver: false))
  }

  /// Runs a transfer on a thread of its own.
  private func watched<T: Sendable>(
    _ deed: String, _ place: LoginURL, _ progress: @escaping ProgressHandler,
    _ body: @escaping @Sendable (RemoteAccess) throws -> T
  ) async throws -> T {
    if let certificates = settings.certificates {
      try VidgitError.git { try trustCertificates(file: certificates) }
    }
    let watch = Watch()
    let session = CredentialSession(place, settings)
    let ssh = SSHAddress(place.url).map {
      SSHSession($0, command: settings.sshCommand, variables: settings.variables)
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        @Sendable func finish(_ result: Result<T, any Error>) {
          let isFirst = watch.state.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
          }
          if isFirst, case .failure = result { ssh?.stop() }
          if isFirst { continuation.resume(with: result) }
        }
        let worker = Thread {
          let access = RemoteAccess(
            credential: { session.credential($0) },
            connect: ssh.map { ssh in
              { service in
                try ssh.open(service) { watch.state.withLock { $0.last = .now } }
              }
            },
            proxy: settings.proxy,
            isCancelled: { watch.state.withLock { $0.isCancelled } },
            progress: { now in
              watch.state.withLock { $0.last = .now }
              progress(
                OperationProgress(
                  phase: deed, done: now.done, total: now.total, unit: "objects"))
            })
          let result = Result { try body(access) }.mapError { error in
            // A branch that was not taken is the answer, however the connection ended after it.
            if (error as? VidgitError)?.kind == .conflict { return error }
            return ssh?.failure as (any Error)? ?? error
          }
          session.close(isDone: (try? result.get()) != nil)
          finish(result)
        }
        worker.stackSize = 4 << 20
        worker.start()
        let guardian = Thread {
          while true {
            Thread.sleep(forTimeInterval: 0.2)
            let (last, isCancelled, isOver) = watch.state.withLock { $0 }
            if isOver { return }
            if isCancelled { return finish(.failure(CancellationError())) }
            guard ContinuousClock.now - last > .seconds(Self.patience) else { continue }
            watch.state.withLock { $0.isCancelled = true }
            return finish(
              .failure(
                VidgitError(
                  .system,
                  "'\(Self.shown(place.url))' has sent nothing for \(Int(Self.patience)) s",
                  hint: "look at the network, and run the same command again")))
          }
        }
        guardian.start()
      }
    } onCancel: {
      watch.state.withLock { $0.isCancelled = true }
    }
  }
}

extension VidgitError {
  /// A transfer's failures, for people.
  static func transfer<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as Git2Error {
      if error.isCancelled { throw CancellationError() }
      let kind: Kind
      let hint: String?
      if error.isNonFastForward {
        (kind, hint) = (
          .conflict,
          "there are commits that you do not have: fetch and merge them, `git fetch` and "
            + "`vidgit merge origin/BRANCH`"
        )
      } else if error.isAuthentication || error.message.contains("401") {
        (kind, hint) = (
          .refused,
          "set GH_TOKEN for GitHub, or teach git who you are there: `git credential`"
        )
      } else if error.isCertificate {
        (kind, hint) = (
          .refused, "a private root is trusted with git config vidgit.caBundle FILE"
        )
      } else if error.isNotFound || error.message.contains("404")
        || error.message.contains("could not find repository")
      {
        (kind, hint) = (.notFound, "is the address right, and may you see it?")
      } else {
        (kind, hint) = (.system, "look at the network, and run the same command again")
      }
      throw VidgitError(
        kind, TerminalText.escaped(Redaction().text("\(error)")), hint: hint, underlying: error)
    }
  }
}
