import VidgitKit
import VidgitModel

/// What a comparison with FFmpeg's framehash found.
enum FrameHashReport {
  static func say(_ result: FrameHashCheck.Result) {
    for difference in result.differences {
      switch (difference.expected, difference.found) {
      case (let expected?, let found?):
        Report.line("frame \(difference.number): is \(found.hex), and not \(expected.hex)")
      case (nil, let found?):
        Report.line("frame \(difference.number): is \(found.hex), and the list has ended")
      case (let expected?, nil):
        Report.line("frame \(difference.number): is missing; the list has \(expected.hex)")
      case (nil, nil): break
      }
    }
    if result.differenceCount > result.differences.count {
      Report.line("... and \(result.differenceCount - result.differences.count) more")
    }
    Report.line(
      result.isEqual
        ? "All \(result.compared) frames are those of the list"
        : "\(result.differenceCount) of \(result.compared) frames differ")
  }

  static func json(_ result: FrameHashCheck.Result) -> JSONValue {
    [
      "compared": .int(Int64(result.compared)),
      "differenceCount": .int(Int64(result.differenceCount)),
      "differences": .array(
        result.differences.map { difference in
          [
            "frame": .int(Int64(difference.number)),
            "expected": difference.expected.map { .string($0.text) } ?? .null,
            "found": difference.found.map { .string($0.text) } ?? .null,
          ]
        }),
    ]
  }
}
