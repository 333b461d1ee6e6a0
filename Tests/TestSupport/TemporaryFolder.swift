public import Foundation

/// A new folder for one test, removed with all that is in it when the value goes away.
///
/// Its path has no symbolic link in it, so that it can be compared with what a tool prints.
public final class TemporaryFolder: Sendable {
  /// The absolute path, without a slash at the end.
  public let path: String

  /// Makes the folder. `name` is a part of its name, for people who look at what a stopped run left.
  public init(_ name: String = "test") throws {
    let base = FileManager.default.temporaryDirectory.path
    var template = Array("\(base)/vidgit-\(name)-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template), let real = realpath(made, nil) else {
      throw TestSupportError(
        "cannot make a folder in '\(base)': \(String(cString: strerror(errno)))")
    }
    defer { free(real) }
    path = String(cString: real)
  }

  deinit {
    // A test may have taken the right to write away from a folder: give it back first.
    let manager = FileManager.default
    for entry in manager.enumerator(atPath: path)?.compactMap({ $0 as? String }) ?? [] {
      var isFolder: ObjCBool = false
      let full = "\(path)/\(entry)"
      if manager.fileExists(atPath: full, isDirectory: &isFolder), isFolder.boolValue {
        chmod(full, 0o700)
      }
    }
    try? manager.removeItem(atPath: path)
  }

  /// The absolute path of `name` in this folder; nothing is made.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a folder in this one, with those between, and returns its path.
  @discardableResult
  public func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: file(name), withIntermediateDirectories: true)
    return file(name)
  }

  /// Writes a file in this folder, replacing what is there, and returns its path.
  @discardableResult
  public func write(_ data: Data, to name: String) throws -> String {
    try data.write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Writes a text in UTF-8.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  /// The names in `folder` (this folder itself by default), sorted, hidden ones too.
  public func entries(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? path : file(folder))
      .sorted()
  }
}

/// What went wrong in the test's own machinery, and not in what it tests.
public struct TestSupportError: Error, CustomStringConvertible, Sendable {
  public let description: String

  public init(_ description: String) { self.description = description }
}
