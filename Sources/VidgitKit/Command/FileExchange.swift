import FFmpeg
import Foundation
import VidgitModel

/// A process for one picture, which reads one file and writes another.
struct FileExchange {
  let prepared: PreparedCommand
  /// Where the two files lie.
  let folder: String
  /// No other picture has this number.
  let number: Int

  /// Runs the program on a frame.
  ///
  /// - Parameter started: gets the process, so that it can be stopped.
  /// - Throws: `PictureFault`, `CancellationError`, `VidgitError` for what is no fault of this frame.
  func run(_ frame: Frame, started: (ChildProcess) throws -> Void) throws -> Frame {
    let input = "\(folder)/\(number)-in.png"
    let output = "\(folder)/\(number)-out.png"
    defer { for path in [input, output] { unlink(path) } }
    var scaler = Scaler()
    let bytes = try VidgitError.reading { try PNGPicture.encode(frame, with: &scaler) }
    try Self.write(bytes, to: input)
    let arguments = prepared.command.argv.map {
      $0.replacing(CommandRecipe.inputWord, with: input)
        .replacing(CommandRecipe.outputWord, with: output)
    }
    let process = try ChildProcess(prepared, arguments: arguments, talks: false)
    try started(process)
    let end = process.end(within: .seconds(prepared.command.timeout))
    switch end {
    case .status(0): break
    case nil:
      throw PictureFault(
        reason: "took more than \(prepared.command.timeout) s" + process.quotation)
    case let end?: throw PictureFault(reason: end.words + process.quotation)
    }
    do {
      return try CommandPicture.decode(Self.read(output))
    } catch let fault as PictureFault {
      throw PictureFault(reason: fault.reason + process.quotation)
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw VidgitError.system("create", path) }
    defer { close(file) }
    try bytes.withUnsafeBytes { try DurableFile.writeAll($0, to: file, path) }
  }

  /// Reads what the program wrote: a plain file, and no larger than a picture can be.
  private static func read(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw PictureFault(reason: "did not write $OUTPUT") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PictureFault(reason: "made something else than a file of $OUTPUT")
    }
    var scanner = PNGScanner()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Foundation.read(file, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw VidgitError.system("read", path)
      }
      guard count > 0 else { break }
      _ = try scanner.append(buffer[..<count])
    }
    guard scanner.isWhole else {
      throw PictureFault(
        reason: scanner.bytes.isEmpty
          ? "wrote nothing into $OUTPUT" : "wrote a part of a PNG image into $OUTPUT")
    }
    return scanner.bytes
  }
}

extension ChildProcess {
  /// What the program said last, to stand behind a reason.
  var quotation: String { lastWords.map { ", and said: \($0)" } ?? ", and said nothing" }
}
