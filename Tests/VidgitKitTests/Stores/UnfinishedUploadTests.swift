import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// Uploads in parts that were cut: the next one takes up what is there.
@Suite struct UnfinishedUploadTests {
  private let folder: TemporaryFolder
  private let bytes: [UInt8]
  private let name: StoreName
  private let path: String

  /// Five parts, the last of seven bytes.
  init() throws {
    folder = try TemporaryFolder("uploads")
    var generator = SplitMix64(seed: 11)
    let count = 4 * Int(S3Store.uploadPart) + 7
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
    }
    self.bytes = Array(bytes.prefix(count))
    name = .media(Digest(of: self.bytes))
    path = try folder.write(Data(self.bytes), to: "long")
  }

  private func store(_ server: TestServer) throws -> any Store {
    let access = StoreAccess(
      key: .init(
        accessKey: server.facts["key"] ?? "AKID", secretKey: server.facts["secret"] ?? "secret-key")
    )
    return try StoreOpener.forTests(folder, access).open("s3://films") {
      $0.endpoint = server.base
      $0.region = "eu-central-1"
    }
  }

  private func put(_ server: TestServer) async throws {
    try await store(server).put(
      name, .file(path: path, size: Int64(bytes.count), digest: Digest(of: bytes)), replaces: false)
  }

  @Test func aFileThatIsNotItsNameGetsNone() async throws {
    let server = try TestServer.parts()
    // One bit of the third part was changed since the file was hashed.
    var other = bytes
    other[bytes.count / 2] ^= 1
    try folder.write(Data(other), to: "long")
    // What an earlier run has sent is not for this file either.
    let old = try begin(100_000, server)
    try send(Data(other.prefix(Int(S3Store.uploadPart))), as: 1, old, server)
    for _ in 0..<2 {
      await #expect {
        try await put(server)
      } throws: { error in
        (error as? VidgitError)?.kind == .verification && "\(error)".contains(path)
      }
      #expect(try server.control("GET", "object?key=\(name.text)") == "")
      #expect(try uploads(server) == [])
    }
    try folder.write(Data(bytes), to: "long")
    try await put(server)
    try expectWhole(server)
  }

  @Test func aShortFileThatIsNotItsNameIsNotSent() async throws {
    let server = try TestServer.parts()
    let path = try folder.write(Data([1, 2, 4]), to: "short")
    let content = StoreContent.file(path: path, size: 3, digest: Digest(of: [1, 2, 3]))
    await #expect {
      try await store(server).put(.media(Digest(of: [1, 2, 3])), content, replaces: false)
    } throws: { ($0 as? VidgitError)?.kind == .verification }
    #expect(try server.log().allSatisfy { $0["method"] as? String != "PUT" })
  }

  /// The part of the file with this number.
  private func part(_ number: Int) -> Data {
    let start = (number - 1) * Int(S3Store.uploadPart)
    return Data(bytes[start..<min(bytes.count, start + Int(S3Store.uploadPart))])
  }

  /// As another run would have sent it.
  private func send(_ data: Data, as number: Int, _ upload: String, _ server: TestServer) throws {
    let file = try folder.write(data, to: "part")
    try Tool.require("curl").succeed([
      "-sf", "-T", file,
      "\(server.base)/films/\(name.text)?partNumber=\(number)&uploadId=\(upload)",
    ])
  }

  private func begin(_ age: Int, _ server: TestServer, key: String? = nil) throws -> String {
    try server.control("POST", "begin?key=\(key ?? name.text)&age=\(age)")
  }

  /// The numbers of the parts that were sent since the log had `count` lines.
  private func sent(since count: Int, _ server: TestServer) throws -> [Int] {
    try server.log().dropFirst(count).compactMap { line in
      guard line["method"] as? String == "PUT", let query = line["query"] as? String else {
        return nil
      }
      return query.split(separator: "&").first { $0.hasPrefix("partNumber=") }
        .flatMap { Int($0.dropFirst("partNumber=".count)) }
    }.sorted()
  }

  private func expectWhole(
    _ server: TestServer, uploads: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let got = try Tool.require("curl").succeed([
      "-sf", "-o", folder.file("got"), "\(server.base)/control/object?key=\(name.text)",
    ])
    #expect(got.status == 0, sourceLocation: sourceLocation)
    let isSame = FileManager.default.contents(atPath: folder.file("got")) == Data(bytes)
    #expect(isSame, sourceLocation: sourceLocation)
    #expect(try self.uploads(server) == uploads, sourceLocation: sourceLocation)
  }

  /// Those that are not finished.
  private func uploads(_ server: TestServer) throws -> [String] {
    let left = try JSONSerialization.jsonObject(with: Data(server.control("GET", "uploads").utf8))
    return try #require(left as? [String])
  }

  /// The lists come in pages of one upload and two parts.
  @Test func theUploadWithMostPartsIsTaken() async throws {
    let server = try TestServer.parts()
    let few = try begin(100, server)
    let most = try begin(2 * 86_400, server)
    let old = try begin(3 * 86_400, server)
    let other = try begin(9 * 86_400, server, key: name.text + "0")
    try send(part(1), as: 1, few, server)
    for number in [1, 2, 4, 5] { try send(part(number), as: number, most, server) }
    try send(part(3), as: 3, old, server)
    let count = try server.log().count
    try await put(server)
    #expect(try sent(since: count, server) == [3])
    // One that is young may be somebody's at work, and what has another name is not ours.
    try expectWhole(server, uploads: [few, other])
  }

  @Test func aPartWithOtherBytesIsSentAgain() async throws {
    let server = try TestServer.parts()
    let upload = try begin(5, server)
    try send(part(1), as: 1, upload, server)
    try send(part(1), as: 2, upload, server)
    try send(part(5), as: 5, upload, server)
    let count = try server.log().count
    try await put(server)
    #expect(try sent(since: count, server) == [2, 3, 4])
    try expectWhole(server)
  }

  /// What another program has begun is cut another way: it is not built upon.
  @Test func partsOfOtherSizesAreLeftAlone() async throws {
    let server = try TestServer.parts()
    let young = try begin(5, server)
    let old = try begin(2 * 86_400, server)
    for upload in [young, old] { try send(part(1).prefix(5 << 20), as: 1, upload, server) }
    let count = try server.log().count
    try await put(server)
    #expect(try sent(since: count, server) == [1, 2, 3, 4, 5])
    try expectWhole(server, uploads: [young])
  }

  @Test func partsWhoseTagIsNoMD5AreNotTrusted() async throws {
    let server = try TestServer.parts("--kms")
    let upload = try begin(5, server)
    for number in 1...3 { try send(part(number), as: number, upload, server) }
    let count = try server.log().count
    try await put(server)
    #expect(try sent(since: count, server) == [1, 2, 3, 4, 5])
    try expectWhole(server)
  }

  @Test func whoMayNotListSendsTheWhole() async throws {
    let server = try TestServer.parts("--shy")
    let upload = try begin(5, server)
    try send(part(1), as: 1, upload, server)
    let count = try server.log().count
    try await put(server)
    #expect(try sent(since: count, server) == [1, 2, 3, 4, 5])
    try expectWhole(server, uploads: [upload])
  }

  /// Who may not list finds its parts never again, and they are billed: a push that fails leaves none.
  @Test(arguments: ["--shy", "--shut"]) func whatNobodyFindsAgainIsTakenAway(_ how: String)
    async throws
  {
    let server = try TestServer.parts(how)
    let other = try begin(2 * 86_400, server)
    try send(part(1), as: 1, other, server)
    try server.control("POST", "refuse?part=4")
    for _ in 0..<2 { await #expect(throws: VidgitError.self) { try await put(server) } }
    #expect(try uploads(server) == [other])
  }

  /// The same failure where it can be found: it stays for the next try.
  @Test func whatCanBeFoundStays() async throws {
    let server = try TestServer.parts()
    try server.control("POST", "refuse?part=5")
    for _ in 0..<2 { await #expect(throws: VidgitError.self) { try await put(server) } }
    #expect(try uploads(server).count == 1)
  }

  /// A store that wants a pause has not said that there is nothing.
  @Test func aBusyStoreIsNotSentTheWhole() async throws {
    let server = try TestServer.parts("--busy")
    await #expect { try await put(server) } throws: { "\($0)".contains("429") }
    #expect(try sent(since: 0, server) == [])
    #expect(try uploads(server) == [])
  }

  /// A young one that cannot be finished may be somebody's at work.
  @Test(arguments: [100, 2 * 86_400])
  func anUploadThatCannotBeFinishedIsBegunAnew(_ age: Int) async throws {
    let server = try TestServer.parts()
    let known = try begin(age, server)
    try send(part(1), as: 1, known, server)
    try server.control("POST", "spoil?id=\(known)")
    try await put(server)
    try expectWhole(server, uploads: age == 100 ? [known] : [])
  }

  /// What is to be replaced may have the same length.
  @Test func whatIsThereIsNotTakenForWhatReplacesIt() async throws {
    let server = try TestServer.parts()
    let old = try folder.write(Data(bytes.reversed()), to: "old")
    let size = Int64(bytes.count)
    let digest = Digest(of: Array(bytes.reversed()))
    try await store(server).put(
      name, .file(path: old, size: size, digest: digest), replaces: true)
    try server.control("POST", "spoil?id=\(begin(5, server))")
    try await store(server).put(
      name, .file(path: path, size: size, digest: Digest(of: bytes)), replaces: true)
    try expectWhole(server, uploads: uploads(server))
  }

  /// The connection breaks in the middle of a part; what is there stays for the next try.
  @Test func aCutConnectionIsNoNewBeginning() async throws {
    let bucket = try TestServer.s3()
    let relay = try TestServer.relay(to: bucket.base, folder.path)
    try relay.control("POST", "break?part=5")
    let access = StoreAccess(
      key: .init(accessKey: bucket.facts["key"] ?? "", secretKey: bucket.facts["secret"] ?? ""))
    let content = StoreContent.file(
      path: path, size: Int64(bytes.count), digest: Digest(of: bytes))
    func store() throws -> any Store {
      try StoreOpener.forTests(folder, access).open("s3://films") {
        $0.endpoint = relay.base
        $0.region = "eu-central-1"
      }
    }
    let first = try store()
    await #expect(throws: VidgitError.self) { try await first.put(name, content, replaces: false) }
    #expect(try relay.log().sentParts == [1, 2, 3, 4])
    try relay.control("POST", "mend")
    let second = try store()
    try await second.put(name, content, replaces: false)
    #expect(try relay.log().sentParts == [5])
    let read = try await second.bytes(of: name, limit: Int64(bytes.count))
    #expect(read == bytes)
  }
}
