import Foundation
public import VidgitModel

/// Compares the frames of a revision with FFmpeg's framehash of the same video, one by one.
///
/// Hashes count and their order; times do not, since that format rounds them.
public struct FrameHashCheck: Sendable {
  public struct Difference: Sendable, Hashable {
    /// From 0.
    public let number: Int
    /// What the list says; nil where it has ended.
    public let expected: Digest?
    /// What the timeline says; nil where it has ended.
    public let found: Digest?
  }

  public struct Result: Sendable {
    /// The frames of the longer of the two.
    public var compared = 0
    /// The first `FrameHashCheck.mostDifferences`.
    public var differences: [Difference] = []
    public var differenceCount = 0
    public var isEqual: Bool { differenceCount == 0 }
  }

  public static let mostDifferences = 10
  private static let largestFile: Int64 = 1 << 30

  private let expected: [Digest]

  /// - Parameter file: version 2, with SHA-256.
  /// - Throws: `VidgitError`: not found, or bad input for a file of another kind.
  public init(file: String) throws {
    guard let size = FileStatus(path: file)?.size else {
      throw VidgitError(
        .notFound, "there is no file '\(TerminalText.escaped(file))'",
        hint: "make one with `ffmpeg -i VIDEO -an -fps_mode passthrough -f framehash -hash sha256`")
    }
    guard size <= Self.largestFile, let data = FileManager.default.contents(atPath: file) else {
      throw VidgitError.system("read", file, size > Self.largestFile ? EFBIG : EIO)
    }
    expected = try VidgitError.foreign {
      try FramehashFile(
        parsing: String(decoding: data, as: UTF8.self), file: (file as NSString).lastPathComponent
      ).hashes
    }
  }

  /// - Throws: `VidgitError` where there is no such revision, or it cannot be read; a difference is
  ///   no error.
  public func run(directory: String, revision spec: String) throws -> Result {
    let repository = try VideoRepository.open(at: directory)
    let revision = try repository.revision(spec)
    var lines = TimelineCursor(repository, revision).lines()
    var result = Result()
    while true {
      let number = result.compared
      let found = try lines.next()?.line.hash
      let wanted = number < expected.count ? expected[number] : nil
      if found == nil, wanted == nil { return result }
      result.compared += 1
      guard found != wanted else { continue }
      result.differenceCount += 1
      if result.differences.count < Self.mostDifferences {
        result.differences.append(Difference(number: number, expected: wanted, found: found))
      }
    }
  }
}
