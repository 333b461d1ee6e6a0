import CFFmpeg

/// How to encode audio.
public struct AudioEncoderSettings: Sendable, Equatable {
  public var codec: AudioCodec

  /// Bits a second; nil for the encoder's default.
  public var bitrate: Int64?

  /// No names and versions of libraries in the stream.
  public var bitexact = false

  public init(codec: AudioCodec) {
    self.codec = codec
  }
}

/// Cuts audio to pieces of a timeline, exact to the sample, and encodes it again: for audio that
/// cannot be copied packet by packet.
///
/// Packets in, packets out: `send` until `wanted` is nil or the stream ends, `finish`, and `receive`
/// whenever something is to be had. Sequential: one owner, not `Sendable`. Memory does not grow with
/// length as long as packets are received as they come.
public struct AudioTranscoder: ~Copyable {
  /// A stretch of the source and where it plays.
  public struct Piece: Sendable, Equatable {
    /// Media time, half open, in ticks of the source timebase.
    public var source: Range<Int64>
    /// Output time of its first sample, in ticks of the output timebase.
    public var output: Int64

    public init(source: Range<Int64>, output: Int64) {
      self.source = source
      self.output = output
    }
  }

  private var decoder: AudioDecoder
  private var placement: AudioPlacement
  private var converter: AudioConverter
  private var encoder: AudioEncoder
  private let sourceTimebase: Ratio

  /// Packets that the decoder could not read; what they held is silent.
  public private(set) var damagedPackets = 0

  /// - Parameters:
  ///   - stream: whose packets are sent.
  ///   - pieces: in the order that they play; none may start before the end of the one before. The
  ///     sources may go back: see `wanted`. What no piece covers is silent.
  ///   - sourceTimebase: of the pieces' sources, on the clock of the stream's packets.
  /// - Throws: also where the codec has no decoder, or no encoder in the linked libavcodec.
  public init(
    _ stream: StreamParameters, pieces: [Piece], sourceTimebase: Ratio, outputTimebase: Ratio,
    settings: AudioEncoderSettings, globalHeader: Bool
  ) throws(FFmpegError) {
    let decoder = try AudioDecoder(stream)
    let encoder = try AudioEncoder(settings, for: stream, globalHeader: globalHeader)
    converter = AudioConverter(to: encoder.format)
    self.decoder = decoder
    self.encoder = encoder
    let clock = Ratio(1, Int32(stream.sampleRate))
    placement = AudioPlacement(
      pieces.map { piece in
        AudioPlacement.Piece(
          source: sourceTimebase.rescale(
            piece.source.lowerBound, to: clock)..<sourceTimebase.rescale(
              piece.source.upperBound, to: clock),
          output: outputTimebase.rescale(piece.output, to: clock))
      })
    self.sourceTimebase = sourceTimebase
  }

  /// What goes into the container.
  public var parameters: StreamParameters { encoder.parameters }

  /// Seconds a tick of the packets that come out.
  public var timebase: Ratio { encoder.parameters.timebase }

  /// What is left of the source of the piece that is being filled, in ticks of the source timebase;
  /// nil when every piece is full. Where it starts before what was sent last, seek there, a little
  /// early for the decoder's sake, and call `discontinuity`.
  public var wanted: Range<Int64>? {
    placement.wanted.map {
      let clock = Ratio(1, decoder.sampleRate)
      return clock.rescale(
        $0.lowerBound, to: sourceTimebase)..<max(
          clock.rescale($0.upperBound, to: sourceTimebase),
          clock.rescale($0.lowerBound, to: sourceTimebase))
    }
  }

  /// The packets that follow do not continue those before.
  public mutating func discontinuity() {
    decoder.discontinuity()
  }

  /// Takes a packet of the source. One that cannot be decoded is counted, not thrown.
  public mutating func send(_ packet: Packet) throws(FFmpegError) {
    if try !decoder.send(packet) { damagedPackets += 1 }
    try take()
  }

  /// Says that no packet follows; `receive` then hands out what is left.
  public mutating func finish() throws(FFmpegError) {
    try decoder.finish()
    try take()
    try converter.finish(into: &encoder)
    try encoder.finish()
  }

  /// The next packet; nil where there is none yet, or, after `finish`, none left.
  public mutating func receive() throws(FFmpegError) -> Packet? {
    try encoder.receive()
  }

  /// Moves what the decoder has through the pieces into the encoder.
  private mutating func take() throws(FFmpegError) {
    while let (frame, start) = try decoder.receive() {
      let count = Int64(frame.av.pointee.nb_samples)
      while let run = placement.next(in: start..<start + count) {
        encoder.startIfNeeded(at: run.output, of: decoder.sampleRate)
        try converter.silence(run.silence, into: &encoder)
        try converter.convert(
          frame, from: Int(run.source.lowerBound - start), count: run.source.count, into: &encoder)
      }
    }
  }
}

extension Muxer {
  /// Adds the stream that `transcoder` makes.
  public mutating func addStream(
    _ transcoder: borrowing AudioTranscoder, metadata: [String: String] = [:],
    disposition: Disposition = .default
  ) throws(FFmpegError) -> Int {
    try addStream(copying: transcoder.parameters, metadata: metadata, disposition: disposition)
  }
}
