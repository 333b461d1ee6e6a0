import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a revision's timeline, or its frames, in forms that other programs read.",
    subcommands: [
      Manifest.self, Framehash.self, Timecodes.self, OTIO.self, Images.self, Sheet.self,
      Page.self,
    ])

  struct Manifest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The whole manifest as one JSON document with absolute times.")
    @OptionGroup var text: TextOptions
    func run() async throws { try await text.write(.manifest) }
  }

  struct Framehash: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "FFmpeg's framehash, version 2, to compare with `ffmpeg -f framehash -hash sha256`."
    )
    @OptionGroup var text: TextOptions
    func run() async throws { try await text.write(.framehash) }
  }

  struct Timecodes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Timecode format v2: the start of every frame in milliseconds.")
    @OptionGroup var text: TextOptions
    func run() async throws { try await text.write(.timecodes) }
  }

  struct OTIO: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "otio",
      abstract: "OpenTimelineIO, for editing programs: clips of the media, sound along.",
      discussion: """
        A clip is a run of frames that follow each other in their source and show equally long. Its \
        exact times, hashes and filters stand in metadata.vidgit; filters themselves, other programs \
        do not apply. It names the media files of this machine.
        """)

    @Option(
      help: ArgumentHelp(
        "Branches that become further media references of the clips they show too: noir,sepia.",
        valueName: "branches"))
    var variants: String?

    @OptionGroup var text: TextOptions

    func run() async throws {
      let export = try OTIOExport(
        directory: text.global.directory, revision: text.rev, range: Notation.range(text.range),
        variants: variants.map { $0.split(separator: ",").map(String.init) } ?? [])
      if let output = text.output {
        try await Output.write(output, directory: text.global.directory, export.write)
      } else {
        try export.run { try Report.piece($0) }
      }
      for note in export.notes { Report.note("note: \(note)") }
    }
  }

  struct Images: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The frames as pictures, each checked against its hash.")

    @Argument(help: "Anything that Git resolves.", completion: .revision)
    var rev = "HEAD"

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "A new folder for the pictures, or a place in a store: disk:falls/, dropbox:falls/.",
        valueName: "folder"
      ), completion: .directory)
    var output: String

    @Option(help: "png, jpg or webp.", completion: .pictureFormat)
    var format = "png"

    @Option(help: "Only this part: 10s..20s, 100..200 (frame numbers), 10%..20%.")
    var range: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
      guard let format = ImageFormat(rawValue: format) else {
        throw VidgitError(
          .usage, "there is no picture format '\(format)'", hint: "--format takes png, jpg or webp")
      }
      let range = try Notation.range(range)
      let count = try await Output.write(output, isFolder: true, directory: global.directory) {
        try await ImageExport(
          directory: global.directory, revision: rev, range: range, format: format, folder: $0
        ).run(progress: ProgressLine.show)
      }
      if global.json {
        Report.json(["frames": .int(Int64(count)), "output": .string(output)])
      } else {
        Report.line(TerminalText.escaped("Wrote \(Counted.text(count, "picture")) to \(output)"))
      }
    }
  }

  /// What the forms of text share.
  struct TextOptions: ParsableArguments {
    @Argument(help: "Anything that Git resolves.", completion: .revision)
    var rev = "HEAD"

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "The file, or a place in a store; standard output without it.", valueName: "path"),
      completion: .file())
    var output: String?

    @Option(help: "Only this part: 10s..20s, 100..200 (frame numbers), 10%..20%.")
    var range: String?

    @OptionGroup var global: GlobalOptions

    func write(_ form: TextExport.Form) async throws {
      let export = try TextExport(
        form, directory: global.directory, revision: rev, range: Notation.range(range))
      guard let output else {
        try export.run { try Report.piece($0) }
        return
      }
      try await Output.write(output, directory: global.directory, export.write)
    }
  }
}
