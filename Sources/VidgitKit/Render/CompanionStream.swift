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
    clock: Ratio, timeline: Ratio
  ) throws(FFmpegError) {
    demuxer = try Demuxer(path: path)
    self.parameters = parameters
    self.timeline = timeline
    self.window = window.map { clock.rescale($0, to: parameters.timebase) }
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

/// Sound that is put together to follow the picture, and encoded again.
final class MontageStream: CompanionStream {
  private let montage: AudioMontage
  /// Says the stream's language, title and purpose.
  private let parameters: StreamParameters
  private let timeline: Ratio
  private var index = 0
  private var waiting: Packet?

  init(_ montage: AudioMontage, like parameters: StreamParameters, timeline: Ratio) {
    self.montage = montage
    self.parameters = parameters
    self.timeline = timeline
  }

  func add(to muxer: inout Muxer) throws(FFmpegError) {
    index = try muxer.addStream(
      montage, metadata: parameters.metadata, disposition: parameters.disposition)
  }

  func write(until time: Int64?, to muxer: inout Muxer) throws(FFmpegError) {
    let clock = montage.parameters.timebase
    let limit = time.map { timeline.rescale($0, to: clock) }
    while let packet = try next() {
      if let limit, let begin = packet.pts, begin >= limit {
        waiting = packet
        return
      }
      try muxer.write(packet, to: index, timebase: clock)
    }
  }

  private func next() throws(FFmpegError) -> Packet? {
    guard let packet = waiting else { return try montage.next() }
    waiting = nil
    return packet
  }
}
