import Curl
import VidgitModel

extension HTTPCaller.Fault {
  /// No answer, after all tries, in one set of words for all servers.
  ///
  /// - Parameters:
  ///   - deed: what was tried: "write 'media/9f..' in the store 'studio' (s3://films)".
  ///   - refusedHint: how an address comes to be allowed that may not be called.
  func error(_ deed: String, refusedHint: String) -> VidgitError {
    switch self {
    case .isDown:
      return VidgitError(
        .system, "cannot \(deed): too many calls in a row failed there",
        hint: "run the same command again when it is back, it carries on")
    case .noAnswer(let error):
      // What failed at this end speaks for itself.
      if let own = error.underlying as? VidgitError { return own }
      if let own = error.underlying as? SystemError {
        return VidgitError.system("cannot \(deed): cannot \(own.operation)", code: own.code)
      }
      return Self.error(error, "cannot \(deed): \(error.message)", refusedHint)
    }
  }

  private static func error(
    _ error: HTTPError, _ message: String, _ refusedHint: String
  ) -> VidgitError {
    switch error.kind {
    case .refused: VidgitError(.refused, message, hint: refusedHint, underlying: error)
    case .tls:
      VidgitError(
        .refused, message,
        hint: "its certificate is not trusted here; your own authority: git config vidgit.caBundle "
          + "FILE", underlying: error)
    default:
      VidgitError(
        .system, message, hint: "check the network and run the same command again, it carries on",
        underlying: error)
    }
  }
}
