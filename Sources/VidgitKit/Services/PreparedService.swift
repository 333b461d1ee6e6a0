import Curl
import Foundation
import VidgitModel

/// An HTTP recipe that may be called, with all that it takes to call it.
struct PreparedService: Sendable {
  let recipe: Recipe
  let http: HTTPRecipe
  /// The values of `$ENV:NAME`, by name.
  let secrets: [String: String]
  /// Which hosts its calls may reach.
  let access: HTTPAccess
  let proxy: ProxyChoice
  /// A file of certificates in PEM that are trusted in place of the system's.
  let certificates: String?

  var id: String { recipe.id }

  /// Results of pictures that are not whole frames are kept under a name of their own.
  var pictureResults: String { http.size == nil ? recipe.id : recipe.id + "/sized" }

  /// - Parameters:
  ///   - variables: the caller's environment.
  ///   - allowed: hosts ("name" or "name:port") that may be called over HTTP and at private addresses.
  /// - Throws: `VidgitError`: usage for a variable that is not set, refused for a host that must be
  ///   allowed first.
  init(
    _ recipe: Recipe, _ http: HTTPRecipe, variables: [String: String], allowed: AllowedHosts,
    certificates: String?
  ) throws {
    self.recipe = recipe
    self.http = http
    self.certificates = certificates
    var secrets: [String: String] = [:]
    for name in http.secrets {
      guard let value = variables[name], !value.isEmpty else {
        throw VidgitError(
          .usage, "the recipe '\(recipe.name)' needs the variable \(name), which is not set",
          hint: "export \(name)=...; its value is sent to the service and never stored")
      }
      secrets[name] = value
    }
    self.secrets = secrets
    let addresses = Self.addresses(of: http)
    for address in addresses {
      guard let origin = HTTPOrigin(url: address) else { continue }
      if origin.scheme == "http", !allowed.contains(origin) {
        throw VidgitError(
          .refused, "the recipe '\(recipe.name)' calls \(origin), which is not encrypted",
          hint: "where that is your own server: git config --add vidgit.allowHost \(origin.host)")
      }
    }
    let own = Set(addresses.compactMap { HTTPOrigin(url: $0)?.host })
    access = HTTPAccess { origin in
      guard own.contains(origin.host) || http.names(host: origin.host) else { return .refused }
      return allowed.contains(origin) ? .any : .encrypted
    }
    proxy = ProxyChoice(variables: variables)
  }

  /// Addresses that the recipe itself names, without the words that stand for a picture.
  static func addresses(of http: HTTPRecipe) -> [String] {
    [http.request.url, http.exchange?.url].compactMap(\.self).map { template in
      template.filledURL { word in
        if case .parameter(let name) = word { http.parameter(name) } else { "x" }
      }
    }
  }

  /// The hosts that calls may reach, for people.
  static func hosts(of http: HTTPRecipe) -> [String] {
    var hosts: [String] = []
    for origin in addresses(of: http).compactMap({ HTTPOrigin(url: $0)?.description })
    where !hosts.contains(origin) {
      hosts.append(origin)
    }
    return hosts + http.hosts
  }

  /// The headers that an address may see: those of the call where it lies with the service itself,
  /// those of the exchange where it lies there, and else none.
  func headers(for address: String) -> [HTTPRecipe.Header] {
    let own = Self.addresses(of: http).map { HTTPOrigin(url: $0) }
    guard let origin = HTTPOrigin(url: address), let place = own.firstIndex(of: origin) else {
      return []
    }
    return place == 0 ? http.request.headers : http.exchange?.headers ?? []
  }
}
