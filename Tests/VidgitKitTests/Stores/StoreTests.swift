import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// Every kind of store against a real server.
@Suite struct StoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("stores") }

  private var environment: [String: String] {
    ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path]
  }

  @Test func folders() async throws {
    try folder.folder("store")
    let store = try StoreOpener.forTests(folder).open("file:\(folder.file("store"))")
    try await StoreConformance(store: store, folder: folder).check()
  }

  @Test func aFolderThatIsNotThereIsNotMade() async throws {
    let store = try StoreOpener.forTests(folder).open("file:\(folder.file("none"))")
    await #expect {
      try await store.put(.packList, .bytes([1]), replaces: true)
    } throws: { "\($0)".contains("mount") }
    #expect(!FileManager.default.fileExists(atPath: folder.file("none")))
  }

  @Test(arguments: ["s3://films", "s3://films/some/prefix"])
  func s3(_ uri: String) async throws {
    let server = try TestServer.s3()
    let store = try StoreOpener.forTests(folder, access(server)).open(uri) {
      $0.endpoint = server.base
      $0.region = "eu-central-1"
    }
    // Long enough for five parts.
    try await StoreConformance(store: store, folder: folder).check(longest: (66 << 20) + 7)
  }

  private func access(_ server: TestServer) -> StoreAccess {
    StoreAccess(
      key: .init(accessKey: server.facts["key"] ?? "", secretKey: server.facts["secret"] ?? ""),
      region: "eu-central-1")
  }

  @Test func s3ListsPageByPage() async throws {
    let server = try TestServer.s3(checks: false)
    let store = try StoreOpener.forTests(folder, access(server)).open("s3://films/x") {
      $0.endpoint = server.base
    }
    var expected: Set<StoreName> = []
    for number in 0..<1101 {
      expected.insert(.media(Digest(of: Array("\(number)".utf8))))
    }
    let names = Array(expected)
    try await mapInOrder(
      width: 8,
      next: { () -> StoreName? in names.count > done.count ? names[done.next()] : nil },
      transform: { try await store.put($0, .bytes([1]), replaces: false) }, consume: { _ in })
    #expect(Set(try await store.list("media/").keys) == expected)
  }

  private let done = Counter()

  @Test func s3RefusesAWrongKey() async throws {
    let server = try TestServer.s3()
    var access = access(server)
    access.key?.secretKey = "not-the-secret-of-this-key"
    let store = try StoreOpener.forTests(folder, access).open("s3://films") {
      $0.endpoint = server.base
    }
    await #expect {
      try await store.put(.packList, .bytes([1]), replaces: true)
    } throws: { error in
      let text = "\(error)"
      return text.contains("SignatureDoesNotMatch") && text.contains("AWS_ACCESS_KEY_ID")
        && !text.contains("not-the-secret") && (error as? VidgitError)?.kind == .refused
    }
  }

  @Test func webServers() async throws {
    let root = try folder.folder("root")
    let server = try TestServer.nginx(root)
    let opener = try StoreOpener.forTests(folder)
    let store = try opener.open(server.base)
    let bytes = [UInt8]((0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) })
    let name = StoreName.media(Digest(of: bytes))
    try folder.folder("root/media")
    try folder.write(Data(bytes), to: "root/\(name.text)")
    #expect(try await store.size(of: name) == 300_000)
    #expect(try await store.bytes(of: name, limit: 300_000) == bytes)
    #expect(
      try await store.bytes(of: name, part: 7..<250_000, limit: 300_000)
        == Array(bytes[7..<250_000]))
    #expect(try await store.size(of: .packList) == nil)
    await #expect { _ = try await store.bytes(of: .packList, limit: 10) } throws: {
      ($0 as? VidgitError)?.kind == .notFound
    }
    await #expect(throws: VidgitError.self) {
      try await store.put(.packList, .bytes([1]), replaces: true)
    }
    // The same place is not called where a repository names it and not the user.
    let base = opener.open(publicBase: server.base.replacing("http://", with: "https://"))
    await #expect { _ = try await base.size(of: name) } throws: {
      ($0 as? VidgitError)?.kind == .refused
    }
  }

  @Test func rclone() async throws {
    let root = try folder.folder("root")
    let server = try TestServer.webDAV(root)
    var access = StoreAccess(variables: environment)
    access.variables["RCLONE_CONFIG_NAS_TYPE"] = "webdav"
    access.variables["RCLONE_CONFIG_NAS_URL"] = server.base
    let store = try StoreOpener.forTests(folder, access).open("rclone:nas:films/here")
    try await StoreConformance(store: store, folder: folder).check()
    #expect(try folder.entries("root") == ["films"])
  }

  @Test func rcloneBySFTP() async throws {
    let root = try folder.folder("root")
    let server = try TestServer.sftp(root)
    var access = StoreAccess(variables: environment)
    let secret = try Tool.require("rclone").succeed(["obscure", "secret"]).output
    for (name, value) in [
      ("TYPE", "sftp"), ("HOST", "127.0.0.1"), ("PORT", server.facts["port"] ?? ""),
      ("USER", "ada"), ("PASS", secret.trimmingCharacters(in: .newlines)),
    ] { access.variables["RCLONE_CONFIG_NAS_\(name)"] = value }
    let store = try StoreOpener.forTests(folder, access).open("rclone:nas:films/here")
    try await StoreConformance(store: store, folder: folder).check()
    #expect(try folder.entries("root") == ["films"])
  }

  @Test func rcloneThatFailsSaysWhy() async throws {
    guard Tool.find("rclone") != nil else { try skip("no 'rclone' on PATH") }
    let store = try StoreOpener.forTests(folder, StoreAccess(variables: environment))
      .open("rclone:nowhere:x")
    await #expect { _ = try await store.list("packs/") } throws: {
      "\($0)".contains("nowhere") && "\($0)".contains("didn't find section")
    }
  }

  @Test func gitHubReleases() async throws {
    let server = try GitHubServer.films()
    let opener = try StoreOpener.forTests(folder, StoreAccess(gitHubToken: GitHubServer.token))
    let store = try opener.open("github-release:ada/films") { $0.endpoint = server.endpoint }
    try await StoreConformance(store: store, folder: folder).check()
    // Another who looks finds the same, without a token; writing needs one.
    let other = try StoreOpener.forTests(folder).open("github-release:ada/films") {
      $0.endpoint = server.endpoint
    }
    #expect(try await other.list("packs/").count == 12)
    await #expect {
      try await other.put(.packList, .bytes([1]), replaces: true)
    } throws: { "\($0)".contains("GITHUB_TOKEN") }
    #expect(try await server.violations() == [])
  }

  @Test func anUploadToGitHubThatFailsIsClearedAway() async throws {
    let server = try GitHubServer.films()
    let opener = try StoreOpener.forTests(folder, StoreAccess(gitHubToken: GitHubServer.token))
    let store = try opener.open("github-release:ada/films") { $0.endpoint = server.endpoint }
    try await server.fail("path=/uploads&kind=502-starter&count=2")
    let name = StoreName.media(Digest(of: [1, 2]))
    try await store.put(name, .bytes([1, 2]), replaces: false)
    #expect(try await store.bytes(of: name, limit: 2) == [1, 2])
    #expect(try await store.list("media/") == [name: 2])
    try await server.fail("path=/uploads&kind=502-starter&count=99")
    let next = StoreName.media(Digest(of: [3]))
    await #expect { try await store.put(next, .bytes([3]), replaces: false) } throws: {
      "\($0)".contains("502")
    }
    #expect(try await store.list("media/") == [name: 2])
    #expect(try await server.violations() == [])
  }
}

/// Counts from 0; used by one task.
private final class Counter: @unchecked Sendable {
  private(set) var count = 0

  func next() -> Int {
    defer { count += 1 }
    return count
  }
}
