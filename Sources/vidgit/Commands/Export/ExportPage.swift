import ArgumentParser
import VidgitKit
import VidgitModel

extension Export {
  struct Page: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A page for people: the variants with pictures, clips, recipes and passes.",
      discussion: """
        One folder of files that works from a disk and from any web server; nothing is loaded from \
        anywhere else. feed.xml in it is an Atom feed of the passes. The first variant is what the \
        others are compared with.
        """)

    @Argument(
      help: "The variants: anything that Git resolves; by default all branches, main first.",
      completion: .revision)
    var revs: [String] = []

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "A new folder for the page, or a place in a store.", valueName: "folder"),
      completion: .directory)
    var output: String

    @Option(
      help: ArgumentHelp(
        "Where the page will be: makes the links of the feed absolute.", valueName: "url"))
    var site: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
      let result = try await Output.write(output, isFolder: true, directory: global.directory) {
        try await PageExport(
          directory: global.directory, revisions: revs, folder: $0, site: site
        ).run(progress: ProgressLine.show)
      }
      for note in result.notes { Report.note("note: \(TerminalText.escaped(note))") }
      if global.json {
        Report.json([
          "output": .string(output),
          "variants": .array(result.variants.map { .string($0) }),
          "passes": .int(Int64(result.passes)),
          "notes": .array(result.notes.map { .string($0) }),
        ])
        return
      }
      let count = result.variants.count
      Report.line(
        TerminalText.escaped(
          "Wrote a page of \(Counted.text(count, "variant")) to \(output)"))
    }
  }
}
