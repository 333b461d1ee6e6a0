import Testing

@testable import FFmpeg

@Suite struct OutputAudioTempoTests {
  @Test(arguments: [0.25, 0.3, 0.5, 0.9, 1, 1.5, 2, 3, 8, 64])
  func reachesEverySpeedInSmallSteps(speed: Double) {
    let steps = AudioTempo.steps(speed)
    #expect(steps.allSatisfy { (0.5...2).contains($0) })
    #expect(abs(steps.reduce(1, *) - speed) < 1e-9)
    #expect(steps.count <= 6)
  }
}
