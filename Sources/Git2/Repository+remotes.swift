import CGit2

/// A reference of a repository elsewhere.
public struct RemoteReference: Hashable, Sendable {
  /// "refs/heads/main"
  public let name: String
  public let id: ObjectID
}

extension Repository {
  /// The URL of a remote; nil where there is none of that name.
  public func remoteURL(_ name: String) throws(Git2Error) -> String? {
    try configString("remote.\(name).url")
  }

  /// Adds a remote with git's usual refspec.
  ///
  /// - Throws: `isExists`, `isInvalidSpec`.
  public func addRemote(_ name: String, url: String) throws(Git2Error) {
    try requireNoNUL(url, "add the remote '\(name)'")
    let remote: OpaquePointer = try make("add the remote '\(name)'") {
      git_remote_create(&$0, pointer, name, url)
    }
    git_remote_free(remote)
  }

  /// Fetches into references of this repository.
  ///
  /// The URL is taken as it is: git's settings `url.BASE.insteadOf` are the caller's business.
  ///
  /// - Parameter refspecs: "+refs/heads/*:refs/remotes/origin/*", ...
  public func fetch(
    from url: String, _ refspecs: [String], log: String, _ access: RemoteAccess
  ) throws(Git2Error) {
    let operation = "fetch from '\(url)'"
    try withRemote(url, operation) { remote throws(Git2Error) in
      var options = git_fetch_options()
      try check(
        git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)), operation)
      options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
      options.proxy_opts.type = access.proxy == "" ? GIT_PROXY_NONE : GIT_PROXY_AUTO
      let session = RemoteSession(access)
      session.fill(&options.callbacks)
      let code = withStrings(refspecs) { array in
        withExtendedLifetime(session) { git_remote_fetch(remote, array, &options, log) }
      }
      try check(code, operation)
    }
  }

  /// Pushes references, all that the server takes. The URL is taken as it is.
  ///
  /// - Parameter refspecs: "refs/heads/main:refs/heads/main"; a "+" before it moves a branch that has
  ///   gone elsewhere.
  /// - Returns: the references that the server did not take, with its reasons.
  /// - Throws: `isNonFastForward` where a branch has commits that are not here.
  public func push(
    to url: String, _ refspecs: [String], _ access: RemoteAccess
  ) throws(Git2Error) -> [String: String] {
    let operation = "push to '\(url)'"
    return try withRemote(url, operation) { remote throws(Git2Error) in
      var options = git_push_options()
      try check(git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)), operation)
      options.proxy_opts.type = access.proxy == "" ? GIT_PROXY_NONE : GIT_PROXY_AUTO
      let session = RemoteSession(access)
      session.fill(&options.callbacks)
      let code = withStrings(refspecs) { array in
        withExtendedLifetime(session) { git_remote_push(remote, array, &options) }
      }
      try check(code, operation)
      return session.refusals
    }
  }

  private func withRemote<Result>(
    _ url: String, _ operation: String, _ body: (OpaquePointer) throws(Git2Error) -> Result
  ) throws(Git2Error) -> Result {
    try requireNoNUL(url, operation)
    var options = git_remote_create_options()
    try check(
      git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION)),
      operation)
    options.repository = pointer
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue
    let remote: OpaquePointer = try make(operation) {
      git_remote_create_with_opts(&$0, url, &options)
    }
    defer { git_remote_free(remote) }
    return try body(remote)
  }
}

/// The references of the repository at a URL, and the branch that its HEAD is on. No repository of this
/// machine is needed.
public func remoteReferences(
  at url: String, _ access: RemoteAccess
) throws(Git2Error) -> (references: [RemoteReference], head: String?) {
  try Library.start()
  let operation = "ask '\(url)' for its branches"
  try requireNoNUL(url, operation)
  let remote: OpaquePointer = try make(operation) { git_remote_create_detached(&$0, url) }
  defer { git_remote_free(remote) }
  let session = RemoteSession(access)
  var callbacks = git_remote_callbacks()
  try check(
    git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION)), operation)
  session.fill(&callbacks)
  var proxy = git_proxy_options()
  try check(git_proxy_options_init(&proxy, UInt32(GIT_PROXY_OPTIONS_VERSION)), operation)
  proxy.type =
    access.proxy.map { $0.isEmpty ? GIT_PROXY_NONE : GIT_PROXY_SPECIFIED } ?? GIT_PROXY_AUTO
  let code = (access.proxy ?? "").withCString { text in
    proxy.url = proxy.type == GIT_PROXY_SPECIFIED ? text : nil
    return withExtendedLifetime(session) {
      git_remote_connect(remote, GIT_DIRECTION_FETCH, &callbacks, &proxy, nil)
    }
  }
  try check(code, operation)
  defer { git_remote_disconnect(remote) }
  var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
  var count = 0
  try check(git_remote_ls(&heads, &count, remote), operation)
  let references = (0..<count).compactMap { index in
    heads?[index].map {
      RemoteReference(name: String(cString: $0.pointee.name), id: ObjectID($0.pointee.oid))
    }
  }
  var buffer = git_buf()
  defer { git_buf_dispose(&buffer) }
  let head = git_remote_default_branch(&buffer, remote) == 0 ? String(cString: buffer.ptr) : nil
  git_error_clear()
  return (references, head)
}

extension Git2Error {
  /// The branch elsewhere has commits that are not in what was pushed.
  public var isNonFastForward: Bool { code == GIT_ENONFASTFORWARD.rawValue }
  /// The server wants to know who is asking, or does not take the answer.
  public var isAuthentication: Bool { code == GIT_EAUTH.rawValue }
  /// The server's certificate or host key is not one that is trusted.
  public var isCertificate: Bool { code == GIT_ECERTIFICATE.rawValue }
  /// A callback ended the transfer.
  public var isCancelled: Bool { code == GIT_EUSER.rawValue }
}

/// Trusts the certificates of a file in PEM in place of the system's, for the whole process.
public func trustCertificates(file: String) throws(Git2Error) {
  try Library.start()
  try check(cgit2_set_certificates(file), "use the certificates of '\(file)'")
}

/// Calls `body` with an array of C strings.
private func withStrings(
  _ texts: [String], _ body: (UnsafePointer<git_strarray>) -> Int32
) -> Int32 {
  var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { text in
    let bytes = Array(text.utf8CString)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    copy.initialize(from: bytes, count: bytes.count)
    return copy
  }
  defer { for pointer in pointers { pointer?.deallocate() } }
  return pointers.withUnsafeMutableBufferPointer { buffer in
    var array = git_strarray(strings: buffer.baseAddress, count: buffer.count)
    return body(&array)
  }
}
