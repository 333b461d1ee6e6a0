import Foundation
import Git2

/// Asks git's credential helpers who the user is at a host (gitcredentials(7)).
struct CredentialFinder: Sendable {
  /// The caller's environment, for the program `git`.
  let variables: [String: String]

  /// nil where no helper knows, or there is no `git`.
  ///
  /// - Parameter user: the one whose password is wanted; nil leaves that to the helper.
  func fill(_ url: String, user: String? = nil) -> RemoteCredential? {
    guard let request = Self.request(url, user: user), let answer = run("fill", request) else {
      return nil
    }
    let fields = Self.fields(answer)
    guard let user = fields["username"], let secret = fields["password"], !secret.isEmpty else {
      return nil
    }
    return RemoteCredential(user: user, secret: secret)
  }

  /// Tells the helpers that what they gave was taken, or was not.
  func report(_ url: String, _ credential: RemoteCredential, isGood: Bool) {
    guard let request = Self.request(url, user: credential.user) else { return }
    _ = run(isGood ? "approve" : "reject", request + "password=\(credential.secret)\n")
  }

  /// - Returns: nil for what a helper has no answer to, or where a line break could make another
  ///   request of it.
  static func request(_ url: String, user: String? = nil) -> String? {
    guard let scheme = url.firstRange(of: "://"),
      !(url + (user ?? "")).unicodeScalars.contains(where: { $0.value < 0x20 })
    else { return nil }
    let name = url[..<scheme.lowerBound].lowercased()
    guard name == "https" || name == "http" else { return nil }
    let rest = url[scheme.upperBound...]
    let host = rest.prefix { $0 != "/" }
    let path = rest[host.endIndex...].drop { $0 == "/" }
    guard !host.isEmpty, !host.contains("@") else { return nil }
    return "protocol=\(name)\nhost=\(host)\n" + (path.isEmpty ? "" : "path=\(path)\n")
      + (user.map { "username=\($0)\n" } ?? "")
  }

  private static func fields(_ text: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let equals = line.firstIndex(of: "=") else { continue }
      fields[String(line[..<equals])] = String(line[equals...].dropFirst())
    }
    return fields
  }

  /// Runs `git credential`; nil where it fails. Helpers may ask the user in windows of their own; git
  /// asks nothing on the terminal, where it would want a password that GitHub does not take.
  private func run(_ action: String, _ input: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "credential", action]
    process.environment = variables.merging(["GIT_TERMINAL_PROMPT": "0"]) { $1 }
    process.standardError = FileHandle.nullDevice
    let (given, taken) = (Pipe(), Pipe())
    process.standardInput = given
    process.standardOutput = taken
    do {
      try process.run()
      // The request is far smaller than a pipe holds.
      try given.fileHandleForWriting.write(contentsOf: Data((input + "\n").utf8))
      try given.fileHandleForWriting.close()
      let data = try taken.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    } catch {
      return nil
    }
  }
}
