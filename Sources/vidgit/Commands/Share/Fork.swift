import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Fork: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fork a video on GitHub, and clone the fork.",
    discussion: """
      The remote 'origin' is your fork, 'upstream' the one that it came from. Make a variant with \
      `vidgit filter RECIPE -b NAME`, then `vidgit propose` it. A fork that you have already is taken; \
      its branches without work of yours are brought up to date first.
      """)

  @Argument(help: "What to fork: OWNER/NAME, or its address on GitHub.")
  var address: String

  @Argument(
    help: "The folder to make; by default the name of the repository.", completion: .directory)
  var directory: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = CloneOptions(address: address)
    options.directory = directory
    options.variables = ProcessInfo.processInfo.environment
    let fork = try await VidgitKit.Fork(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    let result = fork.clone
    for note in fork.notes { Report.note("note: \(note)") }
    if global.json {
      return Report.json([
        "fork": .string(fork.name), "synced": .array(fork.synced.map { .string($0) }),
        "notes": .array(fork.notes.map { .string($0) }), "directory": .string(result.directory),
        "branch": .string(result.branch), "frames": .int(Int64(result.frames)),
      ])
    }
    Report.line(
      "Forked as '\(fork.name)' and cloned into '\(TerminalText.escaped(result.directory))': "
        + "\(Counted.text(result.frames, "frame"))")
    if !fork.synced.isEmpty {
      let names = fork.synced.map { TerminalText.escaped($0) }.joined(separator: ", ")
      Report.line("The fork was there and behind: \(names) brought up to date")
    }
    MissingMedia.report(result.media)
  }
}
