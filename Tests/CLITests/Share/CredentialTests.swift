import Foundation
import TestSupport
import Testing

/// What git's credential helpers are asked and told.
@Suite struct CredentialTests {
  /// A helper that gives a password and writes down what it is asked.
  private struct Helper {
    let log: String

    init(_ person: Person, password: String) throws {
      log = person.workspace.file("asked.txt")
      let script = person.workspace.file("helper")
      try """
      #!/bin/sh
      echo "$1" >>'\(log)'
      [ "$1" != get ] || printf 'username=\(person.name)\\npassword=\(password)\\n'
      """.write(toFile: script, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
      try Tool.git.succeed(
        ["config", "--global", "credential.helper", script], environment: person.environment)
    }

    func asked() throws -> Set<String> {
      Set(try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init))
    }
  }

  private func start() throws -> (server: GitHubServer, ann: Person, guest: Person) {
    let server = try GitHubServer(users: ["ann:tokA:repo"])
    let ann = try Person("ann", token: "tokA", at: server)
    try ann.succeed("split", Clip.short.orSkip(), "falls")
    try ann.succeed("publish", "ann/falls", "--private", "--no-media", in: "falls")
    return (server, ann, try Person("ann", token: nil, at: server))
  }

  @Test func aPasswordThatServesIsKept() throws {
    let (server, _, guest) = try start()
    let helper = try Helper(guest, password: "tokA")
    try guest.succeed("clone", "ann/falls")
    #expect(try helper.asked() == ["get", "store"])
    withExtendedLifetime(server) {}
  }

  @Test func aPasswordThatIsRefusedIsForgotten() throws {
    let (server, _, guest) = try start()
    let helper = try Helper(guest, password: "wrong")
    let result = try guest.vidgit("clone", "ann/falls")
    #expect(result.status != 0, Comment(rawValue: result.snapshot))
    #expect(!result.snapshot.contains("wrong"))
    #expect(try helper.asked() == ["get", "erase"])
    withExtendedLifetime(server) {}
  }

  /// What fails for another reason says nothing of the password.
  @Test func aPasswordOutlivesAPushThatIsNotTaken() throws {
    let (server, ann, guest) = try start()
    let helper = try Helper(guest, password: "tokA")
    try guest.succeed("clone", "ann/falls")
    try FileManager.default.removeItem(atPath: helper.log)
    try ann.succeed("filter", "noir", in: "falls")
    try ann.succeed("publish", "--no-media", in: "falls")
    try Tool.vidgit.succeed(
      ["cut", "0..1"], in: guest.workspace.file("falls"), environment: guest.environment)
    try guest.vidgit("publish", "--no-media", in: "falls").expectError(
      Status.conflict, saying: ["git fetch"])
    #expect(try helper.asked().contains("get"))
    #expect(try !helper.asked().contains("erase"))
    withExtendedLifetime(server) {}
  }
}
