public import Foundation

/// A program that tests run: a system tool found on `PATH`, or the `vidgit` that this package built.
///
/// It runs in a hermetic environment: nothing of the caller's but `PATH`, a home of its own, no Git
/// configuration of the machine, fixed author, committer, dates, language and time zone.
public struct Tool: Sendable {
  /// The name that messages use.
  public let name: String
  /// The absolute path of the program.
  public let path: String
  /// Variables set for every run, over the hermetic ones.
  public var environment: [String: String] = [:]

  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// The program `name` on `PATH`, or nil.
  public static func find(_ name: String) -> Tool? {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in folders.split(separator: ":") {
      let path = "\(folder)/\(name)"
      if isProgram(path) { return Tool(name: name, path: path) }
    }
    return nil
  }

  /// The program `name` on `PATH`; throws a message that says what to install when it is missing.
  public static func require(_ name: String) throws -> Tool {
    guard let tool = find(name) else {
      throw TestSupportError("'\(name)' is not on PATH; `make deps` installs what the tests need")
    }
    return tool
  }

  /// Enough for a server of the tests: no proxies, no keys.
  static var plainEnvironment: [String: String] {
    ProcessInfo.processInfo.environment.filter {
      ["PATH", "HOME", "TMPDIR", "LANG"].contains($0.key)
    }
  }

  public static var git: Tool { get throws { try require("git") } }
  public static var ffmpeg: Tool { get throws { try require("ffmpeg") } }
  public static var ffprobe: Tool { get throws { try require("ffprobe") } }

  /// The built `vidgit` beside the test bundle, or the one that `VIDGIT_TEST_BINARY` names.
  public static var vidgit: Tool {
    get throws {
      if let path = ProcessInfo.processInfo.environment["VIDGIT_TEST_BINARY"] {
        guard isProgram(path) else {
          throw TestSupportError("VIDGIT_TEST_BINARY names no program: '\(path)'")
        }
        return Tool(name: "vidgit", path: path)
      }
      guard let path = BuildProducts.find("vidgit", where: isProgram) else {
        throw TestSupportError(
          "no 'vidgit' beside the test bundle (looked in \(BuildProducts.folders.joined(separator: ", ")))"
        )
      }
      return Tool(name: "vidgit", path: path)
    }
  }

  /// Runs the program to its end and returns what it wrote and how it ended; a failing status is not an error.
  ///
  /// - Parameters:
  ///   - arguments: as the program gets them, without its own name.
  ///   - folder: where it runs; a new empty folder when nil.
  ///   - environment: more variables.
  ///   - input: what it reads from standard input, which is empty otherwise.
  ///   - timeout: when it is over, the program and all its children in the same group are killed and this throws.
  ///   - interruption: a signal to send while it runs.
  public func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: Data = Data(), timeout: Duration = .seconds(120), interruption: Interruption? = nil
  ) throws -> ToolResult {
    let home = try TemporaryFolder("home")
    let folder = try folder ?? home.folder("empty")
    let variables = Self.hermetic(home: home.path)
      .merging(self.environment) { $1 }.merging(environment) { $1 }
    let end = try Spawn.run(
      path, arguments, in: folder, variables, input: input, timeout: timeout,
      interruption: interruption)
    let result = ToolResult(
      command: ([name] + arguments).joined(separator: " "), standardOutput: end.output,
      standardError: end.errors, status: end.status, signal: end.signal, duration: end.duration,
      normalizations: [(folder, "$PWD"), (home.path, "$HOME")])
    if end.timedOut {
      throw TestSupportError("'\(result.command)' was killed after \(timeout):\n\(result.snapshot)")
    }
    return result
  }

  /// Runs the program and throws with all that it said when its status is not 0.
  @discardableResult
  public func succeed(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: Data = Data(), timeout: Duration = .seconds(120)
  ) throws -> ToolResult {
    let result = try run(
      arguments, in: folder, environment: environment, input: input, timeout: timeout)
    guard result.status == 0 else {
      throw TestSupportError("'\(result.command)' failed:\n\(result.snapshot)")
    }
    return result
  }

  private static func hermetic(home: String) -> [String: String] {
    [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
      "HOME": home, "TMPDIR": FileManager.default.temporaryDirectory.path,
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
      "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
      "GIT_AUTHOR_DATE": "1700000000 +0000",
      "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
      "GIT_COMMITTER_DATE": "1700000000 +0000",
      "LC_ALL": "C", "TZ": "UTC", "TERM": "dumb",
    ]
  }

  static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }
}

/// A signal that is sent to a running program, as Ctrl-C does.
public struct Interruption: Sendable {
  public var signal: Int32
  public var after: Duration
  /// Time counts from when this file or folder is there: a busy machine may take its time to begin.
  public var sign: String?

  public init(_ signal: Int32 = SIGINT, after: Duration, sign: String? = nil) {
    self.signal = signal
    self.after = after
    self.sign = sign
  }
}

/// Where the package manager puts what it builds: the folders above the running test bundle.
enum BuildProducts {
  static let folders: [String] = {
    let starts =
      [Bundle.main.executableURL?.path].compactMap { $0 } + Bundle.allBundles.map(\.bundlePath)
      + CommandLine.arguments.filter { $0.contains(".xctest") }
    var folders: [String] = []
    for start in starts {
      var url = URL(fileURLWithPath: start).resolvingSymlinksInPath()
      // On macOS the code stands three folders deep in the bundle.
      for _ in 0..<4 where url.path != "/" {
        url.deleteLastPathComponent()
        if !folders.contains(url.path) { folders.append(url.path) }
      }
    }
    return folders
  }()

  static func find(_ name: String, where accept: (String) -> Bool) -> String? {
    folders.lazy.map { "\($0)/\(name)" }.first(where: accept)
  }
}
