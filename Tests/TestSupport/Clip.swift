public import Foundation
import Synchronization

/// A small video (160x120, three seconds at most, real motion) that the `ffmpeg` program makes once for a
/// process, or a file that looks like one. The named ones are in `Clip+….swift`.
public final class Clip: Sendable, CustomStringConvertible {
  /// The name, unique; with the ending it is the file's name.
  public let name: String
  /// The ending of the file, without the dot.
  public let ending: String
  /// What the encoders must offer; without them the clip is unavailable.
  public let encoders: [String]
  private let make: @Sendable (ClipMaker) throws -> Void
  private let made = Mutex<Result<String, any Error>?>(nil)

  /// - Parameters:
  ///   - file: name and ending.
  ///   - encoders: as `ffmpeg -encoders` names them.
  ///   - make: writes the file at `ClipMaker.output`.
  public init(
    _ file: String, encoders: [String] = ["libx264"],
    make: @escaping @Sendable (ClipMaker) throws -> Void
  ) {
    let parts = file.split(separator: ".", maxSplits: 1).map(String.init)
    name = parts[0]
    ending = parts.count > 1 ? parts[1] : ""
    self.encoders = encoders
    self.make = make
  }

  public var fileName: String { ending.isEmpty ? name : "\(name).\(ending)" }

  public var description: String { fileName }

  /// The absolute path of the clip, made at the first call. Tests must not change the file.
  ///
  /// Throws `ClipUnavailable` where this machine's `ffmpeg` lacks an encoder for it.
  public func path() throws -> String {
    try made.withLock { made in
      let result = made ?? Result { try build() }
      made = result
      return try result.get()
    }
  }

  /// A copy of the clip in `folder`, for tests that move or change it.
  public func copy(to folder: TemporaryFolder, as name: String? = nil) throws -> String {
    let copy = folder.file(name ?? fileName)
    try FileManager.default.copyItem(atPath: path(), toPath: copy)
    return copy
  }

  private func build() throws -> String {
    let missing = encoders.filter { !ClipMaker.encoders.contains($0) }
    guard missing.isEmpty else {
      throw ClipUnavailable(
        description:
          "clip '\(name)' needs \(missing.joined(separator: ", ")), which this ffmpeg lacks")
    }
    let maker = try ClipMaker(name: name, output: "\(ClipMaker.folder.get())/\(fileName)")
    try make(maker)
    return maker.output
  }
}

/// This machine cannot make a clip; a test skips with these words.
public struct ClipUnavailable: Error, CustomStringConvertible, Sendable {
  public let description: String
}

/// What the makers of clips use: `ffmpeg`, a place for parts, and changes of bytes.
public struct ClipMaker: Sendable {
  /// Where the clip is to be written.
  public let output: String
  private let parts: String

  /// The names of all encoders of the `ffmpeg` program.
  static let encoders: Set<String> = {
    let list = try? Tool.ffmpeg.succeed(["-hide_banner", "-encoders"])
    return Set(
      list?.lines.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) } ?? [])
  }()

  /// The folder of this process, removed when it exits.
  static let folder: Result<String, any Error> = Result {
    let folder = try TemporaryFolder("clips")
    kept.withLock { $0 = folder }
    // Statics are not destroyed at exit.
    atexit { ClipMaker.kept.withLock { $0 = nil } }
    return folder.path
  }
  private static let kept = Mutex<TemporaryFolder?>(nil)

  init(name: String, output: String) throws {
    self.output = output
    parts = try "\(Self.folder.get())/\(name).parts"
    try FileManager.default.createDirectory(atPath: parts, withIntermediateDirectories: true)
  }

  /// The path of a part that is needed on the way.
  public func part(_ name: String) -> String { "\(parts)/\(name)" }

  /// Runs `ffmpeg` with these arguments, the output last.
  public func ffmpeg(_ arguments: [String]) throws {
    try Tool.ffmpeg.succeed(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"] + arguments)
  }

  /// Encodes a generated picture.
  public func generate(
    source: String = LavfiSource.moving(), _ arguments: [String], to path: String? = nil
  ) throws {
    try ffmpeg(["-f", "lavfi", "-i", source] + arguments + [path ?? output])
  }

  public func read(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  public func write(_ data: Data, to path: String? = nil) throws {
    try data.write(to: URL(fileURLWithPath: path ?? output))
  }
}

/// Generated pictures and sounds in libavfilter's notation.
public enum LavfiSource {
  /// A picture where every frame differs from the one before.
  public static func moving(size: String = "160x120", rate: Int = 25, seconds: Int = 2) -> String {
    "testsrc2=size=\(size):rate=\(rate):duration=\(seconds)"
  }

  public static func tone(_ frequency: Int = 440, seconds: Int = 2) -> String {
    "sine=frequency=\(frequency):duration=\(seconds)"
  }
}

/// Arguments that encode fast and the same way on each run.
public enum EncoderArguments {
  /// H.264, each frame in display order.
  public static let x264 = [
    "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p",
  ]
  /// H.264 with B-frames and a key frame every 12 frames.
  public static let groups = [
    "-c:v", "libx264", "-preset", "fast", "-threads", "1", "-g", "12", "-bf", "2",
    "-pix_fmt", "yuv420p",
  ]
}
