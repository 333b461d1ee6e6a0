import Foundation
import Synchronization
import VidgitModel

/// A remote of the user's rclone: Dropbox, Drive, WebDAV, SFTP, and what else it knows.
///
/// One run of the program for each call, so that parts are large here.
struct RcloneStore: Store {
  let title: String
  let program: RcloneProgram
  /// "remote:path"
  let base: String
  /// For files on their way.
  let scratch: String

  var canList: Bool { true }
  var canWrite: Bool { true }
  var partSize: Int64 { 32 << 20 }

  private func place(of name: String) -> String {
    base.hasSuffix(":") || base.hasSuffix("/") ? base + name : "\(base)/\(name)"
  }

  func size(of name: StoreName) async throws -> Int64? {
    let result = try await program.run([
      "lsjson", "--stat", "--no-modtime", "--no-mimetype", place(of: name.text),
    ])
    if result.isAbsent { return nil }
    guard result.isSuccess else { throw fault(result, "look for", name.text) }
    let item = try VidgitError.model {
      try JSONValue(parsing: result.output, what: "what rclone says of '\(name)'")
    }.object
    // Some remotes answer for what is not there with nothing, or with a folder.
    guard item?["IsDir"]?.bool != true, case .int(let size)? = item?["Size"], size >= 0 else {
      return nil
    }
    return size
  }

  func read(
    _ name: StoreName, part: Range<Int64>?, limit: Int64,
    _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws {
    if part?.isEmpty == true { return }
    if let part, Int64(part.count) > limit { throw StoreFault.tooLong(name, limit, self) }
    var arguments = ["cat"]
    if let part { arguments += ["--offset", "\(part.lowerBound)", "--count", "\(part.count)"] }
    let count = part.map { Int64($0.count) } ?? limit
    let taken = Mutex<Int64>(0)
    let result = try await program.run(arguments + [place(of: name.text)]) { piece in
      let total = taken.withLock { taken in
        taken += Int64(piece.count)
        return taken
      }
      guard total <= count else { throw StoreFault.tooLong(name, limit, self) }
      try take(piece)
    }
    if result.isAbsent { throw missing(name) }
    guard result.isSuccess else { throw fault(result, "read", name.text) }
    let total = taken.withLock { $0 }
    // What is not there has no bytes for some remotes; nothing in a store is empty but a list.
    if total == 0, name != .packList { throw missing(name) }
    if part != nil, total < count { throw StoreFault.cut(name, self) }
  }

  func put(_ name: StoreName, _ content: StoreContent, replaces: Bool) async throws {
    if !replaces, try await size(of: name) == content.size { return }
    var temporary: String?
    defer { if let temporary { unlink(temporary) } }
    let source: String
    switch content {
    case .file(let path, _, _): source = path
    case .bytes(let bytes):
      source = "\(scratch)/rclone-\(UInt64.random(in: 0 ..< .max))"
      temporary = source
      try DurableFile.makeFolder(scratch)
      try DurableFile.write(bytes, to: source)
    }
    // What a broken try has left there is no reason to leave it so.
    let result = try await program.run([
      "copyto", "--ignore-times", source, place(of: name.text),
    ])
    guard result.isSuccess else { throw fault(result, "write", name.text) }
    guard try await size(of: name) == content.size else { throw StoreFault.cut(name, self) }
  }

  func list(_ prefix: String) async throws -> [StoreName: Int64] {
    let result = try await program.run([
      "lsjson", "-R", "--files-only", "--no-modtime", "--no-mimetype",
      place(of: String(prefix.dropLast())),
    ])
    if result.isAbsent { return [:] }
    guard result.isSuccess else { throw fault(result, "list", prefix) }
    let items = try VidgitError.model {
      try JSONValue(
        parsing: result.output, what: "what rclone lists of the store \(title)",
        limits: JSONLimits(bytes: RcloneProgram.longestList, depth: 8, elements: 10_000_000))
    }.array
    var found: [StoreName: Int64] = [:]
    for item in items ?? [] {
      guard let path = item.object?["Path"]?.string, let name = StoreName(prefix + path),
        name.kind != nil, case .int(let size)? = item.object?["Size"]
      else { continue }
      found[name] = size
    }
    return found
  }

  func delete(_ name: StoreName) async throws {
    guard try await has(name) else { return }
    let result = try await program.run(["deletefile", place(of: name.text)])
    guard result.isSuccess else { throw fault(result, "delete", name.text) }
  }

  private func fault(
    _ result: RcloneProgram.Result, _ verb: String, _ name: String
  ) -> VidgitError {
    let message =
      "cannot \(verb) '\(name)' in the store \(title): rclone "
      + TerminalText.escaped(result.words)
    if verb == "write", StoreFault.tellsFull(result.words) { return StoreFault.full(message) }
    return VidgitError(
      .system, message,
      hint: "`rclone lsd \(base)` tells whether the remote works; then run the same command again")
  }
}

/// Runs the user's `rclone`.
struct RcloneProgram: Sendable {
  let path: String
  let environment: [String: String]

