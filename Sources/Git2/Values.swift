import CGit2

/// Who did something and when.
public struct Signature: Hashable, Sendable {
  public var name: String
  public var email: String
  /// Seconds since 1970-01-01 UTC.
  public var time: Int64
  /// The author's time zone, in minutes east of UTC.
  public var offsetMinutes: Int32

  public init(name: String, email: String, time: Int64, offsetMinutes: Int32) {
    self.name = name
    self.email = email
    self.time = time
    self.offsetMinutes = offsetMinutes
  }

  init(_ raw: git_signature) {
    self.init(
      name: raw.name.map { String(cString: $0) } ?? "",
      email: raw.email.map { String(cString: $0) } ?? "",
      time: raw.when.time, offsetMinutes: raw.when.offset)
  }

  /// Hands the body this signature in libgit2's form, which refuses `<`, `>` and empty names.
  func withRaw<Value>(
    _ body: (UnsafePointer<git_signature>) throws(Git2Error) -> Value
  ) throws(Git2Error) -> Value {
    try requireNoNUL(name, "use the name")
    try requireNoNUL(email, "use the address")
    let raw: UnsafeMutablePointer<git_signature> = try make("use the name '\(name) <\(email)>'") {
      git_signature_new(&$0, name, email, time, offsetMinutes)
    }
    defer { git_signature_free(raw) }
    return try body(raw)
  }
}

/// A commit, read whole.
public struct Commit: Hashable, Sendable {
  public let id: ObjectID
  public let tree: ObjectID
  public let parents: [ObjectID]
  public let author: Signature
  public let committer: Signature
  /// As stored, less leading newlines; bytes that are not UTF-8 come as U+FFFD.
  public let message: String
}

/// One entry of one tree, as stored: nothing about it has been checked.
public struct TreeEntry: Hashable, Sendable {
  /// The stored name. Anything is possible, `../evil` and `.git` included.
  public let name: String
  /// False if the stored bytes are not UTF-8; `name` then has U+FFFD in their place.
  public let nameIsUTF8: Bool
  /// The mode as stored, not normalised: 0o100644, 0o100755, 0o120000, 0o040000, 0o160000, ...
  public let mode: UInt32
  public let id: ObjectID

  public init(name: String, mode: UInt32, id: ObjectID) {
    self.name = name
    self.nameIsUTF8 = true
    self.mode = mode
    self.id = id
  }

  init(_ raw: OpaquePointer) {
    let bytes = git_tree_entry_name(raw)!
    let valid = String(validatingCString: bytes)
    name = valid ?? String(cString: bytes)
    nameIsUTF8 = valid != nil
    mode = UInt32(git_tree_entry_filemode_raw(raw).rawValue)
    id = ObjectID(git_tree_entry_id(raw)!.pointee)
  }

  public static let fileMode: UInt32 = 0o100644
  public static let executableMode: UInt32 = 0o100755
  public static let folderMode: UInt32 = 0o040000

  /// Whether the mode is that of a tree.
  public var isFolder: Bool { mode & 0o170000 == Self.folderMode }
  /// Whether the mode is that of a plain file: no link, no submodule.
  public var isFile: Bool { mode & 0o170000 == 0o100000 }
}

/// C strings end at the first NUL: a text with one inside would silently be cut short.
func requireNoNUL(_ text: String, _ operation: String) throws(Git2Error) {
  if text.utf8.contains(0) {
    throw Git2Error(GIT_EINVALID, operation, "it has a NUL character")
  }
}
