import ArgumentParser
import VidgitKit
import VidgitModel

struct StoreAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a store to this clone, after a look whether it is there.",
    discussion: """
      Where it is: a folder (/mnt/nas, ../nas or file:/mnt/nas), a bucket (s3://bucket/prefix), a web \
      server (https://host/base, for reading), a remote of rclone (rclone:REMOTE:PATH, dropbox:PATH, \
      gdrive:PATH), or the assets of a release (github-release:OWNER/NAME). Keys come from the \
      environment: AWS_ACCESS_KEY_ID or AWS_PROFILE, GITHUB_TOKEN, rclone's own.

      With --public, or --public-base, a commit names the store in video.json, so that every clone can \
      read there without another word; it must be readable over HTTPS.
      """)

  @Argument(help: "What to call it: letters, digits, '_' and '-'.")
  var name: String

  @Argument(
    help: ArgumentHelp("Where it is: a folder, or an address.", valueName: "place"),
    completion: .directory)
  var uri: String

  @Option(help: "The address of what speaks like S3, or of GitHub's API.")
  var endpoint: String?

  @Option(help: "The region of the bucket.")
  var region: String?

  @Option(help: "The profile of AWS's own files whose key is used.")
  var profile: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Put the bucket into the path of the address, or before its host.")
  var pathStyle: Bool?

  @Flag(name: .customLong("public"), help: "Name it in video.json, with a commit.")
  var isPublic = false

  @Option(help: ArgumentHelp("The same, readable at this address.", valueName: "https-uri"))
  var publicBase: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var addition = VidgitKit.StoreAdd(directory: global.directory, name: name, uri: uri)
    addition.endpoint = endpoint
    addition.region = region
    addition.profile = profile
    addition.isPathStyle = pathStyle
    addition.isPublic = isPublic
    addition.publicBase = publicBase
    addition.author = try Identity.author()
    let (store, commit) = try await addition.run()
    if global.json {
      Report.json([
        "name": .string(store.name), "uri": .string(store.location.text),
        "public": store.publicBase.map { .string($0) } ?? .null,
        "commit": commit?.commit.map { .string($0) } ?? .null,
      ])
      return
    }
    Report.line("Added the store \(store.name) (\(TerminalText.escaped(store.location.text)))")
    if let base = store.publicBase {
      Report.line("video.json names it: \(TerminalText.escaped(base))")
    }
  }
}
