import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Propose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open a pull request for the current branch.",
    discussion: """
      Its text has the frames and times that change, the recipes with their parameters, what they \
      cost, and a contact sheet before and after. Run again, it updates the open one.
      """)

  @Option(
    help: ArgumentHelp("The branch to take it into; the default one there.", valueName: "branch"),
    completion: .branch)
  var base: String?

  @Option(help: "The title; else -m where that is one line, or what the newest commit says.")
  var title: String?

  @Option(
    name: [.customShort("m"), .long],
    help: ArgumentHelp(
      "Words of yours: one line is the title where --title is not there, else they begin the text.",
      valueName: "text"))
  var message = ""

  @Flag(help: "Leave the contact sheet out.")
  var noSheet = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = ProposeOptions(directory: global.directory)
    options.base = base
    options.title = title
    options.message = message
    options.hasSheet = !noSheet
    options.author = try Identity.author()
    options.variables = ProcessInfo.processInfo.environment
    let result = try await VidgitKit.Propose(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    if global.json {
      return Report.json([
        "number": .int(Int64(result.number)), "url": .string(result.url),
        "target": .string(result.target), "wasOpen": .bool(result.wasOpen),
      ])
    }
    let deed = result.wasOpen ? "Updated" : "Opened"
    Report.line(
      "\(deed) proposal \(result.number) of \(result.target): "
        + TerminalText.escaped(result.url))
  }
}
