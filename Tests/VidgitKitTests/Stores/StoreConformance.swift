import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import Curl
@testable import VidgitKit

/// What every store that can be written must do.
struct StoreConformance {
  let store: any Store
  let folder: TemporaryFolder

  private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    return (0..<(count + 7) / 8).flatMap { _ in
      withUnsafeBytes(of: generator.next()) { Array($0) }
    }.prefix(count).map(\.self)
  }

  /// - Parameter longest: bytes of the longest file, for stores that send such in parts.
  func check(longest: Int = 3 << 20) async throws {
    try await absence()
    try await contents(longest: longest)
    try await replacing()
    try await listing()
  }

  private func absence() async throws {
    let nothing = StoreName.media(Digest(of: [0]))
    #expect(try await store.size(of: nothing) == nil)
    #expect(try await store.list("media/").isEmpty)
    try await store.delete(nothing)
    for part in [nil, 0..<10 as Range<Int64>] {
      await #expect {
        _ = try await store.bytes(of: nothing, part: part, limit: 100)
      } throws: { ($0 as? VidgitError)?.kind == .notFound && "\($0)".contains(nothing.text) }
    }
  }

  private func contents(longest: Int) async throws {
    for (number, size) in [1, 100_000, longest].enumerated() {
      let bytes = Self.bytes(size, seed: UInt64(number))
      let digest = Digest(of: bytes)
      let name = StoreName.media(digest)
      let path = try folder.write(Data(bytes), to: "content-\(number)")
      try await store.put(
        name, .file(path: path, size: Int64(size), digest: digest), replaces: false)
      #expect(try await store.size(of: name) == Int64(size))
      let read = try await store.bytes(of: name, limit: Int64(size))
      #expect(read == bytes)
      if size > 1 {
        for part in [0..<1, 5..<Int64(size), Int64(size) / 2..<Int64(size) / 2 + 40_000] {
          let read = try await store.bytes(of: name, part: part, limit: 1 << 30)
          #expect(read == Array(bytes[Int(part.lowerBound)..<Int(part.upperBound)]))
        }
        await #expect(throws: VidgitError.self) {
          _ = try await store.bytes(of: name, limit: Int64(size) - 1)
        }
        await #expect(throws: VidgitError.self) {
          _ = try await store.bytes(
            of: name, part: Int64(size) - 10..<Int64(size) + 10, limit: 1 << 30)
        }
      }
    }
  }

  private func replacing() async throws {
    let name = StoreName.packList
    try await store.put(name, .bytes(Array("one".utf8)), replaces: false)
    // The same size: what is there already is taken to be the same.
    try await store.put(name, .bytes(Array("two".utf8)), replaces: false)
    #expect(try await store.bytes(of: name, limit: 10) == Array("one".utf8))
    try await store.put(name, .bytes(Array("three".utf8)), replaces: true)
    #expect(try await store.bytes(of: name, limit: 10) == Array("three".utf8))
    try await store.delete(name)
    #expect(try await store.size(of: name) == nil)
  }

  private func listing() async throws {
    var expected: [StoreName: Int64] = [:]
    for number in 0..<12 {
      let bytes = Self.bytes(10 + number, seed: 99)
      let digest = Digest(of: bytes)
      try await store.put(.pack(digest), .bytes(bytes), replaces: false)
      expected[.pack(digest)] = Int64(bytes.count)
    }
    #expect(try await store.list("packs/") == expected)
    #expect(try await store.list("media/").count == 3)
    let key = FrameKey(
      digest: Digest(of: [7]), shape: FrameShape(width: 2, height: 2, pixelFormat: "gray"))
    let object = try #require(StoreName.object(key))
    try await store.put(object, .bytes([1, 2, 3]), replaces: false)
    #expect(try await store.list("objects/") == [object: 3])
    try await store.delete(object)
    try await store.delete(object)
    #expect(try await store.list("objects/").isEmpty)
  }
}

/// Quick to try again, so that tests do not wait.
extension RetryPolicy {
  static let quick = RetryPolicy(tries: 4, base: .milliseconds(10), cap: .milliseconds(50))
}

extension StoreOpener {
  static func forTests(
    _ folder: TemporaryFolder, _ access: StoreAccess = StoreAccess()
  ) throws -> StoreOpener {
    try StoreOpener(access, scratch: folder.file("scratch"), policy: .quick)
  }

  func open(
    _ uri: String, _ change: (inout StoreSettings) -> Void = { _ in }
  ) throws -> any Store {
    var settings = StoreSettings(name: "test", location: try StoreLocation(parsing: uri))
    change(&settings)
    return try open(settings)
  }
}