  static let longestList = 512 << 20
  private static let patience = Duration.seconds(86_400)

  /// - Parameter variables: the caller's, of which it gets those that it needs.
  init(variables: [String: String]) throws {
    let folders = (variables["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    let found = folders.map { "\($0)/rclone" }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    guard let path = found else {
      throw VidgitError(
        .notFound, "the program 'rclone', which the store needs, is not on PATH",
        hint: "install it: https://rclone.org/install/")
    }
    self.path = path
    let needed: Set = [
      "PATH", "HOME", "TMPDIR", "LANG", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "USER",
      "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
      "SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS",
    ]
    environment = variables.filter { needed.contains($0.key) || $0.key.hasPrefix("RCLONE_") }
  }

  struct Result: Sendable {
    let end: ChildProcess.End
    let lastWords: String?
    /// What it wrote, where nobody else took it.
    let output: [UInt8]

    var isSuccess: Bool { end == .status(0) }
    /// 3: no such folder, 4: no such file.
    var isAbsent: Bool { end == .status(3) || end == .status(4) }
    var words: String { end.words + (lastWords.map { ": \($0)" } ?? "") }
  }

  /// Runs it to its end.
  ///
  /// - Parameter take: gets what it writes; nil keeps it.
  func run(
    _ arguments: [String], _ take: (@Sendable (UnsafeRawBufferPointer) throws -> Void)? = nil
  ) async throws -> Result {
    let running = Mutex<ChildProcess?>(nil)
    return try await withTaskCancellationHandler {
      try await blocking {
        // Nothing is asked on a terminal, and what is remembered of a list is not trusted.
        let process = try ChildProcess(
          program: path, arguments: ["rclone", "--ask-password=false"] + arguments,
          environment: environment, folder: "/", talks: true)
        running.withLock { $0 = process }
        if Task.isCancelled { process.stop() }
        process.closeInput()
        let deadline = ContinuousClock.now + Self.patience
        var output: [UInt8] = []
        do {
          try process.exchange([], until: deadline) { piece in
            if let take {
              try take(piece)
            } else {
              output.append(contentsOf: piece)
              guard output.count <= Self.longestList else {
                throw VidgitError(.refused, "what rclone writes is too long")
              }
            }
            return false
          }
        } catch ChildProcess.Fault.gone {
          // It has written all that it had to.
        } catch ChildProcess.Fault.late {
          throw VidgitError(.system, "rclone did not come to an end")
        } catch {
          process.stop()
          throw error
        }
        let end = process.end(within: .seconds(60)) ?? .signal(SIGKILL)
        return Result(end: end, lastWords: process.lastWords, output: output)
      }
    } onCancel: {
      running.withLock { $0?.stop() }
    }
  }
}
