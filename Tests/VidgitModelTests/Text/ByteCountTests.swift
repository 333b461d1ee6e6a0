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

  @Test(arguments: [
    (12_300_000, 48_249_999, "12.3 of 48.2 MB"), (0, 48_249_999, "0 bytes of 48.2 MB"),
    (1, 1, "1 of 1 byte"), (5, 999, "5 of 999 bytes"), (7, nil, "7 bytes"),
  ])
  func tellsHowMuchOfAll(_ bytes: Int64, _ total: Int64?, _ text: String) {
    #expect(ByteCount.text(bytes, of: total) == text)
  }
}
