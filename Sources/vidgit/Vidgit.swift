import ArgumentParser

/// The command line of vidgit.
@main
struct Vidgit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vidgit",
    abstract: "Git for video frames: split a video, filter it on branches, render any revision.",
    discussion: """
      A video becomes an ordinary Git repository that holds one line of JSON for each frame. A \
      filtering pass is a commit, a variant is a branch, and any revision renders to a video whose \
      frames are checked against their hashes.
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(name: "Make", subcommands: [Split.self, Import.self, Filter.self, Render.self]),
      CommandGroup(
        name: "Variants",
        subcommands: [
          Branch.self, Switch.self, Merge.self, Undo.self, InitGit.self, MergeDriver.self,
        ]),
      CommandGroup(
        name: "Edit the timeline",
        subcommands: [
          Cut.self, Keep.self, Move.self, Repeat.self, Speed.self, Reverse.self, Splice.self,
        ]),
      CommandGroup(
        name: "Look",
        subcommands: [
          Status.self, Log.self, Blame.self, Show.self, Diff.self, Export.self, Verify.self,
        ]),
      CommandGroup(
        name: "Provide", subcommands: [Palette.self, Trust.self, Cost.self, Media.self, Gc.self]),
      CommandGroup(
        name: "Share",
        subcommands: [
          Clone.self, Publish.self, Fork.self, Propose.self, Review.self, Store.self, Push.self,
          Pull.self,
          Rehost.self,
        ]),
    ])

  @Option(
    name: .customShort("C"), help: ArgumentHelp("Run as if started in <dir>.", valueName: "dir"),
    completion: .directory)
  private var start: String?

  func validate() throws { try GlobalOptions.enter(start) }

  static func main() async {
    await CommandRunner.run(arguments: Array(CommandLine.arguments.dropFirst()))
  }
}
