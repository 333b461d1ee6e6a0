import VidgitModel

extension GitHubAPI {
  /// A repository, as far as it matters here.
  struct RepositoryInfo: Sendable {
    let owner: String
    let name: String
    let isPrivate: Bool
    /// Whether who asks may push.
    let mayPush: Bool
    let defaultBranch: String
    /// Of a fork: "OWNER/NAME" it was made from.
    let parent: String?

    var fullName: String { "\(owner)/\(name)" }

    init?(_ json: JSONValue?) {
      guard let object = json?.object, let name = object["name"]?.string,
        let owner = object["owner"]?.object?["login"]?.string,
        RepositoryAddress.isOwner(owner), RepositoryAddress.isName(name)
      else { return nil }
      self.owner = owner
      self.name = name
      isPrivate = object["private"]?.bool ?? false
      mayPush = object["permissions"]?.object?["push"]?.bool ?? false
      defaultBranch = object["default_branch"]?.string ?? "main"
      parent = object["parent"]?.object?["full_name"]?.string
    }
  }

  /// Who asks.
  func user() async throws -> String {
    let answer = try await send("GET", "/user", expecting: [200], deed: "ask GitHub who you are")
    guard let login = answer.json?.object?["login"]?.string, RepositoryAddress.isOwner(login) else {
      throw unreadable("who you are")
    }
    return login
  }

  /// nil where there is none, or none that may be seen.
  func repository(_ owner: String, _ name: String) async throws -> RepositoryInfo? {
    let answer = try await send(
      "GET", "/repos/\(owner)/\(name)", expecting: [200, 404],
      deed: "look up the repository '\(owner)/\(name)'")
    if answer.status == 404 { return nil }
    guard let info = RepositoryInfo(answer.json) else { throw unreadable("a repository") }
    return info
  }

  /// Makes a repository without a commit.
  ///
  /// - Parameter user: who asks; another owner is an organisation.
  func create(
    _ owner: String, _ name: String, user: String, description: String, isPrivate: Bool
  ) async throws -> RepositoryInfo {
    let isOwn = owner.lowercased() == user.lowercased()
    let answer = try await send(
      "POST", isOwn ? "/user/repos" : "/orgs/\(owner)/repos",
      [
        "name": .string(name), "description": .string(description), "private": .bool(isPrivate),
      ], expecting: [201], deed: "make the repository '\(owner)/\(name)'")
    guard let info = RepositoryInfo(answer.json) else { throw unreadable("the new repository") }
    return info
  }

  /// Forks a repository for who asks, and waits until the fork is there. One that exists is taken.
  func fork(_ owner: String, _ name: String) async throws -> RepositoryInfo {
    let answer = try await send(
      "POST", "/repos/\(owner)/\(name)/forks", [:], expecting: [202],
      deed: "fork '\(owner)/\(name)'")
    guard let made = RepositoryInfo(answer.json) else { throw unreadable("the fork") }
    // GitHub copies while it answers: branches come a moment later.
    for _ in 0..<60 {
      let found = try await repository(made.owner, made.name)
      if let found, try await hasBranch(found) { return found }
      try await Task.sleep(for: .seconds(1))
    }
    throw VidgitError(
      .system, "the fork '\(made.fullName)' is not there a minute after it was asked for",
      hint: "GitHub may be slow: run the same command again, it carries on")
  }

  private func hasBranch(_ info: RepositoryInfo) async throws -> Bool {
    try await send(
      "GET", "/repos/\(info.fullName)/git/ref/heads/\(info.defaultBranch)",
      expecting: [200, 404, 409], deed: "look for the branches of '\(info.fullName)'"
    ).status == 200
  }

  /// A proposal to take in a branch.
  struct PullRequest: Sendable {
    let number: Int
    let title: String
    let url: String
    /// "open", "merged" or "closed"
    let state: String
    /// "OWNER:BRANCH" of the proposer.
    let head: String
    let base: String
    /// The commit that the base was on when GitHub last looked; empty where that is not said.
    let baseCommit: String
    let body: String

