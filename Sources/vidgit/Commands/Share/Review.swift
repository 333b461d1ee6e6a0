import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Review: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fetch a proposal, and show what it would change.",
    discussion: """
      A number is one of the repository that `vidgit propose` proposes to. Nothing of yours is \
      changed. `vidgit diff` and `vidgit render` take the revision that it \
      names, and `vidgit merge` takes it in.
      """)

  @Argument(help: "The number of the pull request, OWNER/NAME#12, or its address.")
  var proposal: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let result = try await VidgitKit.Review(
      directory: global.directory, proposal: proposal,
      variables: ProcessInfo.processInfo.environment
    ).run(progress: ProgressLine.show)
    ProgressLine.clear()
    if global.json {
      return Report.json([
        "number": .int(Int64(result.number)), "repository": .string(result.repository),
        "title": .string(result.title),
        "url": .string(result.url), "state": .string(result.state),
        "head": .string(result.head), "base": .string(result.base),
        "revision": .string(result.revision), "diff": DiffReport.json(result.diff, nil, nil),
      ])
    }
    Report.line(
      "\(result.repository)#\(result.number) (\(TerminalText.escaped(result.state))): "
        + TerminalText.escaped(result.title))
    Report.line(
      "from \(TerminalText.escaped(result.head)) into \(TerminalText.escaped(result.base)), "
        + "fetched as \(result.revision)")
    DiffReport.show(result.diff, nil)
  }
}
