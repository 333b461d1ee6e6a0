import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Review: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fetch a proposal, and show what it would change; or list the open ones.",
    discussion: """
      Without a proposal, the open ones are listed. A number is one of the repository that `vidgit propose` proposes to. Nothing of yours is \
      changed. `vidgit diff` and `vidgit render` take the revision that it \
      names, and `vidgit merge` takes it in.
      """)

  @Argument(help: "The number of the pull request, OWNER/NAME#12, or its address.")
  var proposal: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    guard let proposal else { return try await list() }
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

  private func list() async throws {
    let (repository, proposals) = try await VidgitKit.Review.open(
      directory: global.directory, variables: ProcessInfo.processInfo.environment)
    if global.json {
      return Report.json(
        .array(
          proposals.map {
            [
              "number": .int(Int64($0.number)), "repository": .string(repository),
              "title": .string($0.title), "url": .string($0.url), "head": .string($0.head),
              "base": .string($0.base),
            ]
          }))
    }
    guard !proposals.isEmpty else {
      return Report.line("No proposal is open in \(repository)")
    }
    let rows = proposals.map {
      ["#\($0.number)", $0.title, "from \($0.head) into \($0.base)"].map {
        TerminalText.escaped($0)
      }
    }
    for line in Table.lines(rows) { Report.line(line) }
    Report.line("`vidgit review NUMBER` shows what one would change")
  }
}
