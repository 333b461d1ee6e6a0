import ArgumentParser
import VidgitKit
import VidgitModel

struct Switch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go to another variant, or begin a new one.",
    usage: """
      vidgit switch NAME
      vidgit switch -
      vidgit switch -c NAME [START]
      """)

  @Argument(help: "The variant; - for the one before.", completion: .variant)
  var name: String

  @Argument(
    help: "Where a new one begins: anything that Git resolves; by default here.",
    completion: .revision)
  var start: String?

  @Flag(name: .customShort("c"), help: "Make it.")
  var create = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if start != nil, !create { throw ValidationError("a start goes with -c") }
  }

  func run() throws {
    let change = BranchChange(directory: global.directory, author: try Identity.author())
    let name = self.name == "-" && !create ? try change.previous() : self.name
    let commit = try change.switchTo(name, makingAt: create ? start ?? "HEAD" : nil)
    if global.json {
      Report.json(["branch": .string(name), "commit": .string(commit)])
    } else {
      Report.line("On \(TerminalText.escaped(name)) (\(commit.prefix(10)))")
    }
  }
}
