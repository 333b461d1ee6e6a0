import Testing

@testable import VidgitKit

/// What is said of frames that become another pixel format.
@Suite struct FormatLossesTests {
  @Test(arguments: [
    ("yuv420p10le", "yuv420p", "the frames become yuv420p: 8 bits a sample, where they had 10"),
    ("yuv444p", "yuv420p", "the frames become yuv420p: fewer samples of colour than yuv444p"),
    ("rgba", "rgb24", "the frames become rgb24: no transparency any more"),
    (
      "yuva444p12le", "yuv422p10le",
      "the frames become yuv422p10le: 10 bits a sample, where they had 12; "
        + "fewer samples of colour than yuva444p12le; no transparency any more"
    ),
  ]) func namesWhatIsLost(_ old: String, _ new: String, _ words: String) {
    #expect(FormatLosses.note(from: old, to: new) == words)
  }

  @Test(arguments: [
    ("yuv420p", "yuv420p10le"), ("yuv420p", "rgb24"), ("yuvj420p", "yuv420p"), ("yuv420p", "gray"),
    ("gray", "yuv420p"), ("rgb24", "rgba"), ("nothing", "yuv420p"),
  ]) func saysNothingWhereNothingIs(_ old: String, _ new: String) {
    #expect(FormatLosses.note(from: old, to: new) == nil)
  }

  @Test func saysItOnce() {
    var losses = FormatLosses()
    for _ in 0..<3 {
      losses.add(from: "yuv420p10le", to: "yuv420p")
      losses.add(from: "yuv420p", to: "yuv420p")
      losses.add(from: "yuv422p", to: "yuv420p")
    }
    #expect(losses.notes.count == 2)
  }
}
