import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// What a killed run has left of a file in a folder is taken up.
@Suite struct UnfinishedFileTests {
  private let folder: TemporaryFolder
  private let store: FileStore
  private let bytes: [UInt8]
  private let name: StoreName

  init() throws {
    folder = try TemporaryFolder("unfinished")
    store = FileStore(title: "nas", folder: folder.path)
    var generator = SplitMix64(seed: 3)
    // Two pieces and a bit.
    bytes = (0..<300_000).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
    name = .media(Digest(of: bytes))
    try folder.folder("media")
    try folder.write(Data(bytes), to: "source")
  }

  private var leftover: String { "\(name.text).tmp-unfinished" }

  private func put() async throws {
    try await store.put(
      name,
      .file(path: folder.file("source"), size: Int64(bytes.count), digest: Digest(of: bytes)),
      replaces: false)
  }

  private func inode(_ name: String) throws -> Int {
    try #require(
      FileManager.default.attributesOfItem(atPath: folder.file(name))[.systemFileNumber] as? Int)
  }

  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file("media")).sorted()
  }

  private func expectWhole() throws {
    let stored = try Data(contentsOf: URL(fileURLWithPath: folder.file(name.text)))
    #expect(Array(stored) == bytes)
  }

  @Test(arguments: [0, 1, 1 << 20, 1_500_000, 2_400_000])
  func whatIsThereIsTakenUp(_ count: Int) async throws {
    try folder.write(Data(bytes.prefix(count)), to: leftover)
    let old = try inode(leftover)
    try await put()
    try expectWhole()
    #expect(try inode(name.text) == old)
    #expect(try files().count == 1)
  }

  @Test func whatIsWrongIsWrittenAnew() async throws {
    var wrong = Array(bytes.prefix(2_000_000)) + [UInt8](repeating: 7, count: 3_000_000)
    wrong[1_200_000] ^= 1
    try folder.write(Data(wrong), to: leftover)
    try await put()
    try expectWhole()
    #expect(try files().count == 1)
  }

  /// Another run writes the same file at this moment.
  @Test func whatSomebodyIsWritingStays() async throws {
    try folder.write(Data(bytes.prefix(5)), to: leftover)
    let file = open(folder.file(leftover), O_RDONLY)
    try #require(flock(file, LOCK_EX | LOCK_NB) == 0)
    try await put()
    try expectWhole()
    #expect(try files().count == 2)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file(leftover))) == Data(bytes.prefix(5)))
    close(file)
  }

  /// A link that somebody has put there leads nowhere.
  @Test func linksAreNotFollowed() async throws {
    try folder.write(Data(), to: "elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(leftover), withDestinationPath: folder.file("elsewhere"))
    try await put()
    try expectWhole()
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("elsewhere"))).isEmpty)
  }
}
