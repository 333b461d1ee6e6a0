import Curl
import FFmpeg
import Foundation
import VidgitModel

/// A picture for a service, by the key of its pixels.
struct CallPicture: Sendable {
  let frame: Frame
  let key: FrameKey
}

/// Makes the requests of a recipe.
struct CallBuilder: Sendable {
  let service: PreparedService
  private var http: HTTPRecipe { service.http }

  /// A picture, encoded as the recipe wants it.
  struct Encoded: Sendable {
    let bytes: [UInt8]
    let key: FrameKey
  }

  func encode(_ picture: CallPicture) throws -> Encoded {
    let bytes = try VidgitError.reading {
      switch http.input.format {
      case .png:
        var scaler = Scaler()
        return try PNGPicture.encode(picture.frame, with: &scaler)
      case .jpg:
        return try StillImage.encode(
          picture.frame, format: .jpg, quality: http.input.quality)
      }
    }
    return Encoded(bytes: bytes, key: picture.key)
  }

  /// The call itself.
  ///
  /// - Parameter token: the idempotency key.
  func call(_ pictures: [Encoded], token: String) throws -> HTTPRequest {
    let url = http.request.url.filledURL { text(of: $0, pictures) }
    var request = try self.request(http.request.method, url, http.request.headers)
    if let header = http.idempotency { try request.add(header, token) }
    switch http.request.body {
    case .none: break
    case .raw:
      try request.addType(http.input.type)
      request.body = .bytes(pictures[0].bytes)
    case .json(let document):
      try request.addType("application/json")
      request.body = .bytes(document.filled { value(of: $0, pictures) }.compact())
    case .form(let fields):
      let form = try Self.valid(service) { () throws(HTTPError) in
        try Multipart(fields.map { part($0, pictures) })
      }
      try request.addType(form.contentType)
      request.body = .bytes(form.bytes)
    }
    return request
  }

  /// Leaves a picture in the exchange.
  func put(_ picture: Encoded) throws -> HTTPRequest {
    var request = try exchange("PUT", file(of: picture.key))
    try request.addType(http.input.type)
    request.body = .bytes(picture.bytes)
    return request
  }

  /// Fetches what the service left in the exchange.
  func fetchResult(of picture: FrameKey) throws -> HTTPRequest {
    try exchange("GET", resultFile(of: picture))
  }

  /// Fetches an address that the service gave. It sees the keys only where it is the service's own.
  func get(_ address: String, method: String = "GET") throws -> HTTPRequest {
    try request(method, address, service.headers(for: address))
  }

  private func exchange(_ method: String, _ file: String) throws -> HTTPRequest {
    let exchange = http.exchange!
    return try request(method, address(exchange.url, file), exchange.headers)
  }

  private func address(_ template: CallTemplate, _ file: String) -> String {
    template.filledURL { word in
      switch word {
      case .file: file
      case .parameter(let name): http.parameter(name)
      default: ""
      }
    }
  }

  private func request(
    _ method: String, _ url: String, _ headers: [HTTPRecipe.Header]
  ) throws -> HTTPRequest {
    var request = HTTPRequest(method, url, access: service.access)
    for header in headers {
      let value = header.value.filled { word in
        switch word {
        case .secret(let name): service.secrets[name] ?? ""
        case .parameter(let name): http.parameter(name)
        default: ""
        }
      }
      try request.add(header.name, value, of: service)
    }
    request.secrets = Array(service.secrets.values)
    request.timeouts.stall = .seconds(http.timeout)
    request.timeouts.total = .seconds(http.timeout)
    request.sink = .memory(limit: 2 * PictureLimit.pngBytes)
    return request
  }

  private func part(_ field: HTTPRecipe.Field, _ pictures: [Encoded]) -> Multipart.Part {
    if http.input.form == .bytes, field.value.onlyWord == .input {
      return .init(
        field.name, pictures[0].bytes, fileName: file(of: pictures[0].key), type: http.input.type)
    }
    return .init(field.name, text: field.value.filled { text(of: $0, pictures) })
  }

  private func text(of word: CallTemplate.Word, _ pictures: [Encoded]) -> String {
    switch value(of: word, pictures) {
    case .string(let text): text
    case let other: String(decoding: other.compact(), as: UTF8.self)
    }
  }

  private func value(of word: CallTemplate.Word, _ pictures: [Encoded]) -> JSONValue {
    switch word {
    case .input: .string(input(pictures[0]))
    case .batchInput: .array(pictures.map { .string(input($0)) })
    case .output: .string(output(pictures[0]))
    case .batchOutput: .array(pictures.map { .string(output($0)) })
    case .batchSize: .int(Int64(pictures.count))
    case .frame: .string(pictures[0].key.digest.hex)
    case .parameter(let name): http.parameters[name] ?? .null
    case .file, .secret: .string("")
    }
  }

  private func input(_ picture: Encoded) -> String {
    switch http.input.form {
    case .bytes: ""
    case .base64: Data(picture.bytes).base64EncodedString()
    case .dataURL:
      "data:\(http.input.type);base64," + Data(picture.bytes).base64EncodedString()
    case .uri: address(http.exchange!.uri, file(of: picture.key))
    }
  }

  private func output(_ picture: Encoded) -> String {
    address(http.exchange!.uri, resultFile(of: picture.key))
  }

  /// Its name in the exchange. Pictures of one digest may have two shapes.
  private func file(of picture: FrameKey) -> String {
    "\(picture.digest.hex)-\(picture.shape.text).\(http.input.format.rawValue)"
  }

  /// The name of what is made of it.
  private func resultFile(of picture: FrameKey) -> String {
    "\(picture.digest.hex)-\(picture.shape.text)-\(service.recipe.digest.hex.prefix(12)).png"
  }

  /// A text of the service on one line, short and without secrets.
  func quoted(_ text: String) -> String {
    let clean = TerminalText.escaped(
      Redaction(secrets: Array(service.secrets.values)).text(text))
    return clean.count > 300 ? clean.prefix(300) + "..." : clean
  }

  fileprivate static func valid<T>(
    _ service: PreparedService, _ body: () throws(HTTPError) -> T
  ) throws -> T {
    do {
      return try body()
    } catch {
      throw VidgitError(
        .badInput, "the recipe '\(service.recipe.name)': \(error.message)",
        hint: "keys and parameters that go into a header are one line of text", underlying: error)
    }
  }
}

extension HTTPRequest {
  fileprivate mutating func add(
    _ name: String, _ value: String, of service: PreparedService
  ) throws {
    headers.append(
      try CallBuilder.valid(service) { () throws(HTTPError) in try HTTPHeader(name, value) })
  }

  fileprivate mutating func add(_ name: String, _ value: String) throws {
    headers.append(try HTTPHeader(name, value))
  }

  /// Unless the recipe says it.
  fileprivate mutating func addType(_ type: String) throws {
    guard !headers.contains(where: { $0.name.lowercased() == "content-type" }) else { return }
    try add("Content-Type", type)
  }
}
