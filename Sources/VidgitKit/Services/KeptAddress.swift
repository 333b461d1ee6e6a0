import Curl
import Foundation
import VidgitModel

/// An address that a service gave, as it may lie on this disk: a known secret in it is left out, and
/// filled in again when it is called.
///
/// A word stands for a secret: `{ENV:NAME}`, or `{ENV:NAME%}` where it is percent-encoded. No address
/// has braces, so that a service cannot bring in a word of its own.
enum KeptAddress {
  /// - Parameter secrets: their values by their names.
  /// - Returns: nil where it holds a secret in another form, or may not be kept at all.
  static func text(_ address: String, without secrets: [String: String]) -> String? {
    guard !address.contains("{"), !address.contains("}") else { return nil }
    var parts = Self.parts(address)
    // The longest first, as one may hold another.
    let known = secrets.filter { $0.value.utf8.count >= Redaction.shortest }
      .sorted { ($1.value.utf8.count, $0.key) < ($0.value.utf8.count, $1.key) }
    for (name, value) in known {
      let wanted = Array(value.utf8)
      var place = 0
      while place + wanted.count <= parts.count {
        let found = parts[place..<place + wanted.count]
        if found.map(\.byte) == wanted.map(Optional.some) {
          let isPlain = found.allSatisfy { $0.text.count == 1 }
          parts.replaceSubrange(
            place..<place + wanted.count,
            with: [(nil, Array("{ENV:\(name)\(isPlain ? "" : "%")}".utf8))])
        }
        place += 1
      }
    }
    let text = String(decoding: parts.flatMap(\.text), as: UTF8.self)
    let redaction = Redaction(secrets: Array(secrets.values))
    return KeptResults.mayKeep(text, redaction) ? text : nil
  }

  /// The address with the secrets in it again.
  static func filled(_ text: String, with secrets: [String: String]) -> String {
    text.replacing(#/{ENV:([A-Za-z0-9_]+)(%?)}/#) { match in
      let value = secrets[String(match.1)] ?? ""
      return match.2.isEmpty ? value : PercentEncoding.text(value)
    }
  }

  /// The bytes that an address stands for, each with how it is written; nil for what is a word.
  private static func parts(_ address: String) -> [(byte: UInt8?, text: [UInt8])] {
    var parts: [(byte: UInt8?, text: [UInt8])] = []
    var rest = Array(address.utf8)[...]
    while let byte = rest.first {
      let code = rest.dropFirst().prefix(2)
      if byte == UInt8(ascii: "%"), code.count == 2,
        let value = UInt8(String(decoding: code, as: UTF8.self), radix: 16)
      {
        parts.append((value, Array(rest.prefix(3))))
        rest = rest.dropFirst(3)
      } else {
        parts.append((byte, [byte]))
        rest = rest.dropFirst()
      }
    }
    return parts
  }
}

extension CallJournal.Job {
  /// What may be kept of it; nil where the next run could not follow it by that.
  func kept(without secrets: [String: String]) -> CallJournal.Job? {
    func text(_ address: String) -> String? { KeptAddress.text(address, without: secrets) }
    guard let poll = text(poll) else { return nil }
    let kept = result.map(text)
    if case .some(.none) = kept { return nil }
    return CallJournal.Job(poll: poll, result: kept ?? nil, cancel: cancel.flatMap(text))
  }

  func filled(with secrets: [String: String]) -> CallJournal.Job {
    func text(_ kept: String) -> String { KeptAddress.filled(kept, with: secrets) }
    return CallJournal.Job(
      poll: text(poll), result: result.map(text), cancel: cancel.map(text))
  }
}
