import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Publish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a video where others can fork it.",
    discussion: """
      On GitHub the repository is made where it is not there, all variants are pushed, or those that are named behind the address, and media and \
      objects go into a store: yours, or the releases of the repository. Every branch then says \
      where they are. Who you are there, GH_TOKEN says, or git's credential helpers. Elsewhere name an address that git pushes to, and a store. Run again, it sends \
      what is new.
      """)

  @Argument(help: "OWNER/NAME on GitHub, or an address; by default where it came from.")
  var target: String?

  @Argument(help: "These branches alone; without them, all that hold a video.")
  var branches: [String] = []

  @Flag(name: .customLong("private"), help: "Make the repository for nobody else to see.")
  var isPrivate = false

  @Flag(help: "Push the branches alone.")
  var noMedia = false

  @Option(
    help: ArgumentHelp("The store for media and objects.", valueName: "name"), completion: .store)
  var store: String?

  @Flag(help: "Make a web page of it, which GitHub serves.")
  var pages = false

  @Option(
    help: ArgumentHelp(
      "Put the frames of this branch onto a branch of their own: png, jpg or webp.",
      valueName: "format"), completion: .pictureFormat)
  var images: String?

  @Option(help: ArgumentHelp("Of these, one in so many frames.", valueName: "n"))
  var every = 1

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let images, ImageFormat(rawValue: images) == nil {
      throw ValidationError("--images takes png, jpg or webp")
    }
    if every < 1 { throw ValidationError("--every takes a number from 1") }
  }

  func run() async throws {
    var options = PublishOptions(directory: global.directory)
    options.target = target
    if !branches.isEmpty { options.branches = branches }
    options.isPrivate = isPrivate
    options.takesMedia = !noMedia
    options.store = store
    options.hasPages = pages
    options.images = images.flatMap { ImageFormat(rawValue: $0) }
    options.every = every
    options.author = try Identity.author()
    options.variables = ProcessInfo.processInfo.environment
    let result = try await VidgitKit.Publish(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    for note in result.notes { Report.note("note: \(TerminalText.escaped(note))") }
    if global.json { return Report.json(Self.json(result)) }
    let count = Counted.text(result.branches.count, "branch", "branches")
    let names = result.branches.map { TerminalText.escaped($0) }.joined(separator: ", ")
    Report.line(
      "\(result.isNew ? "Made" : "Updated") \(TerminalText.escaped(result.url)): "
        + "\(count) (\(names))")
    if let transfer = result.transfer {
      Report.line(
        "Sent \(transfer.objects) objects and \(transfer.media) media, "
          + "\(ByteCount.text(transfer.bytes)); "
          + "\(transfer.present) were there")
    }
    if !result.located.isEmpty {
      let names = result.located.map { TerminalText.escaped($0) }.joined(separator: ", ")
      Report.line("\(names) now say where to fetch them")
    }
    if let images = result.images {
      Report.line(
        "\(images.count) pictures are on the branch \(TerminalText.escaped(images.branch))")
    }
    if let pages = result.pages { Report.line("The page is at \(TerminalText.escaped(pages))") }
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
      "pages": result.pages.map { .string($0) } ?? .null,
      "images": result.images.map {
        ["branch": .string($0.branch), "count": .int(Int64($0.count))]
      } ?? .null,
      "notes": .array(result.notes.map { .string($0) }),
    ]
  }
}
