import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct PalettePreview: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Draw one frame through all recipes on one sheet.")

  @Argument(help: "A video file, or a revision of the repository.", completion: .revisionOrFile)
  var source: String

  @Argument(help: "Only these recipes.", completion: .paletteName)
  var names: [String] = []

  @Option(
    name: [.customShort("o"), .customLong("output")], help: "The picture: .png, .jpg or .webp.",
    completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      "The frame: 2.5s, 1:00, 100 (frame number), 50%; by default at a third.", valueName: "time"))
  var at: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var isFolder: ObjCBool = false
    let isFile =
      FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) && !isFolder.boolValue
    var options = PalettePreviewOptions(
      source: isFile ? .video(source) : .revision(source, directory: global.directory),
      palette: try global.palette(), output: output)
    options.directory = global.directory
    options.names = names
    options.at = try Notation.range(at.map { $0 + ".." })
    let result = try await draw(options)
    ProgressLine.clear()
    report(result)
  }

  /// What is neither a file nor in a repository was most likely meant as a file.
  private func draw(_ options: PalettePreviewOptions) async throws -> PalettePreviewResult {
    do {
      return try await VidgitKit.PalettePreview(options).run(progress: ProgressLine.show)
    } catch let error as VidgitError where error.kind == .notFound {
      guard case .revision = options.source, source.contains(".") || source.contains("/"),
        error.underlying != nil
      else { throw error }
      throw VidgitError(
        .notFound, "there is no file '\(source)', and no such revision either",
        hint: "vidgit palette preview VIDEO -o sheet.png", underlying: error)
    }
  }

  private func report(_ result: PalettePreviewResult) {
    for reason in result.leftOut { Report.note("note: left out: \(TerminalText.escaped(reason))") }
    if global.json {
      Report.json([
        "output": .string(output), "time": .string(result.time),
        "recipes": .array(result.recipes.map { .string($0) }),
        "leftOut": .array(result.leftOut.map { .string($0) }),
        "width": .int(Int64(result.width)), "height": .int(Int64(result.height)),
      ])
      return
    }
    Report.line(
      "Drew the frame at \(result.time) through \(result.recipes.count) recipes: \(output) "
        + "(\(result.width)x\(result.height))")
  }
}
