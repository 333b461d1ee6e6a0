import Foundation
import TestSupport
import Testing

/// Git's variables for its configuration count for vidgit as they do for git, which is the judge.
@Suite struct GitConfigTests {
  private func files(_ workspace: Workspace) throws -> String {
    let home = workspace.file("home")
    try FileManager.default.createDirectory(
      atPath: "\(home)/.config/git", withIntermediateDirectories: true)
    for (file, name) in [
      (".gitconfig", "home"), (".config/git/config", "xdg"), ("global", "global"),
      ("system", "system"), ("included", "included"),
    ] {
      var text = "[vidgit \"store.\(name)\"]\n\turl = file:/\(name)\n"
      text += "[vidgit \"store.all\"]\n\turl = file:/\(name)\n"
      text += "[user]\n\tname = \(name)\n\temail = \(name)@example.org\n"
      if file == "global" { text += "[include]\n\tpath = included\n" }
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(home)/\(file)"))
    }
    return home
  }

  /// Only root can give a repository to somebody else.
  @Test func safeDirectoryCounts() throws {
    guard getuid() == 0 else { try skip("only root can give files away") }
    let workspace = try Workspace()
    let repository = try workspace.split(.short)
    let path = try Tool.require("realpath").succeed([repository.path]).output
      .trimmingCharacters(in: .newlines)
    for name in [path, "\(path)/.git"] { #expect(chown(name, 12345, 12345) == 0) }
    let config = workspace.file("global")
    let home = try workspace.folder.folder("home")
    func write(_ value: String?, to file: String) throws {
      try Data((value.map { "[safe]\n\tdirectory = \($0)\n" } ?? "").utf8)
        .write(to: URL(fileURLWithPath: file))
    }
    let env = try Tool.require("env")
    var seen: [String: Set<Bool>] = [:]
    // What is in the home counts where GIT_CONFIG_GLOBAL is not set, and only there; without any of
    // git's variables libgit2 looks by itself.
    for sources in [
      ["GIT_CONFIG_GLOBAL=\(config)"], ["GIT_CONFIG_GLOBAL=/dev/null"], [],
      ["-u", "GIT_CONFIG_NOSYSTEM"],
    ] {
      for atHome in [nil, path, "/elsewhere"] {
        for value in sources.first?.hasSuffix(config) == true
          ? [nil, path, "*", "/elsewhere"] : [nil]
        {
          try write(value, to: config)
          try write(atHome, to: "\(home)/.gitconfig")
          let words = ["-u", "GIT_CONFIG_GLOBAL", "-u", "SUDO_UID"] + sources + ["HOME=\(home)"]
          let theirs = try env.run(words + ["git", "status"], in: path).status == 0
          let ours = try env.run(words + [Tool.vidgit.path, "status"], in: path)
          let said = "\(words) \(value ?? "") \(atHome ?? "")\n\(ours.snapshot)"
          #expect((ours.status == 0) == theirs, Comment(rawValue: said))
          if !theirs { #expect(ours.errors.contains("safe.directory"), Comment(rawValue: said)) }
          seen[sources.last ?? "", default: []].insert(theirs)
        }
      }
    }
    #expect(seen["GIT_CONFIG_GLOBAL=\(config)"] == [true, false])
    #expect(seen["GIT_CONFIG_GLOBAL=/dev/null"] == [false] && seen[""] == [true, false])
    // Who has called sudo is at home there.
    for user in ["12345", "54321"] {
      let words = ["SUDO_UID=\(user)", "GIT_CONFIG_GLOBAL=/dev/null"]
      let theirs = try env.run(words + ["git", "status"], in: path).status == 0
      let ours = try env.run(words + [Tool.vidgit.path, "status"], in: path)
      #expect(theirs == (user == "12345"))
      #expect((ours.status == 0) == theirs, Comment(rawValue: ours.snapshot))
    }
  }

  @Test func countAsTheyDoForGit() throws {
    let workspace = try Workspace()
    let home = try files(workspace)
    let repository = try workspace.split(.short)
    _ = try repository.git("config", "vidgit.store.local.url", "file:/local")
    let unset = [
      "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
    ]
    .flatMap { ["-u", $0] }
    let env = try Tool.require("env")
    func run(_ program: String, _ arguments: [String], _ variables: [String: String]) throws
      -> ToolResult
    {
      // One that is empty here is not set.
      let given = variables.filter { !$0.value.isEmpty }
      let none = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"]
        .filter { given[$0] == nil }.flatMap { ["-u", $0] }
      let words = given.map { "\($0.key)=\($0.value)" }
      return try env.run(
        unset + none + ["HOME=\(home)"] + words + [program] + arguments, in: repository.path)
    }
    var seen: Set<[String]> = []
    for global in ["", "\(home)/global", "/dev/null", "\(home)/missing", "../home/global"] {
      for system in ["\(home)/system", "/dev/null"] {
        for noSystem in ["", "1", "true", "0", "no"] {
          let variables = [
            "GIT_CONFIG_GLOBAL": global, "GIT_CONFIG_SYSTEM": system,
            "GIT_CONFIG_NOSYSTEM": noSystem,
          ]
          let lines = try run(
            "git", ["config", "--get-regexp", #"^vidgit\.store\..*\.url$"#], variables
          ).output.split(separator: "\n")
          var theirs: [String: String] = [:]
          for line in lines {
            let parts = line.split(separator: " ")
            theirs[String(parts[0].split(separator: ".")[2])] = String(parts[1])
          }
          let list = try run(Tool.vidgit.path, ["store", "list", "--json"], variables)
          #expect(list.status == 0, Comment(rawValue: list.snapshot))
          let stores = try #require(
            object(list.output)["stores"] as? [[String: Any]])
          var ours: [String: String] = [:]
          for store in stores {
            ours[store["name"] as? String ?? ""] = store["uri"] as? String
          }
          #expect(ours == theirs, "\(variables)")
          seen.insert(theirs.keys.sorted())
        }
      }
    }
    // The judge has told them apart.
    #expect(seen.count >= 5)

    // Who commits.
    let variables = ["GIT_CONFIG_GLOBAL": "\(home)/global"]
    let cut = try run(Tool.vidgit.path, ["cut", "0..1"], variables)
    #expect(cut.status == 0, Comment(rawValue: cut.snapshot))
    let ident = try run("git", ["var", "GIT_AUTHOR_IDENT"], variables).output
    let author = try repository.git("log", "-1", "--format=%an <%ae> ")
    #expect(author.hasPrefix("included <") && ident.hasPrefix(author), "\(author), not \(ident)")

    let broken = try run(Tool.vidgit.path, ["status"], ["GIT_CONFIG_NOSYSTEM": "perhaps"])
    broken.expectError(Status.usage, saying: ["GIT_CONFIG_NOSYSTEM", "perhaps"])
    try Data("[broken\n".utf8).write(to: URL(fileURLWithPath: "\(home)/broken"))
    let unread = try run(
      Tool.vidgit.path, ["status"], ["GIT_CONFIG_GLOBAL": "\(home)/broken"])
    unread.expectError(Status.badInput, saying: ["broken"])
  }
}
