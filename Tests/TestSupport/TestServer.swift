import Foundation
import Testing

/// A server of `Tests/Servers` as a process of its own, on loopback, which ends with this value.
public final class TestServer: Sendable {
  private let process: ServerProcess
  /// What it said about itself: "base", ...
  public let facts: [String: String]

  public var base: String { facts["base"] ?? "" }

  private init(_ script: String, _ arguments: [String], modules: [String]) throws {
    process = try ServerProcess(
      Self.python(with: modules),
      ["\(SharedVideos.packageRoot)/Tests/Servers/\(script)"] + arguments,
      name: script)
    let line = process.line
    guard let facts = try JSONSerialization.jsonObject(with: line) as? [String: String] else {
      throw TestSupportError("\(script) said: \(String(decoding: line, as: UTF8.self))")
    }
    self.facts = facts
  }

  /// S3, with the bucket "films" and a key that may do everything.
  ///
  /// - Parameter checks: whether signatures are checked.
  public static func s3(checks: Bool = true) throws -> TestServer {
    try TestServer("s3.py", checks ? [] : ["--no-checks"], modules: ["moto.server", "boto3"])
  }

  /// The files of a folder, by HTTP.
  public static func nginx(_ folder: String) throws -> TestServer {
    guard Tool.find("nginx") != nil || Tool.isProgram("/usr/sbin/nginx") else {
      try skip("no 'nginx' on PATH")
    }
    return try TestServer("program.py", ["nginx", folder], modules: [])
  }

  /// The files of a folder, by WebDAV.
  public static func webDAV(_ folder: String) throws -> TestServer {
    try rclone("webdav", folder)
  }

  /// The files of a folder, by SFTP, for "ada" with the password "secret".
  public static func sftp(_ folder: String) throws -> TestServer { try rclone("sftp", folder) }

  private static func rclone(_ kind: String, _ folder: String) throws -> TestServer {
    guard Tool.find("rclone") != nil else { try skip("no 'rclone' on PATH") }
    return try TestServer("program.py", [kind, folder], modules: [])
  }

  /// OpenSSH's server with the `authorized_keys` of `folder`.
  ///
  /// - Parameter root: where the paths of repositories begin; nil is the root of the file system.
  public static func ssh(_ folder: String, root: String? = nil) throws -> TestServer {
    guard Tool.isProgram("/usr/sbin/sshd") else {
      try skip("no '/usr/sbin/sshd' (Debian: openssh-server)")
    }
    return try TestServer("sshd.py", [folder] + (root.map { [$0] } ?? []), modules: [])
  }

  /// The files of a folder, with one of the faults that `faulty.py` knows.
  public static func faulty(_ folder: String, _ mode: String) throws -> TestServer {
    try TestServer("faulty.py", [folder, mode], modules: [])
  }

  /// What lies between a client and another server: it writes down requests, and breaks them.
  ///
  /// - Parameter folder: gets the file "hanging" when a request hangs.
  public static func relay(to base: String, _ folder: String) throws -> TestServer {
    try TestServer("relay.py", [base, folder], modules: [])
  }

  /// S3's uploads in parts, in short pages.
  public static func parts(_ options: String...) throws -> TestServer {
    try TestServer("parts.py", options, modules: [])
  }

  /// How many requests a faulty server has seen.
  public func requestCount() throws -> Int { Int(try control("GET", "count")) ?? -1 }

  /// What the server answers to its test.
  @discardableResult
  public func control(_ method: String, _ path: String) throws -> String {
    try Tool.require("curl").succeed(["-sf", "-X", method, "\(base)/control/\(path)"]).output
  }

  /// The requests that a server has written down.
  public func log() throws -> [[String: Any]] {
    let data = Data(try control("GET", "log").utf8)
    return try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
  }

  /// The Python of the tests' own environment, else one on `PATH` that has the modules.
  private static func python(with modules: [String]) throws -> String {
    let own = "\(SharedVideos.packageRoot)/.build/venv/bin/python"
    let all = [own, Tool.find("python3")?.path].compactMap { $0 }.filter { Tool.isProgram($0) }
    let code = "import " + (["sys"] + modules).joined(separator: ", ")
    let found = try all.first {
      try Tool(name: "python3", path: $0).run(["-c", code]).status == 0
    }
    guard let found else {
      try skip(
        "no 'python3' with \((["itself"] + modules).joined(separator: ", ")); see `make test-deps`")
    }
    return found
  }
}

extension [[String: Any]] {
  /// The numbers of the parts of S3's uploads that a relay has seen arrive, in order.
  public var sentParts: [Int] {
    compactMap { line in
      guard line["status"] as? Int == 200, line["method"] as? String == "PUT",
        let path = line["path"] as? String, let start = path.firstRange(of: "partNumber=")
      else { return nil }
      return Int(path[start.upperBound...].prefix { $0.isNumber })
    }.sorted()
  }
}
