import FFmpeg
import VidgitModel

/// What a file shows between two times: its frames with when each begins and ends, in seconds.
///
/// A frame that is on the screen when the piece begins or ends shows in part. Lists write times
/// rounded, so a time within a millisecond of a frame's begin means that.
///
/// Not `Sendable`: it belongs to the task that decodes.
final class PieceScan {
  struct Shown {
    let frame: Frame
    let from: Rational
    let to: Rational
  }

  private let path: String
  private let piece: EditPiece
  private let start: Rational?
  private let end: Rational?
  private let timebase: Rational
  /// The pts at which the piece's clock says 0.
  private let origin: Int64
  private let tolerance: Rational
  private var reader: VideoReader
  private var ahead: [Frame] = []
  /// When the first frame begins to show.
  private var begin: Rational?
  private var isFirst = true
  private var isDone = false
  /// The pts of the file's first frame: where no other follows, the file is a picture, which shows
  /// as long as it is wanted.
  private var opening: Int64?

  init(path: String, piece: EditPiece) throws {
    self.path = path
    self.piece = piece
    reader = try VidgitError.reading { try VideoReader(path: path) }
    let clock = Rational(reader.stream.timebase)
    timebase = clock
    origin = piece.clock == .file ? 0 : reader.stream.startTime ?? 0
    start = piece.start.map { Self.onClock($0, clock) }
    end = piece.end.map { Self.onClock($0, clock) }
    let rate = reader.stream.video?.averageFrameRate ?? Ratio(0, 1)
    let half = rate.isValid ? Rational(Int64(rate.den), 2 * Int64(rate.num)) : Rational(1, 1000)
    tolerance = min(Rational(1, 1000), half)
  }

  /// The nearest tick of the medium where that is within a millisecond, else the time itself.
  static func onClock(_ time: Rational, _ timebase: Rational) -> Rational {
    let num = Int128(time.num) * Int128(timebase.den)
    let den = Int128(time.den) * Int128(timebase.num)
    let half = num >= 0 ? den / 2 : -den / 2
    guard let ticks = Int64(exactly: (num + half) / den),
      let near = try? Rational(ticks, 1).multiplied(by: timebase),
      let off = try? near.adding(Rational(-time.num, time.den)),
      Rational(Int64(off.num.magnitude), off.den) <= Rational(1, 1000)
    else { return time }
    return near
  }

  /// The next frame that shows; nil at the end of the piece.
  func next() throws -> Shown? {
    try VidgitError.model { try timed() }
  }

  private func timed() throws -> Shown? {
    guard let shown = try step() else { return nil }
    let begin = begin ?? shown.from
    self.begin = begin
    guard isDone, let duration = piece.duration else { return shown }
    let to = try begin.adding(duration)
    guard to > shown.from else {
      throw VidgitError(
        .badInput,
        "\(piece.place): the duration \(duration.decimalText) s is over before the last frame of "
          + "'\(TerminalText.escaped(path))' shows", hint: "an out point cuts the file shorter")
    }
    return Shown(frame: shown.frame, from: shown.from, to: to)
  }

  private func step() throws -> Shown? {
    if isDone { return nil }
    let frame: Frame
    let from: Rational
    if isFirst {
      isFirst = false
      (frame, from) = try first()
    } else if let following = try read() {
      (frame, from) = (following, try time(following))
    } else {
      return nil
    }
    if let following = try read() {
      let begin = try time(following)
      if let end, try begin.adding(tolerance) >= end {
        isDone = true
        return Shown(frame: frame, from: from, to: try isNear(begin, end) ? begin : end)
      }
      ahead.append(following)
      return Shown(frame: frame, from: from, to: begin)
    }
    isDone = true
    return Shown(frame: frame, from: from, to: try last(frame))
  }

  /// The frame that is on the screen at the start.
  private func first() throws -> (Frame, Rational) {
    try skipToStart()
    guard var frame = try read() else {
      throw failure("has a video stream without a single frame")
    }
    guard let start else {
      let begin = try time(frame)
      if let end, begin >= end { throw failure("shows nothing before \(end.decimalText) s") }
      return (frame, begin)
    }
    while true {
      guard let following = try read() else {
        if !isStill(frame), try naturalEnd(frame) <= start {
          throw failure("is over before \(start.decimalText) s")
        }
        break
      }
      if try time(following) > start.adding(tolerance) {
        ahead.append(following)
        break
      }
      frame = following
    }
    let begin = try time(frame)
    // The first frame shows a little earlier too: containers round where they start.
    let earliest = try Rational(-1, 1).multiplied(by: seconds(Int128(max(1, frame.duration))))
    guard try start >= begin.adding(earliest), end.map({ $0 > begin }) ?? true else {
      throw failure("begins at \(begin.decimalText) s, and the piece at \(start.decimalText) s")
    }
    return (frame, try isNear(begin, start) ? begin : start)
  }

  /// Where the last frame of the file ends for the piece.
  private func last(_ frame: Frame) throws -> Rational {
    let natural = try naturalEnd(frame)
    guard let end, try !isNear(natural, end) else { return natural }
    if end < natural { return end }
    if isStill(frame) { return end }
    guard piece.needsEnd else { return natural }
    // Held for as long as it shows once more: containers round their lengths.
    let held = try natural.adding(seconds(Int128(max(1, frame.duration))))
    guard end <= held else {
      throw failure(
        "ends at \(natural.decimalText) s, and the piece goes on to \(end.decimalText) s")
    }
    return end
  }

  /// Jumps near the start where that can be trusted to land before it.
  private func skipToStart() throws {
    guard let opening = try read() else { return }
    self.opening = opening.pts
    ahead.append(opening)
    guard let start else { return }
    let tick = Int64(clamping: Int128(start.ticksRoundedUp(timebase)) + Int128(origin))
    let walk = Ratio(1, 1).rescale(10, to: reader.stream.timebase)
    guard Int128(tick) - Int128(opening.pts!) > Int128(walk) else { return }
    ahead = []
    if (try? reader.seek(before: tick)) != nil, let frame = try read(),
      try time(frame) <= start
    {
      ahead.append(frame)
      return
    }
    reader = try VidgitError.reading { [path] in try VideoReader(path: path) }
  }

  private func read() throws -> Frame? {
    if !ahead.isEmpty { return ahead.removeFirst() }
    return try VidgitError.reading(hint: Self.damageHint) { try reader.next() }
  }

  private static let damageHint =
    "the file may be cut short or damaged: get it whole, or end the piece before that place"

  /// Of the last frame that there is.
  private func isStill(_ frame: Frame) -> Bool { frame.pts == opening }

  private func time(_ frame: Frame) throws -> Rational {
    try seconds(Int128(frame.pts!) - Int128(origin))
  }

  private func naturalEnd(_ frame: Frame) throws -> Rational {
    try seconds(Int128(frame.pts!) - Int128(origin) + Int128(max(1, frame.duration)))
  }

  private func seconds(_ ticks: Int128) throws -> Rational {
    guard let ticks = Int64(exactly: ticks) else {
      throw failure("has times beyond what a video can have")
    }
    return try Rational(ticks, 1).multiplied(by: timebase)
  }

  private func isNear(_ one: Rational, _ other: Rational) throws -> Bool {
    let (low, high) = (min(one, other), max(one, other))
    return try high <= low.adding(tolerance)
  }

  private func failure(_ reason: String) -> VidgitError {
    VidgitError(
      .badInput, "\(piece.place): '\(TerminalText.escaped(path))' \(reason)",
      hint: "`ffprobe` tells how long it is")
  }
}
