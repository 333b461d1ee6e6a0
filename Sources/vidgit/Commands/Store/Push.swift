import ArgumentParser
import VidgitKit
import VidgitModel

struct Push: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send stored pictures and media that a store lacks, by hash.",
    discussion: """
      What exact recipes make again is not sent. Cut short, the next run goes on. Commits go with \
      `git push`.
      """)

  @Argument(
    help: ArgumentHelp(
      "A store, then revisions: by default the only store, and HEAD.", valueName: "store-or-rev"),
    completion: .storeOrRevision)
  var words: [String] = []

  @Flag(
    help: "Send media again that the store has; `vidgit verify --stores --deep` finds wrong ones.")
  var replace = false

  @OptionGroup var transfer: TransferArguments
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = try transfer.options(words, directory: global.directory)
    options.replacesMedia = replace
    let result = try await VidgitKit.Push(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    TransferArguments.report(result, "Sent", json: global.json)
  }
}
