import CFFmpeg

/// Converts pictures between pixel formats and sizes with libswscale, with the same result on every
/// machine: `bitexact+accurate_rnd+full_chroma_int+bicubic`, one thread.
///
/// Sequential: one owner, not `Sendable`. It keeps what it built for the last kind of conversion.
public struct Scaler: ~Copyable {
  private var handle: UnsafeMutableRawPointer?
  private var job: Job?

  /// What the handle was built for.
  private struct Job: Equatable {
    var source: Side
    var target: Side
  }

  /// One side of a conversion.
  private struct Side: Equatable {
    var width: Int32
    var height: Int32
    var format: AVPixelFormat
    var full: Bool
    var matrix: AVColorSpace
  }

  public init() {}

  deinit { vg_scaler_free(handle) }

  /// Converts `frame`, as the `scale` filter does with its defaults, save that a change of size or of
  /// depth alone keeps the range: the filter of libavfilter 8 makes full-range YUV limited.
  ///
  /// - Parameters:
  ///   - width: pixels; nil for the frame's.
  ///   - range: "tv" or "pc"; nil for the frame's where both formats are YUV or both are grey, else
  ///     what the new format has by default: limited for YUV, full for all others.
  ///   - matrix: nil for the frame's, be it RGB that has come from YUV; where that says nothing,
  ///     BT.601's, as the filter has it.
  /// - Returns: a new frame with the times of the old, tagged with what was done; the frame itself
  ///   where there is nothing to do.
  public mutating func convert(
    _ frame: Frame, to pixelFormat: PixelFormat, width: Int? = nil, height: Int? = nil,
    range: String? = nil, matrix: String? = nil
  ) throws(FFmpegError) -> Frame {
    let from = frame.pixelFormat
    let source = frame.colour
    let wanted = Colour(range: range, matrix: matrix)
    let sourceMatrix = from.holdsRGB ? AVCOL_SPC_UNSPECIFIED : source.avMatrix
    let isKnown = source.avMatrix != AVCOL_SPC_RGB && !(from.holdsRGB && pixelFormat.holdsRGB)
    let ownMatrix = isKnown ? source.avMatrix : sourceMatrix
    let targetMatrix =
      wanted.avMatrix == AVCOL_SPC_UNSPECIFIED ? ownMatrix : wanted.avMatrix
    let sourceFull = from.isFullRange(source.avRange)
    let keepsRange = from.isGrey == pixelFormat.isGrey && !from.holdsRGB
    let targetFull =
      wanted.avRange == AVCOL_RANGE_UNSPECIFIED && keepsRange && !pixelFormat.impliesFullRange
      ? sourceFull : pixelFormat.isFullRange(wanted.avRange)
    let job = Job(
      source: Side(
        width: frame.av.pointee.width, height: frame.av.pointee.height, format: from.av,
        full: sourceFull, matrix: sourceMatrix),
      target: Side(
        width: Int32(width ?? frame.width), height: Int32(height ?? frame.height),
        format: pixelFormat.av, full: targetFull, matrix: targetMatrix))
    if job.source == job.target { return frame }

    try prepare(job)
    let result = try Frame.blank(
      width: Int(job.target.width), height: Int(job.target.height), pixelFormat: pixelFormat)
    try check("scale a picture") { av_frame_copy_props(result.av, frame.av) }
    try check("scale a picture") { vg_scaler_scale(handle, result.av, frame.av) }
    var colour = source
    // What was not said stays unsaid where it was not touched.
    let untouched = keepsRange && !pixelFormat.impliesFullRange && sourceFull == targetFull
    if !untouched || source.avRange != AVCOL_RANGE_UNSPECIFIED {
      colour.avRange = targetFull ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG
    }
    colour.avMatrix = pixelFormat.encodedMatrix(
      from.holdsRGB && targetMatrix == AVCOL_SPC_UNSPECIFIED ? AVCOL_SPC_SMPTE170M : targetMatrix)
    result.tag(colour)
    if frame.width > 0, frame.height > 0 {
      result.av.pointee.sample_aspect_ratio = frame.sampleAspectRatio.scaled(
        width: (frame.width, result.width), height: (frame.height, result.height))
    }
    return result
  }

  private mutating func prepare(_ new: Job) throws(FFmpegError) {
    guard new != job else { return }
    vg_scaler_free(handle)
    // What follows may throw.
    (handle, job) = (nil, nil)
    handle = try allocated(
      "make a scaler",
      vg_scaler_create(
        new.source.width, new.source.height, new.source.format, new.target.width,
        new.target.height, new.target.format, Self.chromaRow(new.source.format),
        Self.chromaRow(new.target.format), "bitexact+accurate_rnd+full_chroma_int+bicubic"))
    let from = PixelFormat(new.source.format).name
    let to = PixelFormat(new.target.format).name
    try check("convert \(from) to \(to)") { vg_scaler_open(handle) }
    _ = vg_scaler_colours(
      handle, Int32(new.source.matrix.rawValue), new.source.full ? 1 : 0,
      Int32(new.target.matrix.rawValue), new.target.full ? 1 : 0)
    job = new
  }

  /// The `scale` filter takes yuv420p's chroma to lie between the rows, and leaves other formats to
  /// libswscale (-513).
  private static func chromaRow(_ format: AVPixelFormat) -> Int32 {
    format == AV_PIX_FMT_YUV420P ? 128 : -513
  }
}

extension PixelFormat {
  /// RGB, as numbers or by way of a palette.
  var holdsRGB: Bool { isRGB || hasPalette }

  /// One channel of brightness, with or without alpha.
  var isGrey: Bool {
    !holdsRGB && (av_pix_fmt_desc_get(av)?.pointee.nb_components ?? 3) < 3
  }

  /// The name says full range, or the numbers have no other.
  var impliesFullRange: Bool { holdsRGB || withoutImpliedRange != self }

  /// The range of a picture of this format that says `range`. Unsaid is limited for YUV and full for
  /// grey, as libswscale has it; RGB and `yuvj` are full whatever is said.
  func isFullRange(_ range: AVColorRange) -> Bool {
    impliesFullRange || range == AVCOL_RANGE_JPEG || (range == AVCOL_RANGE_UNSPECIFIED && isGrey)
  }
}

extension Ratio {
  /// The aspect of pixels that were stretched from one size to another: what is shown stays.
  func scaled(width: (Int, Int), height: (Int, Int)) -> AVRational {
    guard isValid else { return av }
    let across = Int128(num) * Int128(width.0) * Int128(height.1)
    let down = Int128(den) * Int128(width.1) * Int128(height.0)
    // `av_reduce` takes 64 bits.
    let excess = max(0, 65 - min(across.leadingZeroBitCount, down.leadingZeroBitCount))
    var result = AVRational(num: 0, den: 1)
    av_reduce(
      &result.num, &result.den, Int64(across >> excess), Int64(down >> excess),
      Int64(Int32.max))
    return result
  }
}
