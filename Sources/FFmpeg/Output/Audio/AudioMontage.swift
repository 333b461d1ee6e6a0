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

/// One audio stream put together of stretches of others, exact to the sample, and encoded.
///
/// Whatever no stretch fills is silent. Sequential: one task uses it at a time. It holds one decoded
/// frame of each input, and what the encoder holds.
public final class AudioMontage {
  public struct Input: Sendable {
    public var path: String
    /// The stream's index.
    public var stream: Int

    public init(path: String, stream: Int) {
      self.path = path
      self.stream = stream
    }
  }

  /// A stretch of an input and where it plays.
  public struct Piece: Sendable, Equatable {
    /// Which of the inputs.
    public var input: Int
    /// Time in the input, half open, in ticks of `timebase`.
    public var source: Range<Int64>
    public var timebase: Ratio
    /// Time in the output, in ticks of the montage's timebase.
    public var output: Range<Int64>
    /// Play it faster or slower, so that it fills the output; otherwise it plays as it is, and what
    /// is too long is cut.
    public var stretches: Bool

    public init(
      input: Int, source: Range<Int64>, timebase: Ratio, output: Range<Int64>, stretches: Bool
    ) {
      self.input = input
      self.source = source
      self.timebase = timebase
      self.output = output
      self.stretches = stretches
    }
  }

  private let inputs: [Input]
  private let timebase: Ratio
  private var readers: [Int: AudioReader] = [:]
  private var pieces: ArraySlice<Piece>
  private var playing: AudioPiece?
  private var output: AudioOutput
  private var isFinished = false

  /// - Parameters:
  ///   - inputs: the first one says what the output is like.
  ///   - pieces: in the order that they play; none starts before the end of the one before.
  ///   - timebase: of the pieces' outputs.
  /// - Throws: also where the codec has no decoder, or no encoder in the linked libavcodec.
  public init(
    _ inputs: [Input], pieces: [Piece], timebase: Ratio, settings: AudioEncoderSettings,
    globalHeader: Bool
  ) throws(FFmpegError) {
    self.inputs = inputs
    self.timebase = timebase
    self.pieces = pieces[...]
    let first = try Demuxer(path: inputs[0].path).parameters(of: inputs[0].stream)
    output = AudioOutput(try AudioEncoder(settings, for: first, globalHeader: globalHeader))
  }

  /// What goes into the container.
  public var parameters: StreamParameters { output.encoder.parameters }

  /// Packets that no decoder could read; what they held is silent.
  public var damagedPackets: Int { readers.values.reduce(0) { $0 + $1.damagedPackets } }

  /// The next packet, in ticks of `parameters.timebase`; nil at the end.
  public func next() throws(FFmpegError) -> Packet? {
    while true {
      if let packet = try output.encoder.receive() { return packet }
      if isFinished { return nil }
      try step()
    }
  }

  /// A little work, so that little waits to be taken.
  private func step() throws(FFmpegError) {
    if let playing {
      guard try playing.step(into: &output) else {
        self.playing = nil
        return
      }
      return
    }
    guard let piece = pieces.first else {
      try output.encoder.finish()
      isFinished = true
      return
    }
    let place = timebase.rescale(piece.output, to: Ratio(1, output.format.sampleRate))
    if try output.isSilent(until: place.lowerBound) { return }
    pieces.removeFirst()
    guard !place.isEmpty else { return }
    playing = try AudioPiece(
      piece, place: place, reader: reader(piece.input), format: output.format)
  }

  private func reader(_ index: Int) throws(FFmpegError) -> AudioReader {
    if let reader = readers[index] { return reader }
    let reader = try AudioReader(path: inputs[index].path, stream: inputs[index].stream)
    readers[index] = reader
    return reader
  }
}

extension Muxer {
  /// Adds the stream that `montage` makes.
  public mutating func addStream(
    _ montage: AudioMontage, metadata: [String: String] = [:],
    disposition: Disposition = .default
  ) throws(FFmpegError) -> Int {
    try addStream(copying: montage.parameters, metadata: metadata, disposition: disposition)
  }
}
