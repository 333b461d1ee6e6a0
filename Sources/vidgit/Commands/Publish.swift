import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Publish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a video where others can fork it.",
    discussion: """
      On GitHub the repository is made where it is not there, all variants are pushed, and media and \
      objects go into a store: yours, or the releases of the repository. Every branch then says \
      where they are. Elsewhere name an address that git pushes to, and a store. Run again, it sends \
      what is new.
      """)

  @Argument(help: "OWNER/NAME on GitHub, or an address; by default where it came from.")
  var target: String?

  @Flag(name: .customLong("private"), help: "Make the repository for nobody else to see.")
  var isPrivate = false

  @Flag(help: "Push the branches alone.")
  var noMedia = false

  @Option(help: ArgumentHelp("The store for media and objects.", valueName: "name"))
  var store: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = PublishOptions(directory: global.directory)
    options.target = target
    options.isPrivate = isPrivate
    options.takesMedia = !noMedia
    options.store = store
    options.author = try Identity.author()
    options.variables = ProcessInfo.processInfo.environment
    let result = try await VidgitKit.Publish(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    for note in result.notes { Report.note("note: \(TerminalText.escaped(note))") }
    if global.json { return Report.json(Self.json(result)) }
    let branches = result.branches.count == 1 ? "1 branch" : "\(result.branches.count) branches"
    Report.line(
      "\(result.isNew ? "Made" : "Updated") \(TerminalText.escaped(result.url)): \(branches)")
    if let transfer = result.transfer {
      Report.line(
        "Sent \(transfer.objects) objects and \(transfer.media) media, \(transfer.bytes) bytes; "
          + "\(transfer.present) were there")
    }
    if !result.located.isEmpty {
      let names = result.located.map { TerminalText.escaped($0) }.joined(separator: ", ")
      Report.line("\(names) now say where to fetch them")
    }
  }

  private static func json(_ result: PublishResult) -> JSONValue {
    [
      "url": .string(result.url), "made": .bool(result.isNew),
      "branches": .array(result.branches.map { .string($0) }),
      "located": .array(result.located.map { .string($0) }),
      "objects": .int(Int64(result.transfer?.objects ?? 0)),
      "media": .int(Int64(result.transfer?.media ?? 0)),
      "bytes": .int(result.transfer?.bytes ?? 0),
      "present": .int(Int64(result.transfer?.present ?? 0)),
      "notes": .array(result.notes.map { .string($0) }),
    ]
  }
}
