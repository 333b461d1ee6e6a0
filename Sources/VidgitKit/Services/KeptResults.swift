import Curl
import Foundation
import VidgitModel

/// Where the results of an answered call lie, one place for each of its pictures: the journal keeps
/// them until the results are stored, so that a download that fails costs no second call.
struct KeptResults: Equatable, Sendable {
  /// An address; `exchange`, or "" where there is nothing to fetch.
  let places: [String]

  /// In the recipe's own exchange, under a name that follows from the picture.
  static let exchange = "exchange"
  private static let longestAddress = 4_096

  init(places: [String]) { self.places = places }

  /// - Returns: nil where nothing is to be fetched, or where nothing of it may be kept.
  init?(_ answer: ServiceAnswer, of service: PreparedService, count: Int) {
    switch service.http.reply.form {
    case .raw, .base64: return nil
    case .exchange: places = Array(repeating: Self.exchange, count: count)
    case .url:
      let path = service.http.reply.path!
      let secrets = Redaction(secrets: Array(service.secrets.values))
      places = (0..<count).map { index in
        let address = answer.json.flatMap { path.text(in: $0, index: index) } ?? ""
        return Self.mayKeep(address, secrets) ? address : ""
      }
      guard places.contains(where: { !$0.isEmpty }) else { return nil }
    }
  }

  /// Whether an address may lie on this disk until its result has been fetched: it gives no more than
  /// the picture that is stored then. One that holds a key or a password does.
  static func mayKeep(_ address: String, _ secrets: Redaction) -> Bool {
    guard address.utf8.count <= longestAddress, HTTPOrigin(url: address) != nil,
      let scheme = address.firstRange(of: "://")
    else { return false }
    let authority = address[scheme.upperBound...].prefix { !"/?#".contains($0) }
    return !authority.contains("@") && !secrets.finds(in: address)
  }
}
