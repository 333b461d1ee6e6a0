import FFmpeg

/// A stream beside the video that writes itself as the video goes on.
protocol CompanionStream: AnyObject {
  func add(to muxer: inout Muxer) throws(FFmpegError)

  /// Writes what plays before `time`, in ticks of the timeline; all that is left where nil.
  func write(until time: Int64?, to muxer: inout Muxer) throws(FFmpegError)
}

/// A stream whose packets go over as they are, moved in time.
final class CopiedStream: CompanionStream {
  private let demuxer: Demuxer
  private let parameters: StreamParameters
  /// Packets that begin in here are taken, in ticks of `parameters.timebase`; nil takes all.
  private let window: Range<Int64>?
  private let shift: Int64
  private let timeline: Ratio
  private var index = 0
  /// Packets that were read and not written yet, in order.
  private var waiting: [Packet] = []
  private var isDone = false

  /// - Parameters:
  ///   - window: the part of the medium that plays, in ticks of `clock`.
  ///   - origin: the medium's time that becomes the output's 0, in ticks of `clock`.
  init(
    _ path: String, _ parameters: StreamParameters, window: Range<Int64>?, origin: Int64,
    clock: Ratio, output: Int64, timeline: Ratio
  ) throws(FFmpegError) {
    demuxer = try Demuxer(path: path)
    self.parameters = parameters
    self.timeline = timeline
    self.window = window.map {
      clock.rescale(
        $0.lowerBound, to: parameters.timebase)..<clock.rescale(
          $0.upperBound, to: parameters.timebase)
    }
    shift = -clock.rescale(origin, to: parameters.timebase)
    demuxer.select([parameters.index])
    if let start = self.window?.lowerBound {
      try? demuxer.seek(stream: parameters.index, before: start)
    }
  }

  func add(to muxer: inout Muxer) throws(FFmpegError) {
    index = try muxer.addStream(copying: parameters)
  }

  func write(until time: Int64?, to muxer: inout Muxer) throws(FFmpegError) {
    let limit = time.map { timeline.rescale($0, to: parameters.timebase) }
    while !isDone {
      guard let packet = try next() else {
        isDone = true
        return
      }
      guard let begin = packet.pts ?? packet.dts else { continue }
      if let window {
        if begin >= window.upperBound {
          isDone = true
          return
        }
        if begin < window.lowerBound { continue }
      }
      if let limit, begin + shift >= limit {
        waiting.insert(packet, at: 0)
        return
      }
      try muxer.write(packet.shifted(by: shift), to: index, timebase: parameters.timebase)
    }
  }
}

extension CopiedStream {
  /// The next packet that plays. Of those that an edit list hides, which other containers would let
  /// be heard, only the last one comes along: the decoder runs in on it.
  private func next() throws(FFmpegError) -> Packet? {
    if !waiting.isEmpty { return waiting.removeFirst() }
    var hidden: Packet?
    while let packet = try demuxer.next() {
      if packet.isDiscarded, parameters.kind == .audio {
        hidden = packet
        continue
      }
      guard let hidden else { return packet }
      waiting = [packet]
      return hidden
    }
    return nil
  }
}

/// Sound that is cut to the pieces of a timeline and encoded again.
final class TranscodedStream: CompanionStream {
  private let demuxer: Demuxer
  private let parameters: StreamParameters
  private let clock: Ratio
  private let timeline: Ratio
  private var transcoder: AudioTranscoder
  private var index = 0
  /// Where the next packet begins, in ticks of `clock`.
  private var position: Int64?
  private var isFed = false
  private var waiting: Packet?

  init(
    _ path: String, _ parameters: StreamParameters, codec: AudioCodec,
    pieces: [RenderPlan.Segment], clock: Ratio, timeline: Ratio, offset: Int64, globalHeader: Bool
  ) throws(FFmpegError) {
    demuxer = try Demuxer(path: path)
    self.parameters = parameters
    self.clock = clock
    self.timeline = timeline
    transcoder = try AudioTranscoder(
      parameters, pieces: pieces.map { .init(source: $0.source, output: $0.output + offset) },
      sourceTimebase: clock, outputTimebase: timeline, settings: .init(codec: codec),
      globalHeader: globalHeader)
    demuxer.select([parameters.index])
  }

  func add(to muxer: inout Muxer) throws(FFmpegError) {
    index = try muxer.addStream(
      transcoder, metadata: parameters.metadata, disposition: parameters.disposition)
  }

  func write(until time: Int64?, to muxer: inout Muxer) throws(FFmpegError) {
    let limit = time.map { timeline.rescale($0, to: transcoder.timebase) }
    while let packet = try nextPacket() {
      if let limit, let begin = packet.pts, begin >= limit {
        waiting = packet
        return
      }
      try muxer.write(packet, to: index, timebase: transcoder.timebase)
    }
  }

  private func nextPacket() throws(FFmpegError) -> Packet? {
    if let packet = waiting {
      waiting = nil
      return packet
    }
    while true {
      if let packet = try transcoder.receive() { return packet }
      if isFed { return nil }
      try feed()
    }
  }

  private func feed() throws(FFmpegError) {
    guard let wanted = transcoder.wanted else { return try endFeed() }
    let second = Ratio(1, 1).rescale(1, to: clock)
    let begin = wanted.lowerBound
    if let position, begin < position - second || begin > position + 10 * second {
      let target = clock.rescale(begin - second / 2, to: parameters.timebase)
      try demuxer.seek(stream: parameters.index, before: target)
      transcoder.discontinuity()
      self.position = nil
    }
    guard let packet = try demuxer.next() else { return try endFeed() }
    if let pts = packet.pts {
      position = parameters.timebase.rescale(pts + packet.duration, to: clock)
    }
    try transcoder.send(packet)
  }

  private func endFeed() throws(FFmpegError) {
    try transcoder.finish()
    isFed = true
  }
}
