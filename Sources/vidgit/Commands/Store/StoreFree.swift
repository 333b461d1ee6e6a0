import ArgumentParser
import VidgitKit
import VidgitModel

struct StoreFree: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "free", abstract: "Make room here: remove pictures that a store has.",
    discussion: """
      Every picture is read back from the store and compared before it goes. Whatever needs it later \
      fetches it again; nothing is made or paid for a second time. Copies of media stay.
      """)

  @Argument(help: "The store's name.", completion: .store)
  var name: String

  @Flag(
    name: .customLong("read-back"), inversion: .prefixedNo,
    help: "Read back what goes; else the store's index is believed.")
  var readsBack = true

  @Flag(name: [.customShort("n"), .long], help: "Say what would go, and remove nothing.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let result = try await VidgitKit.StoreFree(
      directory: global.directory, store: name, readsBack: readsBack, isDryRun: dryRun
    ).run(progress: ProgressLine.show)
    ProgressLine.clear()
    if global.json {
      Report.json([
        "dryRun": .bool(dryRun), "objects": .int(Int64(result.objects)),
        "bytes": .int(result.bytes), "kept": .int(Int64(result.kept)),
      ])
      return
    }
    let kept =
      result.kept > 0
      ? "; "
        + Counted.text(
          result.kept, "is not in the store, and stays", "are not in the store, and stay")
      : ""
    Report.line(
      (dryRun ? "Would remove " : "Removed ")
        + "\(Counted.text(result.objects, "object")) (\(ByteCount.text(result.bytes)))\(kept)")
  }
}
