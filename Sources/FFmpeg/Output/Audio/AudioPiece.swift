import CFFmpeg

/// The samples that go into an encoder, one after another.
struct AudioOutput: ~Copyable {
  var encoder: AudioEncoder
  /// Where the next sample plays, in samples; nil before the first.
  private(set) var position: Int64?

  init(_ encoder: consuming AudioEncoder) {
    self.encoder = encoder
  }

  var format: AudioFormat { encoder.format }

  /// Puts some silence before `place`; false where there is nothing to be silent. Before the first
  /// samples there is nothing to be silent between.
  mutating func isSilent(until place: Int64) throws(FFmpegError) -> Bool {
    guard let position, position < place else { return false }
    try put(format.silence(count: min(place - position, 1 << 14)), at: position)
    return true
  }

  /// Takes all samples of `frame` as the next ones; the first ever play at `place`.
  mutating func put(_ frame: Frame, at place: Int64) throws(FFmpegError) {
    if position == nil {
      encoder.startIfNeeded(at: place, of: format.sampleRate)
      position = place
    }
    try encoder.take(frame)
    position! += Int64(frame.sampleCount)
  }
}

/// A stretch of sound on its way from its source to its place.
final class AudioPiece {
  private let reader: AudioReader
  private let place: Range<Int64>
  private let format: AudioFormat
  private var placement: AudioPlacement
  private var converter: AudioConverter
  private let tempo: AudioTempo?
  /// Samples, in the format of the output: that came out of the converter, and that are put out.
  private var converted: Int64 = 0
  private var done: Int64 = 0

  /// - Parameter place: in samples of `format`.
  init(
    _ piece: AudioMontage.Piece, place: Range<Int64>, reader: AudioReader, format: AudioFormat
  ) throws(FFmpegError) {
    self.reader = reader
    self.place = place
    self.format = format
    let clock = Ratio(1, reader.sampleRate)
    let source = piece.timebase.rescale(piece.source, to: clock)
    // A little more, so that rounding leaves no hole before the next piece; it is cut to the place.
    placement = AudioPlacement([.init(source: source.lowerBound..<source.upperBound + 8, output: 0)]
    )
    converter = AudioConverter(to: format)
    let length = Double(source.count) / Double(reader.sampleRate)
    let shown = Double(place.count) / Double(format.sampleRate)
    tempo = piece.stretches ? try AudioTempo(format, speed: length / shown) : nil
  }

  /// Plays some of it; false when all is there.
  func step(into output: inout AudioOutput) throws(FFmpegError) -> Bool {
    guard done < place.count, let wanted = placement.wanted,
      let (frame, samples) = try reader.stretch(reaching: wanted.lowerBound),
      samples.lowerBound < wanted.upperBound
    else {
      try finish(into: &output)
      return false
    }
    while let run = placement.next(in: samples) {
      try fill(to: run.output, silence: run.silence, into: &output)
      let offset = Int(run.source.lowerBound - samples.lowerBound)
      for part in try converter.convert(frame, from: offset, count: run.source.count) {
        try take(part, into: &output)
      }
    }
    return true
  }

  /// Lets holes of the source be silent.
  private func fill(
    to place: Int64, silence: Int64, into output: inout AudioOutput
  ) throws(FFmpegError) {
    guard silence > 0 || (converted == 0 && place > 0) else { return }
    for part in try converter.finish() { try take(part, into: &output) }
    let target = Ratio(1, reader.sampleRate).rescale(place, to: Ratio(1, format.sampleRate))
    if output.position == nil, tempo == nil {
      // The first sound of all simply starts later.
      (converted, done) = (target, target)
      return
    }
    while converted < target {
      try take(format.silence(count: min(target - converted, 1 << 14)), into: &output)
    }
  }

  private func take(_ frame: Frame, into output: inout AudioOutput) throws(FFmpegError) {
    converted += Int64(frame.sampleCount)
    guard let tempo else { return try put(frame, into: &output) }
    guard frame.sampleCount > 0 else { return }
    frame.av.pointee.pts = converted - Int64(frame.sampleCount)
    try tempo.push(frame)
    while let part = try tempo.pull() { try put(part, into: &output) }
  }

  private func put(_ frame: Frame, into output: inout AudioOutput) throws(FFmpegError) {
    let count = min(Int64(frame.sampleCount), Int64(place.count) - done)
    guard count > 0 else { return }
    frame.av.pointee.nb_samples = Int32(count)
    try output.put(frame, at: place.lowerBound + done)
    done += count
  }

  private func finish(into output: inout AudioOutput) throws(FFmpegError) {
    for part in try converter.finish() { try take(part, into: &output) }
    guard let tempo, converted > 0 else { return }
    try tempo.push(nil)
    while let part = try tempo.pull() { try put(part, into: &output) }
  }
}
