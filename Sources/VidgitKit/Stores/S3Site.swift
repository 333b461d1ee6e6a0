import Curl
import Foundation
import Synchronization
import VidgitModel

/// Where a bucket is called and by whom: makes signed requests.
final class S3Site: Sendable {
  private let bucket: String
  private let prefix: String
  /// "https://host:port"; nil for Amazon's own, by region.
  private let endpoint: String?
  private let isPathStyle: Bool
  /// nil calls without a signature, which public buckets take.
  private let credentials: SigV4.Credentials?
  private let access: HTTPAccess
  private let region: Mutex<String>

  init(
    bucket: String, prefix: String, endpoint: String?, region: String, isPathStyle: Bool?,
    credentials: SigV4.Credentials?, access: HTTPAccess
  ) {
    self.bucket = bucket
    self.prefix = prefix
    self.endpoint = endpoint
    // Certificates stand for one part before the host, so a bucket with a dot goes into the path.
    self.isPathStyle = isPathStyle ?? (endpoint != nil || bucket.contains("."))
    self.credentials = credentials
    self.access = access
    self.region = Mutex(region)
  }

  /// What must not be shown of an answer.
  var redaction: Redaction {
    Redaction(
      secrets: credentials.map {
        [$0.secretKey, $0.accessKey, $0.sessionToken].compactMap(\.self)
      } ?? [])
  }

  /// The whole key of a name in the store.
  func key(_ name: String) -> String { prefix.isEmpty ? name : "\(prefix)/\(name)" }

  func request(_ call: S3Call) throws -> HTTPRequest {
    let region = region.withLock { $0 }
    let date = AmazonDate.text(Int64(Date().timeIntervalSince1970))
    let (scheme, host, path) = place(call.key, region)
    var headers = call.headers
    headers.append(("x-amz-content-sha256", call.bodyDigest))
    headers.append(("x-amz-date", date))
    if let token = credentials?.sessionToken { headers.append(("x-amz-security-token", token)) }
    if let credentials {
      let signer = SigV4(credentials: credentials, region: region, service: "s3")
      let signed = SigV4.Request(
        call.method, path: path, query: call.query, headers: headers + [("host", host)],
        bodyDigest: call.bodyDigest)
      headers.append(("authorization", signer.authorization(signed, date: date)))
    }
    let query = SigV4.query(call.query)
    var request = HTTPRequest(
      call.method,
      "\(scheme)://\(host)\(SigV4.path(path))" + (query.isEmpty ? "" : "?\(query)"),
      headers: try headers.map { try HTTPHeader($0.name, $0.value) }, body: call.body,
      access: access)
    // A redirect changes what is signed.
    request.followsRedirects = false
    request.isRepeatable = true
    if let credentials { request.secrets = [credentials.secretKey, credentials.accessKey] }
    return request
  }

  private func place(_ key: String?, _ region: String) -> (String, host: String, path: String) {
    let scheme = endpoint?.hasPrefix("http://") == true ? "http" : "https"
    // As libcurl writes it: without the port that is usual.
    let usual = scheme == "https" ? ":443" : ":80"
    var host =
      endpoint?.split(separator: "/").last.map { $0.lowercased() } ?? "s3.\(region).amazonaws.com"
    if host.hasSuffix(usual) { host.removeLast(usual.count) }
    let below = key.map { self.key($0) } ?? ""
    return isPathStyle
      ? (scheme, host, "/\(bucket)" + (below.isEmpty ? "" : "/\(below)"))
      : (scheme, "\(bucket).\(host)", "/\(below)")
  }

  /// Whether an answer says that the bucket is in another region, which is called from now on.
  func learn(from response: HTTPResponse) -> Bool {
    guard [301, 307, 400, 403].contains(response.status) else { return false }
    let named =
      response.header("x-amz-bucket-region")
      ?? (try? XMLElement(parsing: response.body, what: ""))?["Region"]?.text
    guard let named, (1...40).contains(named.utf8.count),
      named.utf8.allSatisfy({
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
      })
    else { return false }
    return region.withLock { region in
      defer { region = named }
      return region != named
    }
  }
}
