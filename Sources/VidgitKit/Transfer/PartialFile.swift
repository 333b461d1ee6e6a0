import FFmpeg
import Foundation
import Synchronization
import VidgitModel

/// A medium of which only the parts are here that somebody has read: a file with gaps, and beside it
/// a map with one byte for each chunk, "1" where the chunk is on disk. How long a chunk is follows
/// from the medium's size, so that a map has no more than `mostChunks` bytes.
///
/// Its whole hash is compared when all of it is here; until then the frames' own hashes are what
/// pictures are checked by. One process at a time has it.
///
/// `@unchecked Sendable`: descriptors are set once and used with `pread` and `pwrite`.
final class PartialFile: FileGaps, @unchecked Sendable {
  private static let leastChunk: Int64 = 256 << 10
  static let mostChunks = 1 << 18
  /// Bytes that are fetched beyond what is asked for, and those of one request, where a chunk is not
  /// longer.
  private static let (shortestRead, longestRead): (Int64, Int64) = (1 << 20, 4 << 20)
  private static let readsAtOnce = 6

  let path: String
  private let mapPath: String
  private let descriptor: Int32
  private let map: Int32
  private let lock: FileLock
  private let size: Int64
  /// Bytes of each chunk but the last.
  private let chunk: Int64
  private let name: StoreName
  private let sources: [StoreSet.Source]
  private let note: @Sendable (String) -> Void
  private let state: Mutex<State>

  private struct State {
    var isHere: [Bool]
    /// The chunk behind the last read, and how far reads go beyond what is asked for.
    var next = 0
    var ahead = 1
    var failure: VidgitError?
    /// Bytes that this process has fetched.
    var fetched: Int64 = 0
  }

  var failure: VidgitError? { state.withLock(\.failure) }
  var fetched: Int64 { state.withLock(\.fetched) }

