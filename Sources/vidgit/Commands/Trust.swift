import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Trust: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let a recipe that came with a repository run its program.",
    discussion: """
      Shows exactly what would run, and allows it for this recipe: the same words, the same files. \
      Any change makes another recipe, which asks anew. What you give `vidgit filter` yourself, as \
      a file or from your own palette, is trusted by that.
      """)

  @Argument(help: "A recipe's name or id, or a recipe file.")
  var recipe: String?

  @Option(help: ArgumentHelp("Where the recipe stands, if not in HEAD.", valueName: "rev"))
  var rev = "HEAD"

  @Option(
    help: ArgumentHelp("Where the recipe's files are, and its program runs.", valueName: "dir"))
  var folder: String?

  @Flag(name: [.customShort("n"), .long], help: "Show what would run, and allow nothing.")
  var dryRun = false

  @Flag(help: "List what is trusted.")
  var list = false

  @Option(help: ArgumentHelp("Take trust back.", valueName: "recipe"))
  var revoke: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let asked = (recipe == nil ? 0 : 1) + (list ? 1 : 0) + (revoke == nil ? 0 : 1)
    if asked != 1 { throw ValidationError("name a recipe, or use --list or --revoke RECIPE") }
  }

  func run() throws {
    let trust = VidgitKit.Trust(
      directory: global.directory, paletteFolder: UserFolders.palette,
      variables: ProcessInfo.processInfo.environment)
    if let recipe {
      let summary = try trust.summary(
        of: RecipeSource(argument: recipe), revision: rev, folder: folder, allows: !dryRun)
      if global.json { Report.json(Self.json(summary)) } else { Self.say(summary, dryRun: dryRun) }
    } else if let revoke {
      let id = try trust.revoke(revoke)
      if global.json {
        Report.json(["revoked": .string(id)])
      } else {
        Report.line("\(id) is not trusted any more")
      }
    } else {
      let entries = try trust.list()
      if global.json {
        Report.json(
          .array(entries.map { ["recipe": .string($0.id), "folder": .string($0.folder)] }))
      } else {
        let rows = entries.map { [$0.id, TerminalText.escaped($0.folder)] }
        for line in Table.lines(rows) { Report.line(line) }
      }
    }
  }

  private static func say(_ summary: CommandSummary, dryRun: Bool) {
    var rows = [
      ["recipe", summary.id],
      ["runs", TerminalText.escaped(summary.text)],
      ["program", TerminalText.escaped(summary.program ?? "not found here")],
      ["in", TerminalText.escaped(summary.folder)],
    ]
    for file in summary.files {
      rows.append([
        "file", TerminalText.escaped("\(file.path) \(file.digest.text) (\(file.state))"),
      ])
    }
    rows += [
      ["gets", summary.variables.joined(separator: ", ")],
      ["sent", sent(summary)],
      ["time", "\(summary.timeout) s a frame"],
    ]
    for line in Table.lines(rows) { Report.line(line) }
    switch (dryRun, summary.isTrusted) {
    case (false, _): Report.line("Trusted from now on; `vidgit trust --revoke` takes it back")
    case (true, true): Report.line("It is trusted")
    case (true, false): Report.line("It is not trusted")
    }
  }

  private static func sent(_ summary: CommandSummary) -> String {
    switch summary.transfer {
    case .files: "every frame of a pass, as a PNG file ($INPUT) to one process each"
    case .pngStream: "every frame of a pass, as PNG images on its standard input"
    case .y4m: "every frame of a pass, as YUV4MPEG2 on its standard input"
    }
  }

  private static func json(_ summary: CommandSummary) -> JSONValue {
    [
      "recipe": .string(summary.id), "argv": .array(summary.argv.map { .string($0) }),
      "program": summary.program.map { .string($0) } ?? .null,
      "folder": .string(summary.folder),
      "environment": .array(summary.variables.map { .string($0) }),
      "files": .array(
        summary.files.map {
          [
            "path": .string($0.path), "sha256": .string($0.digest.text), "state": .string($0.state),
          ]
        }), "protocol": .string(summary.transfer.rawValue),
      "timeout": .int(Int64(summary.timeout)), "trusted": .bool(summary.isTrusted),
    ]
  }
}
