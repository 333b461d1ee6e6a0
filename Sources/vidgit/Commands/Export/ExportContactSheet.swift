import ArgumentParser
import VidgitKit
import VidgitModel

extension Export {
  struct Sheet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "contact-sheet",
      abstract: "Frames, evenly spread, on one picture with their times.")

    @Argument(help: "Anything that Git resolves.", completion: .revision)
    var rev = "HEAD"

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("The picture: .png, .jpg or .webp.", valueName: "file"),
      completion: .file())
    var output: String

    @Option(
      help: ArgumentHelp(
        "How many frames, at most \(ContactSheetExport.mostFrames).", valueName: "n"))
    var count = 24

    @Option(
      help: ArgumentHelp(
        "Pictures in a row, at most \(ContactSheetExport.mostColumns).", valueName: "n"))
    var columns: Int?

    @Option(help: "Only this part: 10s..20s, 100..200 (frame numbers), 10%..20%.")
    var range: String?

    @Option(help: "Only these frames: 0,100,250..260.")
    var frames: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
      guard (1...ContactSheetExport.mostFrames).contains(count) else {
        throw ValidationError("--count takes 1 to \(ContactSheetExport.mostFrames)")
      }
      guard columns.map({ (1...ContactSheetExport.mostColumns).contains($0) }) ?? true else {
        throw ValidationError("--columns takes 1 to \(ContactSheetExport.mostColumns)")
      }
      if range != nil, frames != nil {
        throw ValidationError("--range and --frames cannot be used together")
      }
    }

    func run() async throws {
      let export = try ContactSheetExport(
        directory: global.directory, revision: rev, range: Notation.range(range),
        frames: Notation.frames(frames), count: count, columns: columns)
      let drawn = try await Output.write(output, directory: global.directory) {
        try await export.draw(to: $0, progress: ProgressLine.show)
      }
      if global.json {
        Report.json([
          "frames": .array(drawn.map { .int(Int64($0)) }), "output": .string(output),
        ])
      } else {
        Report.line(
          TerminalText.escaped(
            "Drew \(Counted.text(drawn.count, "frame")) on \(output)"))
      }
    }
  }
}
