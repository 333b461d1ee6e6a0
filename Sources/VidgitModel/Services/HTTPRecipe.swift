/// The parameters of the engine "http": how one call to an image service is made, and what becomes
/// of its answer.
public struct HTTPRecipe: Hashable, Sendable {
  /// What is sent.
  public enum Body: Hashable, Sendable {
    case none
    /// The picture's bytes.
    case raw
    /// A document in whose texts words are filled in.
    case json(JSONValue)
    /// `multipart/form-data`, field by field.
    case form([Field])
  }

  public struct Field: Hashable, Sendable {
    public let name: String
    public let value: CallTemplate
  }

  public struct Header: Hashable, Sendable {
    public let name: String
    public let value: CallTemplate
  }

  public struct Request: Hashable, Sendable {
    public let method: String
    public let url: CallTemplate
    public let headers: [Header]
    public let body: Body
  }

  /// How a picture goes into a call.
  public struct Input: Hashable, Sendable {
    public enum Form: String, Hashable, Sendable, CaseIterable {
      case bytes, base64
      case dataURL = "data-url"
      /// Put into the exchange before, and named by its address there.
      case uri
    }
    public enum Format: String, Hashable, Sendable, CaseIterable { case png, jpg }

    public let form: Form
    public let format: Format
    /// Of a JPEG, 1 to 100.
    public let quality: Int

    /// "image/png"
    public var type: String { format == .png ? "image/png" : "image/jpeg" }
  }

  /// A place on the web where pictures are left for the service, and results for vidgit.
  public struct Exchange: Hashable, Sendable {
    /// Where a picture is put and fetched; holds `$FILE`.
    public let url: CallTemplate
    /// The name by which the service knows the place.
    public let uri: CallTemplate
    public let headers: [Header]
  }

  /// A job that is asked after until it ends.
  public struct Job: Hashable, Sendable {
    /// Where in the answer the address to ask stands.
    public let poll: JSONPath
    public let status: JSONPath
    public let done: [String]
    public let failed: [String]
    /// Where the address of the result stands, if it is not the answer of the last poll.
    public let result: JSONPath?
    /// Where the address stands that ends the job.
    public let cancel: JSONPath?
    /// How that address is called: "POST", "PUT" or "DELETE".
    public let cancelMethod: String
    /// Milliseconds between two polls.
    public let interval: Int
    /// Seconds until the job is given up.
    public let timeout: Int
  }

  /// Where the result is.
  public struct Reply: Hashable, Sendable {
    public enum Form: String, Hashable, Sendable, CaseIterable {
      /// The body itself.
      case raw
      case base64
      /// An address, or a data URL.
      case url
      /// In the exchange, at `$SINGLE_OUTPUT`.
      case exchange
    }

    public let form: Form
    public let path: JSONPath?
  }

  /// What size the service wants.
  public struct Size: Hashable, Sendable {
    public enum Rule: String, Hashable, Sendable, CaseIterable { case pad, scale, tile }

    public let rule: Rule
    public let width: Int
    public let height: Int
    /// Pixels that neighbouring tiles share.
    public let overlap: Int
  }

  /// What a call costs.
  public struct Price: Hashable, Sendable {
    public enum Unit: String, Hashable, Sendable, CaseIterable { case image, second, token }

    public let unit: Unit
    public let amount: Money
    /// Where the answer says how many seconds or tokens it took.
    public let usage: JSONPath?
    /// How many it usually takes for one picture.
    public let typical: Double

    /// What a call with so many pictures is expected to cost.
    public func estimate(pictures: Int) -> Money { amount.times(typical).times(pictures) }
  }

  public static let mostBatch = 64
  public static let mostParallel = 64

  /// Values of `$PARAM:name`, in the order of the file.
  public let parameters: JSONObject
  public let request: Request
  public let input: Input
  public let exchange: Exchange?
  public let job: Job?
  public let reply: Reply
  /// Where an answer tells of a failure.
  public let error: JSONPath?
  /// The header that carries an idempotency key.
  public let idempotency: String?
  /// Pictures in one call.
  public let batch: Int
  /// Calls at once.
  public let parallel: Int
  public let size: Size?
  /// A result may have any size; else it must have that of what was sent.
  public let takesAnySize: Bool
  /// Seconds that one request may take.
  public let timeout: Int
  /// Hosts beside those of its own addresses: "cdn.example.com", "*.example.com".
  public let hosts: [String]
  public let price: Price?

  /// The names of the variables whose values are sent.
  public var secrets: [String] {
    var names: [String] = []
    for header in request.headers + (exchange?.headers ?? []) {
      for case .secret(let name) in header.value.words where !names.contains(name) {
        names.append(name)
      }
    }
    return names
  }

  /// A parameter as text.
  public func parameter(_ name: String) -> String {
    switch parameters[name] {
    case .string(let text): text
    case let value?: String(decoding: value.compact(), as: UTF8.self)
    case nil: ""
    }
  }
}

extension HTTPRecipe {
  /// Whether a host is one that the recipe names beside its own addresses.
  public func names(host: String) -> Bool {
    let host = host.lowercased()
    return hosts.contains { name in
      name.hasPrefix("*.") ? host.hasSuffix(name.dropFirst(1)) : host == name
    }
  }
}

extension HTTPRecipe {
  /// The address with its parameters filled in; the words that stand for a picture stay.
  public var address: String {
    request.url.filledURL { word in
      if case .parameter(let name) = word { parameter(name) } else { "x" }
    }
  }

  /// The call in one line, for people: "POST https://api.example.com/v1/style".
  public var text: String { "\(request.method) \(TerminalText.escaped(address))" }
}
