import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import Curl
@testable import VidgitKit

/// Stores on bad days.
@Suite struct StoreFaultTests {
  private let folder: TemporaryFolder
  private let bytes: [UInt8]
  private let name: StoreName

  init() throws {
    folder = try TemporaryFolder("faults")
    var generator = SplitMix64(seed: 7)
    bytes = (0..<90_000).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
    name = .media(Digest(of: bytes))
    try folder.folder("root/media")
    try folder.write(Data(bytes), to: "root/\(name.text)")
  }

  private func open(_ mode: String, _ uri: String? = nil) throws -> (TestServer, any Store) {
    let server = try TestServer.faulty(folder.file("root"), mode)
    let access = StoreAccess(key: .init(accessKey: "AKID", secretKey: "secret-key"))
    let store = try StoreOpener.forTests(folder, access).open(uri ?? server.base) {
      if uri != nil { $0.endpoint = server.base }
    }
    return (server, store)
  }

  private func expect(
    _ requests: Int, _ server: TestServer, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let count = try server.requestCount()
    #expect(count == requests, sourceLocation: sourceLocation)
  }

  @Test func aCutDownloadGoesOnWhereItBroke() async throws {
    let (server, store) = try open("cut")
    // 720,000 bytes in pieces of 100,000, and no more tries at any place than the policy has.
    await #expect(throws: VidgitError.self) {
      _ = try await store.bytes(of: name, limit: 1 << 20)
    }
    try expect(4, server)
    let read = try await store.bytes(of: name, part: 10..<350_010, limit: 1 << 20)
    #expect(read == Array(bytes[10..<350_010]))
    try expect(8, server)
  }

  @Test func aBusyServerIsAskedAgain() async throws {
    let (server, store) = try open("busy")
    #expect(try await store.bytes(of: name, limit: 1 << 20) == bytes)
    #expect(try await store.size(of: name) == Int64(bytes.count))
    try expect(6, server)
  }

  @Test func aServerThatIsDownIsNotAskedForEver() async throws {
    let (server, store) = try open("down")
    var last: VidgitError?
    for _ in 0..<12 {
      do {
        _ = try await store.size(of: name)
      } catch {
        last = error as? VidgitError
      }
    }
    #expect(last?.message.contains("'test'") == true)
    #expect(last?.kind == .system)
    // The circuit opens at half of the last 20 calls.
    #expect(try server.requestCount() <= 12)
  }

  @Test func aServerWithoutRangesWillDo() async throws {
    let (server, store) = try open("no-ranges")
    defer { withExtendedLifetime(server) {} }
    #expect(try await store.bytes(of: name, limit: 1 << 20) == bytes)
    let part = try await store.bytes(of: name, part: 400_000..<500_000, limit: 1 << 20)
    #expect(part == Array(bytes[400_000..<500_000]))
  }

  @Test func aBucketElsewhereIsSignedForAnew() async throws {
    let (server, store) = try open("region", "s3://films")
    #expect(try await store.bytes(of: name, limit: 1 << 20) == bytes)
    try expect(2, server)
    #expect(try await store.size(of: name) == Int64(bytes.count))
    try expect(3, server)
  }

  /// What S3 does not say of itself ends, in words and with something to do.
  @Test(arguments: [
    ("endless", "does not come to an end"), ("garbled", "answers with no list"),
    ("moved", "HTTP status 307"),
  ])
  func aListThatIsNoneIsSaidSo(_ mode: String, _ words: String) async throws {
    let (server, store) = try open(mode, "s3://films")
    await #expect {
      _ = try await store.list("packs/")
    } throws: { error in
      let hint = (error as? VidgitError)?.hint ?? ""
      return "\(error)".contains(words) && !hint.isEmpty && !hint.contains("git diff")
    }
    #expect(try server.requestCount() <= 101)
  }

  @Test func aSignatureIsNotQuoted() async throws {
    let (server, store) = try open("echo", "s3://films")
    defer { withExtendedLifetime(server) {} }
    await #expect {
      _ = try await store.list("packs/")
    } throws: { error in
      let text = "\(error)"
      return text.contains("SignatureDoesNotMatch") && text.contains("[redacted]")
        && !text.contains("AKID") && text.firstMatch(of: #/[0-9a-f]{32}/#) == nil
    }
  }

  @Test func aFullStoreSaysSo() async throws {
    let (server, store) = try open("full", "s3://films")
    defer { withExtendedLifetime(server) {} }
    await #expect {
      try await store.put(.packList, .bytes([1]), replaces: false)
    } throws: { error in
      "\(error)".contains("507") && "\(error)".contains("make room")
    }
  }

  /// Servers have codes of their own for it.
  @Test(arguments: [
    "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "EntityTooLarge",
    "ServiceQuotaExceeded",
  ])
  func aFullBucketSaysSo(_ code: String) async throws {
    let (server, store) = try open("full=\(code)", "s3://films")
    defer { withExtendedLifetime(server) {} }
    await #expect {
      try await store.put(name, .bytes(bytes), replaces: false)
    } throws: { error in
      let text = "\(error)"
      return text.contains(code) && text.contains("is full") && text.contains("vidgit push NAME")
        && (error as? VidgitError)?.kind == .system
    }
  }

  /// By the words of rclone itself.
  @Test func aFullRemoteOfRcloneSaysSo() async throws {
    guard Tool.find("rclone") != nil else { try skip("no 'rclone' on PATH") }
    let server = try TestServer.faulty(folder.file("root"), "full")
    let access = StoreAccess(variables: [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path,
      "RCLONE_CONFIG_NAS_TYPE": "webdav", "RCLONE_CONFIG_NAS_URL": server.base,
    ])
    let store = try StoreOpener.forTests(folder, access).open("rclone:nas:films")
    await #expect {
      try await store.put(.packList, .bytes([1]), replaces: true)
    } throws: { error in
      "\(error)".contains("507 Insufficient Storage") && "\(error)".contains("is full")
    }
    #expect(try server.requestCount() > 0)
  }

  @Test func otherRefusalsAreNoFullBucket() async throws {
    let (server, store) = try open("full=InvalidDigest", "s3://films")
    defer { withExtendedLifetime(server) {} }
    await #expect {
      try await store.put(name, .bytes(bytes), replaces: false)
    } throws: { "\($0)".contains("InvalidDigest") && !"\($0)".contains("full") }
    #expect(!StoreFault.tellsFull("Quota exceeded for quota metric 'Queries', rateLimitExceeded"))
    for words in [
      "googleapi: Error 403: The user's Drive storage quota has been exceeded., storageQuotaExceeded",
      "Failed to copy: 507 Insufficient Storage", "sftp: write /x: no space left on device",
      "path/insufficient_space/..",
    ] { #expect(StoreFault.tellsFull(words)) }
  }

  /// What fails at this end is no fault of the network, whatever the store.
  @Test(arguments: ["github-release:ada/films", "s3://films"])
  func aFileThatCannotBeReadIsNoFaultOfTheNetwork(_ uri: String) async throws {
    let s3 = try uri.hasPrefix("s3") ? TestServer.parts() : nil
    let gitHub = try s3 == nil ? GitHubServer.films() : nil
    let access = StoreAccess(
      key: .init(accessKey: "AKID", secretKey: "secret-key"), gitHubToken: GitHubServer.token)
    let store = try StoreOpener.forTests(folder, access).open(uri) {
      $0.endpoint = s3?.base ?? gitHub?.endpoint
    }
    // It can be opened, and not read.
    let path = folder.file("root")
    await #expect {
      try await store.put(
        name, .file(path: path, size: 9, digest: Digest(of: [1])), replaces: false)
    } throws: { error in
      let text = "\(error)"
      return text.contains("'test'") && text.contains("Is a directory") && !text.contains("network")
    }
    if let gitHub { #expect(try await gitHub.violations() == []) }
  }

  @Test(arguments: ["github-release:ada/films", "s3://films"])
  func aCertificateThatIsNotTrustedIsSaid(_ uri: String) async throws {
    let server = try FilterServer(certificate: TestCertificate(in: folder))
    let access = StoreAccess(key: .init(accessKey: "AKID", secretKey: "secret-key"))
    let store = try StoreOpener.forTests(folder, access).open(uri) { $0.endpoint = server.base }
    await #expect { _ = try await store.size(of: name) } throws: { error in
      (error as? VidgitError)?.kind == .refused && "\(error)".contains("not trusted here")
    }
  }

  /// A store is allowed by adding it, not by the settings of GitHub.
  @Test func whatAStoreMayNotCallIsItsOwnMatter() throws {
    #expect {
      try StoreOpener.forTests(folder).open("github-release:ada/films") { $0.endpoint = "nowhere" }
    } throws: { "\($0)".contains("the endpoint of the store 'test'") }
    for isStore in [true, false] {
      let host = try GitHubHost(
        api: nil, web: nil, token: nil, origin: isStore ? .store("'test'") : .settings
      ) { _ in .encrypted }
      let api = try GitHubAPI(host, certificates: nil, proxy: ProxyChoice(variables: [:]))
      let error = api.fault(.noAnswer(HTTPError(.refused, "no")), "write 'x'")
      #expect(error.kind == .refused && error.message == "cannot write 'x': no")
      #expect(error.hint?.contains(isStore ? "vidgit store add" : "vidgit.allowHost") == true)
    }
  }

  @Test func whatIsForReadingSaysSo() async throws {
    let store = try StoreOpener.forTests(folder).open("https://example.org/films")
    #expect(!store.canList && !store.canWrite)
    for change in [
      { try await store.put(.packList, .bytes([1]), replaces: true) },
      { _ = try await store.list("packs/") }, { try await store.delete(.packList) },
    ] {
      await #expect { try await change() } throws: { "\($0)".contains("it is for reading") }
    }
  }

  @Test func theTokenOfGitHubIsThatOfItsProgram() {
    let both = ["GH_TOKEN": "a", "GITHUB_TOKEN": "b"]
    #expect(StoreAccess.gitHubToken(in: both) == "a")
    #expect(StoreAccess.gitHubToken(in: ["GH_TOKEN": "", "GITHUB_TOKEN": "b"]) == "b")
    #expect(StoreAccess.gitHubToken(in: ["GITHUB_TOKEN": ""]) == nil)
  }

  @Test func aFileThatIsNotWhatItsHashSaysIsNotStored() async throws {
    try folder.folder("store")
    let store = try StoreOpener.forTests(folder).open("file:\(folder.file("store"))")
    let path = try folder.write("other bytes", to: "changed")
    await #expect {
      try await store.put(
        name, .file(path: path, size: 11, digest: Digest(of: [1])), replaces: false)
    } throws: { ($0 as? VidgitError)?.kind == .verification }
    #expect(try await store.size(of: name) == nil)
    #expect(try folder.entries("store/media").isEmpty)
  }

  @Test func whatALinkedOrStrangeNameLeadsToIsNotListed() async throws {
    try folder.folder("store/packs")
    try folder.write("x", to: "store/packs/README")
    try folder.write("x", to: "store/packs/.hidden")
    let store = try StoreOpener.forTests(folder).open("file:\(folder.file("store"))")
    #expect(try await store.list("packs/").isEmpty)
  }
}
