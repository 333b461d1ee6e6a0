import ArgumentParser
import VidgitKit
import VidgitModel

extension Filter {
  /// The checks of --sample and --sheet.
  func validateSample() throws {
    guard let sample else {
      if sheet != nil { throw ValidationError("--sheet goes with --sample") }
      return
    }
    if branch != nil {
      throw ValidationError("--sample commits nothing, so it does not go with -b")
    }
    guard (1...FilterSample.mostFrames).contains(sample) else {
      throw ValidationError("--sample takes a number from 1 to \(FilterSample.mostFrames)")
    }
  }

  /// Carries out `--sample`.
  func draw(_ count: Int, _ options: FilterOptions) async throws {
    let output = sheet ?? "sample.png"
    let result = try await Output.write(output, directory: global.directory) {
      try await FilterSample(options, count: count, output: $0).run(progress: ProgressLine.show)
    }
    if global.json {
      Report.json([
        "sheet": .string(output), "recipes": .array(result.recipes.map { .string($0) }),
        "frames": .array(result.frames.map { .int(Int64($0)) }),
        "failed": .array(result.failed.map { .int(Int64($0)) }),
        "changed": .int(Int64(result.changed)), "made": .int(Int64(result.made)),
        "reused": .int(Int64(result.reused)),
        "borrowed": BorrowedReport.json(result.borrowed), "calls": .int(Int64(result.calls)),
        "spent": .array(result.spent.map { .string($0.description) }),
        "width": .int(Int64(result.width)),
        "height": .int(Int64(result.height)),
      ])
    } else {
      Report.line(
        "Drew \(Counted.text(result.frames.count, "frame")) before and after: \(TerminalText.escaped(output)) "
          + "(\(result.width)x\(result.height))")
      Report.line(
        "\(result.made) made, \(result.reused) reused\(spent(result)); nothing was committed, and the pass will "
          + "not make them again")
      BorrowedReport.show(result.borrowed)
    }
    if let failure = result.failure { throw failure }
  }

  /// "; 8 calls, 0.0184 USD spent"
  private func spent(_ result: FilterSampleResult) -> String {
    guard result.calls > 0 else { return "" }
    let calls = "; " + Counted.text(result.calls, "call")
    return calls + result.spent.map { ", \($0) spent" }.joined()
  }
}