    init?(_ json: JSONValue?) {
      guard let object = json?.object, let number = object["number"]?.int,
        let head = object["head"]?.object, let into = object["base"]?.object,
        let base = into["ref"]?.string
      else { return nil }
      self.number = Int(clamping: number)
      title = object["title"]?.string ?? ""
      url = object["html_url"]?.string ?? ""
      let isMerged = object["merged_at"]?.string != nil
      state = isMerged ? "merged" : object["state"]?.string ?? ""
      baseCommit = into["sha"]?.string ?? ""
      self.head = head["label"]?.string ?? head["ref"]?.string ?? ""
      self.base = base
      body = object["body"]?.string ?? ""
    }
  }

  /// Opens a pull request; an open one of the same branches gets the new text, and keeps its title
  /// and the user's words where there are no new ones.
  func propose(
    to target: RepositoryInfo, head: (owner: String, branch: String), base: String,
    title: String?, subject: String, text: ProposalText
  ) async throws -> (request: PullRequest, isNew: Bool) {
    let deed = "propose '\(head.branch)' to '\(target.fullName)'"
    let answer = try await send(
      "POST", "/repos/\(target.fullName)/pulls",
      [
        "title": .string(title ?? subject), "head": .string("\(head.owner):\(head.branch)"),
        "base": .string(base), "body": .string(text.markdown),
      ], expecting: [201, 422], deed: deed)
    if answer.status == 201 {
      guard let request = PullRequest(answer.json) else { throw unreadable("the pull request") }
      return (request, true)
    }
    let query =
      "state=open&head=\(head.owner):\(PercentEncoding.text(head.branch))&base=\(PercentEncoding.text(base))"
    let open = try await send(
      "GET", "/repos/\(target.fullName)/pulls?\(query)", expecting: [200], deed: deed)
    guard let known = PullRequest(open.json?.array?.first) else {
      throw VidgitError(
        .conflict, "cannot \(deed): \(answer.message)",
        hint: "a proposal needs a commit that the other side does not have")
    }
    var text = text
    if text.message.isEmpty { text.message = ProposalText.message(in: known.body) }
    let changed = try await send(
      "PATCH", "/repos/\(target.fullName)/pulls/\(known.number)",
      ["title": .string(title ?? known.title), "body": .string(text.markdown)], expecting: [200],
      deed: deed)
    return (PullRequest(changed.json) ?? known, false)
  }

  func pullRequest(_ number: Int, of target: (owner: String, name: String)) async throws
    -> PullRequest
  {
    let answer = try await send(
      "GET", "/repos/\(target.owner)/\(target.name)/pulls/\(number)", expecting: [200],
      deed: "look up the pull request \(number) of '\(target.owner)/\(target.name)'")
    guard let request = PullRequest(answer.json) else { throw unreadable("the pull request") }
    return request
  }

  /// The open ones, the newest first.
  func openPullRequests(of target: (owner: String, name: String)) async throws -> [PullRequest] {
    var all: [PullRequest] = []
    for page in 1...Self.mostPages {
      let answer = try await send(
        "GET",
        "/repos/\(target.owner)/\(target.name)/pulls?state=open&per_page=100&page=\(page)",
        expecting: [200], deed: "list the pull requests of '\(target.owner)/\(target.name)'")
      guard let items = answer.json?.array else { throw unreadable("the pull requests") }
      all += items.compactMap { PullRequest($0) }
      if items.count < 100 { break }
    }
    return all
  }

  private static let mostPages = 100

  /// The web site of a repository: its address, and the branch that it is made of.
  struct Pages: Sendable {
    let url: String
    let branch: String
  }

  /// nil where there is none.
  func pages(of repository: String) async throws -> Pages? {
    let answer = try await send(
      "GET", "/repos/\(repository)/pages", expecting: [200, 404],
      deed: "look for the pages of '\(repository)'")
    guard answer.status == 200 else { return nil }
    guard let url = answer.json?.object?["html_url"]?.string else { throw unreadable("the pages") }
    return Pages(
      url: url, branch: answer.json?.object?["source"]?.object?["branch"]?.string ?? "")
  }

  /// Serves a folder of a branch as a web site.
  func servePages(of repository: String, branch: String, folder: String) async throws {
    _ = try await send(
      "POST", "/repos/\(repository)/pages",
      ["source": ["branch": .string(branch), "path": .string(folder)]], expecting: [201, 409],
      deed: "publish the pages of '\(repository)'")
  }

  private func unreadable(_ what: String) -> VidgitError {
    VidgitError(
      .system, "GitHub's answer about \(what) cannot be read",
      hint: "is vidgit.githubApi the address of a GitHub? api.github.com, or HOST/api/v3")
  }
}
