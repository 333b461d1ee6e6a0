import Curl
import Git2
import Synchronization
import VidgitModel

/// Who the user is, for one transfer: what Git's settings put into the URL, the token of the environment
/// at GitHub, then what git's credential helpers know, each once. Nothing is told to another host than
/// the one that was asked for.
final class CredentialSession: Sendable {
  private struct State {
    var triedOwn = false
    var triedToken = false
    var filled: RemoteCredential?
    var isRefused = false
  }

  private let place: LoginURL
  private let settings: ShareSettings
  private let state = Mutex(State())

  init(_ place: LoginURL, _ settings: ShareSettings) {
    (self.place, self.settings) = (place, settings)
  }

  func credential(_ asked: String) -> RemoteCredential? {
    guard let origin = HTTPOrigin(url: place.url), HTTPOrigin(url: asked) == origin else {
      return nil
    }
    if let password = place.password, !state.withLock({ $0.triedOwn }) {
      state.withLock { $0.triedOwn = true }
      return RemoteCredential(user: place.user ?? "", secret: password)
    }
    if let token = settings.gitHub.token, HTTPOrigin(url: settings.gitHub.web) == origin,
      !state.withLock({ $0.triedToken })
    {
      state.withLock { $0.triedToken = true }
      return RemoteCredential(user: "x-access-token", secret: token)
    }
    // Asked again, the other side did not take what it was given.
    let isFirst = state.withLock { state in
      state.isRefused = state.filled != nil
      return !state.isRefused
    }
    guard isFirst else { return nil }
    let found = CredentialFinder(variables: settings.variables).fill(place.url, user: place.user)
    state.withLock { $0.filled = found }
    return found
  }

  /// Tells the helpers how it went: a transfer that failed for another reason says nothing of what
  /// they gave.
  func close(isDone: Bool) {
    let (filled, isRefused) = state.withLock { ($0.filled, $0.isRefused) }
    guard let filled, isDone || isRefused else { return }
    CredentialFinder(variables: settings.variables).report(place.url, filled, isGood: !isRefused)
  }
}
