import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Fork: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fork a video on GitHub, and clone the fork.",
    discussion: """
      The remote 'origin' is your fork, 'upstream' the one that it came from. Make a variant with \
      `vidgit filter RECIPE -b NAME`, then `vidgit propose` it.
      """)

  @Argument(help: "What to fork: OWNER/NAME, or its address on GitHub.")
  var address: String

  @Argument(help: "The folder to make; by default the name of the repository.")
  var directory: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = CloneOptions(address: address)
    options.directory = directory
    options.variables = ProcessInfo.processInfo.environment
    let (name, result) = try await VidgitKit.Fork(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    if global.json {
      return Report.json([
        "fork": .string(name), "directory": .string(result.directory),
        "branch": .string(result.branch), "frames": .int(Int64(result.frames)),
      ])
    }
    Report.line(
      "Forked as '\(name)' and cloned into '\(TerminalText.escaped(result.directory))': "
        + "\(result.frames) frames")
    MissingMedia.report(result.media)
  }
}
