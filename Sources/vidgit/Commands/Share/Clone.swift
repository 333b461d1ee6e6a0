import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Clone: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Get a video's repository: manifests and recipes, and no pictures.",
    discussion: """
      The address is OWNER/NAME on GitHub, a URL that git takes, or a folder. Media are fetched \
      when a command needs them, from where their descriptors and your stores say they are.
      """)

  @Argument(
    help: "Where it is: OWNER/NAME, https://host/path, git@host:path, a folder.",
    completion: .directory)
  var address: String

  @Argument(
    help: "The folder to make; by default the last part of the address.", completion: .directory)
  var directory: String?

  @Option(
    name: [.customShort("b"), .customLong("branch")],
    help: ArgumentHelp("The branch to check out.", valueName: "branch"))
  var branch: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = CloneOptions(address: address)
    options.directory = directory
    options.branch = branch
    options.variables = ProcessInfo.processInfo.environment
    let result = try await VidgitKit.Clone(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    if global.json { return Report.json(Self.json(result)) }
    let branches = Counted.text(result.branches, "branch", "branches")
    Report.line(
      "Cloned into '\(TerminalText.escaped(result.directory))': \(Counted.text(result.frames, "frame")) of "
        + "'\(TerminalText.escaped(result.branch))', \(branches)")
    MissingMedia.report(result.media)
  }

  private static func json(_ result: CloneResult) -> JSONValue {
    [
      "directory": .string(result.directory), "branch": .string(result.branch),
      "branches": .int(Int64(result.branches)), "frames": .int(Int64(result.frames)),
      "media": .array(
        result.media.map { medium in
          [
            "uri": .string(medium.uri), "name": .string(medium.descriptor.name),
            "sha256": .string(medium.descriptor.sha256.text),
            "size": .int(medium.descriptor.size), "state": .string(medium.state.rawValue),
            "locations": .array(medium.descriptor.locations.map { .string($0) }),
          ]
        }),
    ]
  }
}
