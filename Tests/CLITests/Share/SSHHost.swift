import Foundation
import TestSupport
import Testing

/// OpenSSH's server on loopback, and somebody's `~/.ssh`: the `ssh` on their `PATH` reads that of the
/// test, since OpenSSH itself takes the home of the account, whatever HOME says.
struct SSHHost {
  private let server: TestServer
  private let folder: TemporaryFolder

  var port: String { server.facts["port"] ?? "" }
  var user: String { server.facts["user"] ?? "" }
  /// "ssh-ed25519 AAAA.."
  var key: String { server.facts["key"] ?? "" }
  /// What known_hosts calls it.
  var name: String { "[127.0.0.1]:\(port)" }

  init(root: String? = nil) throws {
    folder = try TemporaryFolder("sshd")
    server = try TestServer.ssh(folder.path, root: root)
  }

  func url(_ path: String) -> String { "ssh://\(user)@127.0.0.1:\(port)\(path)" }

  /// Takes the key of somebody.
  func admit(_ publicKey: String) throws {
    try Data((publicKey + "\n").utf8).write(
      to: URL(fileURLWithPath: folder.file("authorized_keys")))
  }

  /// What is in somebody's `~/.ssh`.
  func file(_ name: String, of person: Person) -> String {
    person.workspace.file("home/.ssh/\(name)")
  }

  /// Gives a person an `~/.ssh` with a key that is let in, and this host in its known_hosts.
  func welcome(_ person: inout Person, passphrase: String = "") throws {
    let home = person.workspace.file("home")
    let manager = FileManager.default
    try manager.createDirectory(atPath: "\(home)/.ssh", withIntermediateDirectories: true)
    try manager.createDirectory(atPath: "\(home)/bin", withIntermediateDirectories: true)
    try manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: "\(home)/.ssh")
    let ssh = try Tool.require("ssh")
    try Data("#!/bin/sh\nexec \(ssh.path) -F '\(home)/.ssh/config' \"$@\"\n".utf8)
      .write(to: URL(fileURLWithPath: "\(home)/bin/ssh"))
    try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(home)/bin/ssh")
    try Data(
      """
      Host films
        HostName 127.0.0.1
        Port \(port)
      Host *
        UserKnownHostsFile \(home)/.ssh/known_hosts
        GlobalKnownHostsFile /dev/null
        IdentityFile \(home)/.ssh/id_ed25519

      """.utf8
    ).write(to: URL(fileURLWithPath: "\(home)/.ssh/config"))
    try Tool.require("ssh-keygen").succeed([
      "-q", "-t", "ed25519", "-N", passphrase, "-C", "test", "-f", "\(home)/.ssh/id_ed25519",
    ])
    try admit(String(contentsOfFile: "\(home)/.ssh/id_ed25519.pub", encoding: .utf8))
    try know(key, person)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    person.set("PATH", "\(home)/bin:\(path)")
  }

  /// Writes what a person knows of this host; nil is nothing.
  func know(_ key: String?, _ person: Person) throws {
    try Data((key.map { "\(name) \($0)\n" } ?? "").utf8)
      .write(to: URL(fileURLWithPath: file("known_hosts", of: person)))
  }
}
