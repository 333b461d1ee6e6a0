import FFmpeg
import VidgitModel

/// A program that stays: a frame in, a frame out, over its standard input and output.
///
/// `@unchecked Sendable`: whoever has taken it from the pool owns it, and gives it back when its
/// frame is done.
final class StreamWorker: @unchecked Sendable {
  let process: ChildProcess
  /// What the stream was begun with; every picture of YUV4MPEG2 has the shape of the first.
  let format: Y4MFormat?
  private let command: CommandRecipe
  private var y4m = Y4MScanner()
  private var scaler = Scaler()
  private(set) var count = 0
  /// Seconds that the last frame had.
  private(set) var limit = 0

  /// Starts the program for frames like `first`.
  init(_ prepared: PreparedCommand, first: Frame) throws {
    command = prepared.command
    format = try Self.format(of: first, command)
    process = try ChildProcess(prepared, arguments: prepared.command.argv, talks: true)
  }

  static func format(of frame: Frame, _ command: CommandRecipe) throws -> Y4MFormat? {
    command.transfer == .y4m ? try Y4MFormat(frame) : nil
  }

  /// Hands a frame to the program and takes the one that it gives back.
  ///
  /// - Throws: `ChildProcess.Fault`, `PictureFault`; the process is of no use after it.
  func exchange(_ frame: Frame) throws -> Frame {
    limit = command.timeout + (count == 0 ? command.startup : 0)
    let deadline = ContinuousClock.now + .seconds(limit)
    count += 1
    return format == nil ? try png(frame, deadline) : try raw(frame, deadline)
  }

  private func png(_ frame: Frame, _ deadline: ChildProcess.Instant) throws -> Frame {
    let bytes = try VidgitError.reading { try PNGPicture.encode(frame, with: &scaler) }
    var scanner = PNGScanner()
    try process.exchange(bytes, until: deadline) { try scanner.append($0) }
    return try CommandPicture.decode(scanner.bytes)
  }

  private func raw(_ frame: Frame, _ deadline: ChildProcess.Instant) throws -> Frame {
    let header = count == 1 ? format!.header(of: frame) : ""
    var bytes = Array((header + "FRAME\n").utf8)
    bytes.reserveCapacity(bytes.count + frame.byteCount)
    frame.forEachRun { bytes.append(contentsOf: $0) }
    var planes: [UInt8]?
    try process.exchange(bytes, until: deadline) {
      planes = try y4m.append($0)
      return planes != nil
    }
    let shape = y4m.format!
    let name = shape.pixelFormat
    // The same planes under the frame's own name, where that tells the range.
    let own = frame.pixelFormat.withoutImpliedRange.name == name ? frame.pixelFormat.name : name
    return try VidgitError.reading {
      try planes!.withUnsafeBytes {
        try Frame(
          width: shape.width, height: shape.height, pixelFormat: PixelFormat(name: own)!, bytes: $0)
      }
    }
  }
}

/// The one picture that a program gave back.
enum CommandPicture {
  static func decode(_ bytes: [UInt8]) throws -> Frame {
    do {
      return try PNGPicture.decode(bytes)
    } catch {
      throw PictureFault(reason: "wrote a damaged PNG image (\(error.words))")
    }
  }
}

extension ChildProcess {
  convenience init(_ prepared: PreparedCommand, arguments: [String], talks: Bool) throws {
    try self.init(
      program: prepared.program, arguments: arguments, environment: prepared.variables,
      folder: prepared.folder, talks: talks)
  }
}
