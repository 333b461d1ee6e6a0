public import VidgitModel

/// What a command recipe would do here: all that there is to see before it is trusted.
public struct CommandSummary: Sendable {
  public struct File: Sendable {
    public let path: String
    public let digest: Digest
    /// "present", "missing" or "different".
    public let state: String
  }

  public let id: String
  /// The program and its arguments, word by word.
  public let argv: [String]
  /// The same as one would type it.
  public let text: String
  /// The absolute path of the program; nil where it is not here.
  public let program: String?
  /// The absolute path of the folder where it runs.
  public let folder: String
  /// What it gets of the environment.
  public let variables: [String]
  public let files: [File]
  /// How pictures go to it: "files", "png-stream" or "y4m".
  public let transfer: CommandRecipe.Transfer
  /// Seconds that one frame may take.
  public let timeout: Int
  public let isTrusted: Bool
}

/// What goes to one place of a service.
public struct ServiceFlow: Sendable {
  /// "https://api.example.com", or a host that the recipe names beside: "cdn.example.com".
  public let place: String
  /// What is sent and asked there, in words.
  public let payload: [String]
  /// Header by header, with `$ENV:NAME` where a variable's value is sent.
  public let headers: [(name: String, value: String)]
}

/// What a recipe for a service would call and send: all that there is to see before it is trusted.
public struct ServiceSummary: Sendable {
  public let id: String
  /// "POST https://api.example.com/v1/style"
  public let text: String
  /// The hosts that it may reach: those of its own addresses, and those that it names beside.
  public let hosts: [String]
  /// What goes where.
  public let flows: [ServiceFlow]
  /// Where the service is told that pictures lie: "s3://bucket/$FILE"; nil without an exchange.
  public let exchange: String?
  /// Header by header, with `$ENV:NAME` where a variable's value is sent.
  public let headers: [(name: String, value: String)]
  /// The names of the variables whose values are sent.
  public let secrets: [String]
  /// What a call holds, as it stands in the recipe.
  public let body: String
  /// How pictures are sent: "PNG bytes", "a JPEG data URL", ...
  public let pictures: String
  /// Pictures in one call.
  public let batch: Int
  public let price: HTTPRecipe.Price?
  public let isTrusted: Bool
}

/// What a recipe would do.
public enum TrustSummary: Sendable {
  case program(CommandSummary)
  case service(ServiceSummary)
}

extension ServiceSummary {
  init(_ recipe: Recipe, _ http: HTTPRecipe, isTrusted: Bool) {
    let format = http.input.format == .png ? "PNG" : "JPEG"
    let body: String =
      switch http.request.body {
      case .none: ""
      case .raw: "$SINGLE_INPUT"
      case .json(let document): String(decoding: document.compact(), as: UTF8.self)
      case .form(let fields):
        fields.map { "\($0.name)=\($0.value.text)" }.joined(separator: ", ")
      }
    let pictures: String =
      switch http.input.form {
      case .bytes: "\(format) bytes"
      case .base64: "\(format) as base64"
      case .dataURL: "\(format) as data URLs"
      case .uri: "\(format) files put to \(http.exchange?.url.text ?? "")"
      }
    let parameters = http.parameters.members.map { "\($0.key)=\(http.parameter($0.key))" }
    self.init(
      id: recipe.id, text: http.text, hosts: PreparedService.hosts(of: http),
      flows: ServiceFlow.all(of: http), exchange: http.exchange.map { http.shown($0.uri) },
      headers: (http.request.headers + (http.exchange?.headers ?? [])).map {
        ($0.name, $0.value.text)
      },
      secrets: http.secrets,
      body: ([body] + parameters).filter { !$0.isEmpty }.joined(separator: "; "),
      pictures: pictures,
      batch: http.batch, price: http.price, isTrusted: isTrusted)
  }
}
