import Foundation
import VidgitKit
import VidgitModel

/// What the user's environment and AWS's files give to calls of stores.
enum StoreSecrets {
  /// The keys, the token and the rest, as the usual tools look for them.
  static func access() -> StoreAccess {
    let environment = ProcessInfo.processInfo.environment
    func value(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    let home = value("HOME") ?? ""
    let profiles = AWSProfiles(
      credentials: text(value("AWS_SHARED_CREDENTIALS_FILE") ?? home + "/.aws/credentials"),
      config: text(value("AWS_CONFIG_FILE") ?? home + "/.aws/config"))
    var key: SigV4.Credentials?
    if let access = value("AWS_ACCESS_KEY_ID"), let secret = value("AWS_SECRET_ACCESS_KEY") {
      key = SigV4.Credentials(
        accessKey: access, secretKey: secret, sessionToken: value("AWS_SESSION_TOKEN"))
    }
    return StoreAccess(
      key: key, region: value("AWS_REGION", "AWS_DEFAULT_REGION"), profiles: profiles,
      profile: value("AWS_PROFILE", "AWS_DEFAULT_PROFILE") ?? "default",
      gitHubToken: StoreAccess.gitHubToken(in: environment), variables: environment,
      certificates: value("SSL_CERT_FILE")
    ) { Report.note("note: \(TerminalText.escaped($0))") }
  }

  private static let longestFile = 1 << 20

  /// Empty where there is no such file.
  private static func text(_ path: String) -> String {
    guard path.hasPrefix("/"), let file = FileHandle(forReadingAtPath: path),
      let data = try? file.read(upToCount: longestFile)
    else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
