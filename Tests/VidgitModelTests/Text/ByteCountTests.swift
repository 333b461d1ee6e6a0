import Testing
import VidgitModel

@Suite struct ByteCountTests {
  @Test(arguments: [
    (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB"), (1_099, "1.0 kB"),
    (48_249_999, "48.2 MB"), (999_999_999, "999.9 MB"), (1_000_000_000, "1.0 GB"),
    (Int64.max, "9.2 EB"), (-5, "-5 bytes"),
  ])
  func tells(_ bytes: Int64, _ text: String) {
    #expect(ByteCount.text(bytes) == text)
  }
}
