import Foundation
import Git2
import TestSupport

/// A folder that goes away with the test, and the real `git` in it.
///
/// libgit2 reads the configuration of `HostileHome` in every test. The real `git` is run without it
/// unless asked.
final class Sandbox {
  let root: String
  var path: String { root + "/work" }

  init() throws {
    _ = Self.home
    root = NSTemporaryDirectory() + "git2-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  static var home: String { HostileHome.path }

  func create(branch: String = "main") throws -> Repository {
    try Repository.create(at: path, initialBranch: branch)
  }

  func open() throws -> Repository { try Repository(at: path, discover: false) }

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Runs git in the work tree and returns what it printed, less the last newline.
  @discardableResult
  func git(
    _ arguments: String..., input: Data = Data(), withHome: Bool = false
  ) throws -> String {
    let bytes = try gitBytes(arguments, input: input, withHome: withHome)
    let text = String(decoding: bytes, as: UTF8.self)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  func gitBytes(_ arguments: [String], input: Data = Data(), withHome: Bool = false) throws -> Data
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": withHome ? Self.home : "/nonexistent",
      "GIT_CONFIG_GLOBAL": withHome ? Self.home + "/.gitconfig" : "/dev/null",
      "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
      "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
      "GIT_AUTHOR_DATE": "2024-01-02T03:04:05+0100",
      "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.org",
      "GIT_COMMITTER_DATE": "2024-01-02T03:04:05+0100",
    ]
    // Files, not pipes: nothing to read in step.
    let folder = root + "/io-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, content) in [("in", input), ("out", Data()), ("err", Data())] {
      try content.write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    process.standardInput = FileHandle(forReadingAtPath: folder + "/in")
    process.standardOutput = FileHandle(forWritingAtPath: folder + "/out")
    process.standardError = FileHandle(forWritingAtPath: folder + "/err")
    try process.run()
    process.waitUntilExit()
    let output = try Data(contentsOf: URL(fileURLWithPath: folder + "/out"))
    if process.terminationStatus != 0 {
      let errors = try String(contentsOfFile: folder + "/err", encoding: .utf8)
      throw Failure(description: "git \(arguments.joined(separator: " ")): \(errors)")
    }
    return output
  }

  /// Prints nothing and succeeds, or throws.
  func fsck() throws {
    let output = try git("fsck", "--strict", "--no-dangling", "--no-progress")
    if !output.isEmpty { throw Failure(description: "fsck: \(output)") }
  }

  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  func write(_ name: String, _ data: Data) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  func read(_ name: String) -> Data? {
    FileManager.default.contents(atPath: path + "/" + name)
  }

  func text(_ name: String) -> String? { read(name).map { String(decoding: $0, as: UTF8.self) } }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path + "/" + name)
  }

  func files(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
  }
}

let someone = Signature(
  name: "Some One", email: "one@example.org", time: 1_700_000_000, offsetMinutes: 60)

extension PackWriter {
  mutating func writeBlob(_ text: String) throws(Git2Error) -> ObjectID {
    try writeBlob(Array(text.utf8))
  }

  mutating func writeBlob(_ bytes: [UInt8]) throws(Git2Error) -> ObjectID {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: bytes)
    return try writeBlob(bytes: UnsafeRawBufferPointer(buffer))
  }

  mutating func writeFiles(_ files: [String: String]) throws(Git2Error) -> ObjectID {
    var changes: [String: ObjectID?] = [:]
    for (path, text) in files { changes[path] = .some(try writeBlob(text)) }
    return try updateTree(base: nil, changes: changes)
  }

  mutating func writeCommit(
    _ tree: ObjectID, _ parents: ObjectID..., message: String = "Do it\n", time: Int64 = 0
  ) throws(Git2Error) -> ObjectID {
    var signature = someone
    signature.time += time
    return try writeCommit(
      tree: tree, parents: parents, author: signature, committer: signature, message: message)
  }
}

extension Repository {
  /// Commits these files on a branch, objects first.
  @discardableResult
  borrowing func commitFiles(
    _ files: [String: String], on branch: String = "main", message: String = "Do it\n",
    time: Int64 = 0
  ) throws -> ObjectID {
    let parent = try reference(named: "refs/heads/" + branch)
    var writer = try packWriter()
    let tree = try writer.writeFiles(files)
    var signature = someone
    signature.time += time
    let commit = try writer.writeCommit(
      tree: tree, parents: parent.map { [$0] } ?? [], author: signature, committer: signature,
      message: message)
    try writer.flush()
    try updateReference(
      "refs/heads/" + branch, to: commit, expecting: parent, signature: signature,
      message: "commit")
    return commit
  }
}

/// Lines like those of a timeline, the same for the same seed.
func shard(_ seed: Int, lines: Int = 1000) -> [UInt8] {
  var state = UInt64(truncatingIfNeeded: seed) &* 0x9e37_79b9_7f4a_7c15 | 1
  let digits = Array("0123456789abcdef".utf8)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(lines * 180)
  for line in 0..<lines {
    bytes += "{\"pts\":\((seed * lines + line) * 1001),\"dur\":1001,\"hash\":\"sha256:".utf8
    for _ in 0..<4 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      for shift in 0..<16 { bytes.append(digits[Int(state >> UInt64(shift * 4) & 15)]) }
    }
    bytes += "\",\"uri\":\"media/falls.json\",\"filters\":[\"noir-3f2a9c1d0b7e\"]}\n".utf8
  }
  return bytes
}
