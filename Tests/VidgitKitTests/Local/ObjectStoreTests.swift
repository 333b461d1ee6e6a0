import Dispatch
import FFmpeg
import Foundation
import Synchronization
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// Names of objects are on disk before anything may name them.
@Suite struct ObjectStoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder("objects") }

  private func frame(_ value: UInt8) throws -> Frame {
    try [UInt8](repeating: value, count: 48).withUnsafeBytes {
      try Frame(
        width: 4, height: 4, pixelFormat: #require(PixelFormat(name: "rgb24")), bytes: $0)
    }
  }

  private func parent(_ store: ObjectStore, _ frame: Frame) -> String {
    (store.path(of: frame.key) as NSString).deletingLastPathComponent
  }

  @Test func aNameThatAKilledRunLeftIsPutOnDiskToo() throws {
    let frame = try frame(1)
    try ObjectStore(folder: folder.path).put(frame, key: frame.key)
    let calls = Calls()
    let store = ObjectStore(folder: folder.path) { calls.add($0) }
    try store.put(frame, key: frame.key)
    try store.sync()
    #expect(calls.all == [parent(store, frame), folder.path])
  }

  @Test func whatFailedIsTriedAgain() throws {
    let frame = try frame(2)
    let calls = Calls()
    let store = ObjectStore(folder: folder.path) {
      calls.add($0)
      if calls.all.count == 1 { throw VidgitError.system("write", $0, EIO) }
    }
    try store.put(frame, key: frame.key)
    #expect(throws: VidgitError.self) { try store.sync() }
    try store.sync()
    #expect(calls.all == [parent(store, frame), parent(store, frame), folder.path])
    try store.sync()
    #expect(calls.all.count == 3)
  }

  /// Who comes while another puts names on disk, which may be its own, does not go on before.
  @Test func aSecondOneWaitsForTheFirst() async throws {
    let frame = try frame(3)
    let (entered, leave) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let isDone = Atomic(false)
    let store = ObjectStore(folder: folder.path) { [root = folder.path] folder in
      guard folder != root else { return }
      entered.signal()
      leave.wait()
      isDone.store(true, ordering: .sequentiallyConsistent)
    }
    try store.put(frame, key: frame.key)
    let first = Thread { try? store.sync() }
    first.start()
    entered.wait()
    // Lets the first one go once the second one is on its way, however late that is.
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { leave.signal() }
    try store.sync()
    let wasDone = isDone.load(ordering: .sequentiallyConsistent)
    #expect(wasDone)
  }

  private final class Calls: Sendable {
    private let folders = Mutex<[String]>([])
    var all: [String] { folders.withLock { $0 } }
    func add(_ folder: String) { folders.withLock { $0.append(folder) } }
  }
}
