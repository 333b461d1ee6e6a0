import ArgumentParser

struct Media: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The source files: list them, tell where they are.",
    discussion: """
      Media are known by the SHA-256 of their bytes. Where they lie on this machine is remembered \
      outside of the commits.
      """,
    subcommands: [MediaList.self, MediaLocate.self],
    defaultSubcommand: MediaList.self)
}
