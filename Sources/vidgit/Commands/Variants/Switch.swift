import ArgumentParser
import VidgitKit
import VidgitModel

struct Switch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go to another variant, or begin a new one.",
    usage: """
      vidgit switch NAME
      vidgit switch -c NAME [START]
      """)

  @Argument(help: "The variant.")
  var name: String

  @Argument(help: "Where a new one begins: anything that Git resolves; by default here.")
  var start: String?

  @Flag(name: .customShort("c"), help: "Make it.")
  var create = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if start != nil, !create { throw ValidationError("a start goes with -c") }
  }

  func run() throws {
    let commit = try BranchChange(directory: global.directory, author: try Identity.author())
      .switchTo(name, makingAt: create ? start ?? "HEAD" : nil)
    if global.json {
      Report.json(["branch": .string(name), "commit": .string(commit)])
    } else {
      Report.line("On \(TerminalText.escaped(name)) (\(commit.prefix(10)))")
    }
  }
}
