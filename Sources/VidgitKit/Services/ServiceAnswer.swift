import Curl
import Foundation
import VidgitModel

/// What a service answered with a 2xx.
struct ServiceAnswer: Sendable {
  let body: [UInt8]
  /// nil where the result is the body itself.
  let json: JSONValue?
  /// From the start of the call.
  let seconds: Double

  /// - Parameter quoted: takes secrets out of the service's words.
  /// - Throws: `CallFault` where it tells of a failure, or is no JSON where that is expected.
  init(
    _ response: HTTPResponse, of http: HTTPRecipe, since started: ContinuousClock.Instant,
    _ quoted: (String) -> String
  ) throws {
    body = response.body
    let elapsed = (ContinuousClock.now - started).components
    seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    json = http.job == nil && http.reply.form == .raw ? nil : Self.parse(body)
    // Some services say with a 200 that nothing came of it.
    if let json, let text = text(at: http.error, in: json), !text.isEmpty {
      throw CallFault(
        reason: "answered with an error: " + quoted(text),
        isPaid: true)
    }
  }

  private static let limits = JSONLimits(
    bytes: 256 << 20, depth: 32, stringBytes: 256 << 20, elements: 1_000_000, isLenient: true)

  static func parse(_ body: [UInt8]) -> JSONValue? {
    try? JSONValue(parsing: body, what: "the answer", limits: limits)
  }

  /// The fault of an answer that lacks something: what is no JSON has nothing at all.
  ///
  /// - Parameters:
  ///   - path: where it should stand.
  ///   - use: what it is for.
  func without(_ path: JSONPath, _ use: String, _ quoted: (String) -> String) -> CallFault {
    let text = quoted(String(decoding: body.prefix(200), as: UTF8.self))
    return CallFault(
      reason: json == nil
        ? "gave an answer that is no JSON: \(text)"
        : "answered without '\(path.text)', \(use): \(text)", isPaid: true)
  }

  func text(at path: JSONPath?) -> String? {
    guard let json else { return nil }
    return text(at: path, in: json)
  }

  private func text(at path: JSONPath?, in json: JSONValue) -> String? {
    path.flatMap { $0.text(in: json) }
  }

  /// Where a job is to be asked for.
  func jobPlace(
    _ job: HTTPRecipe.Job, _ quoted: (String) -> String
  ) throws -> CallJournal.Job {
    guard let poll = text(at: job.poll) else {
      throw without(job.poll, "where its job can be asked for", quoted)
    }
    return CallJournal.Job(
      poll: poll, result: text(at: job.result), cancel: text(at: job.cancel))
  }
}

extension HTTPRecipe.Price {
  /// What a call that was answered cost.
  func cost(of answer: ServiceAnswer, pictures: Int) -> Money {
    let used = usage.flatMap { path in answer.json.flatMap { path.number(in: $0) } }
    switch unit {
    case .image: return amount.times(pictures)
    case .second: return amount.times(used ?? answer.seconds)
    case .token: return used.map { amount.times($0) } ?? estimate(pictures: pictures)
    }
  }
}

/// Pictures as text.
enum DataURL {
  /// The bytes of "data:image/png;base64,..." or of base64 alone; nil for what is neither.
  static func bytes(of text: String) -> [UInt8]? {
    var payload = text[...]
    if text.hasPrefix("data:") {
      guard let comma = text.firstIndex(of: ","), text[..<comma].hasSuffix(";base64") else {
        return nil
      }
      payload = text[comma...].dropFirst()
    }
    let plain = payload.utf8.filter { $0 > 0x20 }
    return Data(base64Encoded: Data(plain)).map { [UInt8]($0) }
  }
}
