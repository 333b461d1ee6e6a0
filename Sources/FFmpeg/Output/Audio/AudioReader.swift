/// Reads the sound of one stream, anywhere in it, forward where it can.
///
/// A class, so that several can be kept; one task uses it at a time. It holds one decoded frame.
final class AudioReader {
  let sampleRate: Int32
  private let path: String
  private let stream: Int
  private var demuxer: Demuxer
  private var decoder: AudioDecoder
  private let parameters: StreamParameters
  /// What was decoded last, and the samples that are known to lie there: from the end of the frame
  /// before it.
  private var current: (frame: Frame, samples: Range<Int64>)?
  private var knownFrom: Int64 = .min
  private var isEnded = false
  private(set) var damagedPackets = 0

  init(path: String, stream: Int) throws(FFmpegError) {
    self.path = path
    self.stream = stream
    demuxer = try Demuxer(path: path)
    demuxer.select([stream])
    parameters = try demuxer.parameters(of: stream)
    decoder = try AudioDecoder(parameters)
    sampleRate = decoder.sampleRate
  }

  /// The first decoded stretch that ends after `sample`, which is counted from time 0; nil where
  /// the stream has ended before it. The stretch begins after `sample` where the stream has a hole
  /// there.
  func stretch(reaching sample: Int64) throws(FFmpegError) -> (Frame, Range<Int64>)? {
    let place = current?.samples.upperBound ?? 0
    if sample < knownFrom || sample > place + 10 * Int64(sampleRate) {
      try seek(to: sample)
    }
    while true {
      if let current, current.samples.upperBound > sample { return current }
      guard try advance() else { return nil }
    }
  }

  /// Goes half a second before `sample`, for the decoder's sake. A seek that lands behind it, or
  /// fails, is made good by reading from the start.
  private func seek(to sample: Int64) throws(FFmpegError) {
    let early = sample - Int64(sampleRate) / 2
    let target = Ratio(1, sampleRate).rescale(early, to: parameters.timebase)
    if (try? demuxer.seek(stream: stream, before: target)) != nil {
      decoder.discontinuity()
      current = nil
      isEnded = false
      if try advance(), let current, current.samples.lowerBound <= sample {
        knownFrom = current.samples.lowerBound
        return
      }
    }
    demuxer = try Demuxer(path: path)
    demuxer.select([stream])
    decoder = try AudioDecoder(parameters)
    current = nil
    knownFrom = .min
    isEnded = false
  }

  /// Decodes the next frame; false at the end.
  private func advance() throws(FFmpegError) -> Bool {
    while true {
      if let (frame, start) = try decoder.receive() {
        if let current { knownFrom = current.samples.upperBound }
        current = (frame, start..<start + Int64(frame.sampleCount))
        return true
      }
      if isEnded { return false }
      if let packet = try demuxer.next() {
        if try !decoder.send(packet) { damagedPackets += 1 }
      } else {
        try decoder.finish()
        isEnded = true
      }
    }
  }
}
