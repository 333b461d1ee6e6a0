import ArgumentParser
import VidgitKit
import VidgitModel

struct Undo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take back the last pass of this branch, by a new commit.",
    discussion: "Undo again to take back the pass before. Nothing leaves the history.")

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let result = try VidgitKit.Undo(directory: global.directory, author: Identity.author()).run()
    if global.json {
      Report.json([
        "commit": .string(result.commit), "branch": .string(result.branch),
        "undone": .string(result.undone), "subject": .string(result.subject),
      ])
    } else {
      Report.line(
        "[\(result.branch) \(result.commit.prefix(10))] took back \(result.undone.prefix(10)) "
          + TerminalText.escaped(result.subject))
    }
  }
}
