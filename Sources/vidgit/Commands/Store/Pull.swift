import ArgumentParser
import VidgitKit
import VidgitModel

struct Pull: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fetch stored pictures and media that are missing here, by hash.",
    discussion: """
      Commands that need them fetch what they need by themselves; this fetches all, for work without \
      a network. The stores of this clone are asked in the order of their names, then the public ones \
      that video.json names. Commits come with `git pull`.
      """)

  @Argument(
    help: ArgumentHelp(
      "A store, then revisions: by default all stores, and HEAD.", valueName: "store-or-rev"),
    completion: .storeOrRevision)
  var words: [String] = []

  @OptionGroup var transfer: TransferArguments
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let options = try transfer.options(words, directory: global.directory)
    let result = try await VidgitKit.Pull(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    TransferArguments.report(result, "Fetched", json: global.json)
  }
}
