import ArgumentParser
import VidgitKit

struct Speed: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a part of the timeline faster or slower: one commit.",
    discussion: """
      No frame is dropped or made: each shows for another time. A render stretches the sound with \
      the picture and keeps its pitch.
      """)

  @Argument(help: "The part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String

  @Argument(help: "How many times as fast: 2x, 0.5x, 3/2.")
  var factor: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let number = factor.hasSuffix("x") ? String(factor.dropLast()) : factor
    guard let rate = Rate.parse(number) else {
      throw VidgitError(
        .usage, "'\(factor)' is no speed", hint: "2x is twice as fast, 0.5x half, 3/2 in between")
    }
    EditReport.show(
      try await VidgitKit.Speed(
        directory: global.directory, range: Notation.range(range), factor: rate,
        author: Identity.author()
      ).run(), json: global.json)
  }
}
