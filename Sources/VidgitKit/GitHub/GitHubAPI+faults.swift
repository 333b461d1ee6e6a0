import Curl
import Foundation
import VidgitModel

/// What goes wrong with GitHub. Where there is no answer, the words are those of every server.
extension GitHubAPI {
  /// No answer, after all tries.
  func fault(_ fault: HTTPCaller.Fault, _ deed: String) -> VidgitError {
    fault.error(deed, refusedHint: host.origin.refusedHint)
  }

  /// An answer that was not to be had, after all tries.
  func fault(_ response: HTTPResponse, _ deed: String) -> VidgitError {
    let answer = Answer(response, token: host.token)
    let words = answer.message.isEmpty ? "" : ": \(answer.message)"
    let message = "cannot \(deed): GitHub answered \(answer.status)\(words)"
    if answer.isFull { return StoreFault.full(message) }
    let now = Int64(Date().timeIntervalSince1970)
    if case .status(429, let wait) = Self.outcome(response, now: now) {
      return VidgitError(
        .system, message,
        hint: "GitHub wants a pause: run the same command again \(Self.words(wait)), it carries on")
    }
    return VidgitError(kind(answer.status), message, hint: hint(response))
  }

  private func kind(_ status: Int) -> VidgitError.Kind {
    switch status {
    case 404: .notFound
    case 409, 422: .conflict
    case 401, 403: .refused
    default: .system
    }
  }

  private func hint(_ response: HTTPResponse) -> String? {
    switch (response.status, host.token) {
    case (401, nil), (403, nil), (404, nil):
      return
        "nobody is signed in: set GH_TOKEN or GITHUB_TOKEN to a token with the scope 'repo'; "
        + "`gh auth token` prints one after `gh auth login`"
    case (401, _): return "the token is not valid any more: make a new one and set GH_TOKEN"
    case (404, _) where response.header("X-OAuth-Scopes")?.contains("repo") == true:
      return "is the name or number right, and may you see it?"
    case (403, _), (404, _):
      let scopes = response.header("X-OAuth-Scopes").map(TerminalText.escaped)
      return
        "the token may lack a right: it needs the scope 'repo'"
        + (scopes.map { ", and has '\($0)'" } ?? "")
        + ", or for fine-grained tokens Contents, Pull requests, Administration and Pages"
    case (408, _), (500...599, _): return "it may pass: run the same command again, it carries on"
    default: return nil
    }
  }

  /// "in 37 minutes"; rounded up, so that nobody comes too early.
  private static func words(_ wait: Duration?) -> String {
    guard let wait else { return "later" }
    let seconds = wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)
    if seconds < 120 { return "in \(seconds) seconds" }
    return "in \((seconds + 59) / 60) minutes"
  }
}

extension GitHubAPI.Answer {
  /// Whether a release takes no more: it may have 1,000 assets, each below 2 GiB
  /// (docs.github.com/repositories/releasing-projects-on-github/about-releases).
  fileprivate var isFull: Bool {
    guard status == 422 else { return false }
    let text = message.lowercased()
    return text.contains("file_count") || text.contains("size must be less")
  }
}
