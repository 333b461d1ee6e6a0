public import VidgitModel

/// What calls to stores may use of their caller's: keys, a token, variables for rclone.
///
/// It holds for all operations of a task and those below it (`StoreAccess.$current.withValue`); where
/// there is none, nothing is fetched, and what is missing here is an error.
public struct StoreAccess: Sendable {
  @TaskLocal public static var current: StoreAccess?

  /// A key that is used where a store names no profile.
  public var key: SigV4.Credentials?
  /// The region of S3 where a store names none.
  public var region: String?
  /// Keys by their names.
  public var profiles: AWSProfiles
  /// The profile where a store names none.
  public var profile: String
  public var gitHubToken: String?
  /// The caller's environment: it names proxies, and rclone gets of it what it needs.
  public var variables: [String: String]
  /// A file of certificates in PEM that are trusted in place of the system's.
  public var certificates: String?
  /// What happens beside the main thing and is worth a word: a store that does not answer, ...
  public var note: @Sendable (String) -> Void

  /// GitHub's token among the variables of an environment, as its own program looks for it.
  public static func gitHubToken(in variables: [String: String]) -> String? {
    ["GH_TOKEN", "GITHUB_TOKEN"].compactMap { variables[$0] }.first { !$0.isEmpty }
  }

  public init(
    key: SigV4.Credentials? = nil, region: String? = nil, profiles: AWSProfiles = AWSProfiles(),
    profile: String = "default", gitHubToken: String? = nil, variables: [String: String] = [:],
    certificates: String? = nil,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.key = key
    self.region = region
    self.profiles = profiles
    self.profile = profile
    self.gitHubToken = gitHubToken
    self.variables = variables
    self.certificates = certificates
    self.note = note
  }
}