  /// - Parameter sources: those that have the medium.
  /// - Throws: `VidgitError`: conflict where another process is fetching it.
  init(
    _ descriptor: MediaDescriptor, folder: String, sources: [StoreSet.Source],
    note: @escaping @Sendable (String) -> Void
  ) throws {
    try DurableFile.makeFolder(folder)
    let path = "\(folder)/\(descriptor.sha256.hex)"
    guard let lock = try FileLock(path: "\(path).lock") else {
      throw VidgitError(
        .conflict, "another vidgit is fetching '\(TerminalText.escaped(descriptor.name))'",
        hint: "wait until it is done, and run the same command again")
    }
    self.lock = lock
    self.path = path
    mapPath = "\(path).map"
    size = descriptor.size
    name = .media(descriptor.sha256)
    self.sources = sources
    self.note = note
    let chunk = Self.chunk(ofSize: size)
    self.chunk = chunk
    let count = Int(size / chunk) + (size % chunk > 0 ? 1 : 0)
    // One of another length was made with chunks of another length.
    let isKnown =
      FileStatus(path: mapPath)?.size == Int64(count) && FileStatus(path: path)?.size == size
    let known = isKnown ? FileManager.default.contents(atPath: mapPath) : nil
    state = Mutex(
      State(
        isHere: known?.map { $0 == UInt8(ascii: "1") } ?? Array(repeating: false, count: count)))
    let flags = O_RDWR | O_CREAT | O_CLOEXEC | (known == nil ? O_TRUNC : 0)
    let data = open(path, flags, 0o644)
    let map = open(mapPath, flags, 0o644)
    self.descriptor = data
    self.map = map
    guard data >= 0, map >= 0 else { throw VidgitError.system("create", path) }
    if known == nil {
      let blank = [UInt8](repeating: UInt8(ascii: "0"), count: count)
      guard ftruncate(data, off_t(size)) == 0 else { throw VidgitError.system("write", path) }
      try blank.withUnsafeBytes { try DurableFile.writeAll($0, to: map, mapPath) }
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if map >= 0 { close(map) }
  }

  /// Twice as long for a medium of twice the size, from 64 GiB on: then there are more chunks of the
  /// shorter length than `mostChunks`, so that no map of one length is taken for that of another.
  static func chunk(ofSize size: Int64) -> Int64 {
    var chunk = leastChunk
    while size / chunk >= mostChunks { chunk *= 2 }
    return chunk
  }

  /// Chunks in so many bytes, one at least.
  private func chunks(_ bytes: Int64) -> Int { max(1, Int(bytes / chunk)) }

  func fill(_ bytes: Range<Int64>) throws {
    let bytes = bytes.clamped(to: 0..<size)
    guard !bytes.isEmpty else { return }
    let chunks = Int(bytes.lowerBound / chunk)..<Int((bytes.upperBound - 1) / chunk) + 1
    guard let wanted = reach(of: chunks) else { return }
    do {
      try waitFor { [self] in
        for run in missing(in: wanted) { try await fetch(run) }
      }
    } catch let error as VidgitError {
      state.withLock { $0.failure = $0.failure ?? error }
      throw error
    }
  }

  /// What to fetch where `chunks` are read: more and more where somebody reads on; nil where all of
  /// them are here.
  private func reach(of chunks: Range<Int>) -> Range<Int>? {
    state.withLock { state in
      guard !state.isHere[chunks].allSatisfy({ $0 }) else { return nil }
      state.ahead =
        chunks.contains(state.next) || chunks.lowerBound == state.next
        ? min(self.chunks(Self.longestRead), state.ahead * 2) : self.chunks(Self.shortestRead)
      let end = min(state.isHere.count, chunks.upperBound + state.ahead - 1)
      state.next = end
      return chunks.lowerBound..<end
    }
  }

  /// The runs of chunks that are not here, none longer than a request should be.
  private func missing(in chunks: Range<Int>) -> [Range<Int>] {
    let isHere = state.withLock(\.isHere)
    let longest = self.chunks(Self.longestRead)
    var runs: [Range<Int>] = []
    for chunk in chunks where !isHere[chunk] {
      if let last = runs.last, last.upperBound == chunk, last.count < longest {
        runs[runs.count - 1] = last.lowerBound..<chunk + 1
      } else {
        runs.append(chunk..<chunk + 1)
      }
    }
    return runs
  }

  private func fetch(_ chunks: Range<Int>) async throws {
    let start = Int64(chunks.lowerBound) * chunk
    let part = start..<min(size, Int64(chunks.upperBound) * chunk)
    var failure: VidgitError?
    for source in sources {
      let place = Mutex(start)
      do {
        try await source.store.read(name, part: part, limit: Int64(part.count)) { [self] piece in
          try place.withLock { try write(piece, at: &$0) }
        }
        try keep(chunks)
        return
      } catch let error as VidgitError {
        failure = failure ?? error
        if sources.count > 1 { note(error.message) }
      }
    }
    throw failure ?? VidgitError(.notFound, "no store has '\(name)'")
  }

  private func write(_ piece: UnsafeRawBufferPointer, at place: inout Int64) throws {
    var rest = piece[...]
    while !rest.isEmpty {
      let bytes = UnsafeRawBufferPointer(rebasing: rest)
      let count = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(place))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw VidgitError.system("write", path) }
      place += Int64(count)
      rest = rest.dropFirst(count)
    }
  }

  /// The bytes first, then the word that they are there.
  private func keep(_ chunks: Range<Int>) throws {
    try DurableFile.sync(descriptor, path)
    let marks = [UInt8](repeating: UInt8(ascii: "1"), count: chunks.count)
    guard pwrite(map, marks, marks.count, off_t(chunks.lowerBound)) == marks.count else {
      throw VidgitError.system("write", mapPath)
    }
    state.withLock { state in
      for chunk in chunks { state.isHere[chunk] = true }
      state.fetched += min(Int64(chunks.count) * chunk, size)
    }
  }

  /// Fetches all that is not here yet, and moves the whole to `target`.
  ///
  /// - Throws: `VidgitError`: verification where the whole has other bytes than its hash says; it is
  ///   gone then.
  func complete(
    _ digest: Digest, to target: String, _ progress: (Int64) -> Void
  ) async throws {
    var runs = missing(in: 0..<state.withLock(\.isHere.count))[...]
    try await mapInOrder(
      width: Self.readsAtOnce, next: { runs.popFirst() },
      transform: { [self] run in try await fetch(run) }, consume: { progress(fetched) })
    let path = path
    guard try await MediaLibrary.hash(path) == digest else {
      unlink(mapPath)
      unlink(path)
      let titles = sources.map(\.store.title).joined(separator: ", ")
      throw StoreFault.wrongBytes("the medium \(digest.text)", titles)
    }
    try DurableFile.sync(descriptor, path)
    try DurableFile.rename(path, to: target)
    unlink(mapPath)
    unlink("\(path).lock")
  }
}
