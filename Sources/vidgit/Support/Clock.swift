import VidgitModel

enum Clock {
  /// Ticks as people read time: "1:02:03.500".
  static func text(_ ticks: Int64, _ timebase: Rational) -> String {
    guard ticks > 0, let times = try? FrameTimes(durations: [ticks], timebase: timebase) else {
      return "0:00.000"
    }
    return times.lengthText
  }
}
