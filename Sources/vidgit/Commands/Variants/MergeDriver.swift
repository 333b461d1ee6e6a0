import ArgumentParser
import VidgitKit
import VidgitModel

struct InitGit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init-git",
    abstract: "Let stock git merge this clone's timelines frame by frame.",
    discussion: """
      Writes the merge driver into the clone's own configuration and .git/info/attributes. Nothing \
      is committed; without it, git merges shards line by line.
      """)

  @Option(help: ArgumentHelp("What git runs.", valueName: "path"), completion: .file())
  var program = "vidgit"

  @OptionGroup var global: GlobalOptions

  func run() throws {
    try VidgitKit.MergeDriver.setUp(directory: global.directory, program: program)
    if global.json {
      Report.json(["program": .string(program)])
    } else {
      Report.line("git merge, rebase and cherry-pick now combine timelines through \(program)")
    }
  }
}

struct MergeDriver: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge-driver",
    abstract: "Merge one shard for git; `vidgit init-git` sets it up.", shouldDisplay: false)

  @Argument(help: "A file with the common ancestor's text (%O).")
  var base: String

  @Argument(help: "A file with our text, which gets the result (%A).")
  var ours: String

  @Argument(help: "A file with their text (%B).")
  var theirs: String

  @Argument(help: "The path in the repository (%P).")
  var path: String

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let isClean = try VidgitKit.MergeDriver.merge(
      base: base, ours: ours, theirs: theirs, path: path)
    // Git takes 1 for conflicts that are marked in the file.
    if !isClean { throw ExitCode(1) }
  }
}
