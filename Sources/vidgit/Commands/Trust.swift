import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Trust: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let a recipe that came with a repository run its program, or call its service.",
    discussion: """
      Shows exactly what would run, or what would be sent where, and allows it for this recipe: the \
      same words, the same files, the same service. \
      Any change makes another recipe, which asks anew. What you give `vidgit filter` yourself, as \
      a file or from your own palette, is trusted by that.
      """)

  @Argument(help: "A recipe's name or id, or a recipe file.", completion: .recipe)
  var recipe: String?

  @Option(
    help: ArgumentHelp("Where the recipe stands, if not in HEAD.", valueName: "rev"),
    completion: .revision)
  var rev = "HEAD"

  @Option(
    help: ArgumentHelp("Where the recipe's files are, and its program runs.", valueName: "dir"),
    completion: .directory)
  var folder: String?

  @Option(
    name: .customLong("param"),
    help: ArgumentHelp("A value for a parameter of a service's recipe.", valueName: "name=value"))
  var parameters: [String] = []

  @Flag(
    name: [.customShort("n"), .long], help: "Show what would run or be sent, and allow nothing.")
  var dryRun = false

  @Flag(help: "List what is trusted.")
  var list = false

  @Option(help: ArgumentHelp("Take trust back.", valueName: "recipe"))
  var revoke: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    for text in parameters where RecipeParameter(text) == nil {
      throw ValidationError("'\(text)' is no parameter: name=value")
    }
    let asked = (recipe == nil ? 0 : 1) + (list ? 1 : 0) + (revoke == nil ? 0 : 1)
    if asked != 1 { throw ValidationError("name a recipe, or use --list or --revoke RECIPE") }
  }

  func run() throws {
    let trust = VidgitKit.Trust(
      directory: global.directory, paletteFolder: UserFolders.palette,
      variables: ProcessInfo.processInfo.environment)
    if let recipe {
      let summary = try trust.summary(
        of: RecipeSource(argument: recipe), revision: rev,
        parameters: parameters.compactMap { RecipeParameter($0) }, folder: folder,
        allows: !dryRun)
      TrustReport.show(summary, json: global.json, dryRun: dryRun)
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
}
