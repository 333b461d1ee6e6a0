import ArgumentParser
import VidgitKit
import VidgitModel

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hold a revision against the format, its recipes, objects and media.",
    discussion: "One line a fault; the exit status is 0 only if there is none.")

  @Argument(help: "Anything that Git resolves.", completion: .revision)
  var rev = "HEAD"

  @Flag(help: "Decode and filter every frame again.")
  var deep = false

  @Flag(help: "Look whether the stores have what the revision needs; with --deep, read all of it.")
  var stores = false

  @Option(
    help: ArgumentHelp(
      "Compare every frame with FFmpeg's framehash of SHA-256 too.", valueName: "file"),
    completion: .file())
  var framehash: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let expected = try framehash.map { try FrameHashCheck(file: $0) }
    let result = try await VidgitKit.Verify(
      directory: global.directory, revision: rev, isDeep: deep, looksAtStores: stores
    ).run(progress: ProgressLine.show)
    ProgressLine.clear()
    let comparison = try expected?.run(directory: global.directory, revision: rev)
    if global.json {
      Report.json([
        "commit": .string(result.commit), "frames": .int(Int64(result.frames)),
        "unmadeFrames": .int(Int64(result.unmadeFrames)),
        "faultCount": .int(Int64(result.faultCount)),
        "faults": .array(
          result.faults.map { ["place": .string($0.place), "reason": .string($0.reason)] }),
        "framehash": comparison.map { FrameHashReport.json($0) } ?? .null,
      ])
    } else {
      for fault in result.faults {
        Report.line(TerminalText.escaped("\(fault.place): \(fault.reason)"))
      }
      if result.faultCount > result.faults.count {
        Report.line("... and \(result.faultCount - result.faults.count) more")
      }
      if deep, result.unmadeFrames > 0 {
        Report.line(
          "\(result.commit.prefix(10)): \(Counted.text(result.frames, "frame")), \(result.unmadeFrames) of them not "
            + "made again: their media are not at hand")
      }
      if result.faultCount == 0 {
        Report.line(
          "\(result.commit.prefix(10)): \(Counted.text(result.frames, "frame")), no fault"
            + (deep ? ", every frame made again" : ""))
      }
      if let comparison { FrameHashReport.say(comparison) }
    }
    if result.faultCount > 0 || comparison?.isEqual == false { throw ExitCode(ExitStatus.fault) }
  }
}
