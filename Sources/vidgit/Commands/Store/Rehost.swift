import ArgumentParser
import VidgitKit
import VidgitModel

struct Rehost: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put into one store what it lacks and others have.",
    discussion:
      "What only other stores have comes by way of this clone, and stays until `vidgit gc`.")

  @Argument(help: "The store that is to have everything.", completion: .store)
  var store: String

  @Argument(help: "Revisions; by default HEAD.", completion: .revision)
  var rev: [String] = []

  @OptionGroup var transfer: TransferArguments
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let options = try transfer.options(rev, store: store, directory: global.directory)
    let result = try await VidgitKit.Rehost(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    TransferArguments.report(result, "Sent", json: global.json)
  }
}
