import CFFmpeg

/// What the numbers in a picture mean: H.273's code points, as libavutil names them.
///
/// Every name is one that `ffmpeg -colorspace`, `-color_primaries`, `-color_trc`, `-color_range` and
/// `-chroma_sample_location` take; nil is "not said".
public struct Colour: Hashable, Sendable {
  var avRange = AVCOL_RANGE_UNSPECIFIED
  var avMatrix = AVCOL_SPC_UNSPECIFIED
  var avPrimaries = AVCOL_PRI_UNSPECIFIED
  var avTransfer = AVCOL_TRC_UNSPECIFIED
  var avChroma = AVCHROMA_LOC_UNSPECIFIED

  /// Nothing said.
  public init() {}

  /// The given names; one that this libavutil does not know counts as not said.
  public init(
    range: String? = nil, matrix: String? = nil, primaries: String? = nil,
    transfer: String? = nil, chromaLocation: String? = nil
  ) {
    self.range = range
    self.matrix = matrix
    self.primaries = primaries
    self.transfer = transfer
    self.chromaLocation = chromaLocation
  }

  /// "tv" (limited) or "pc" (full).
  public var range: String? {
    get { Self.name(av_color_range_name(avRange), unless: avRange == AVCOL_RANGE_UNSPECIFIED) }
    set {
      let value = newValue.map { av_color_range_from_name($0) } ?? -1
      avRange = value < 0 ? AVCOL_RANGE_UNSPECIFIED : AVColorRange(UInt32(value))
    }
  }

  /// "bt709", "smpte170m", "gbr", ...
  public var matrix: String? {
    get { Self.name(av_color_space_name(avMatrix), unless: avMatrix == AVCOL_SPC_UNSPECIFIED) }
    set {
      let value = newValue.map { av_color_space_from_name($0) } ?? -1
      avMatrix = value < 0 ? AVCOL_SPC_UNSPECIFIED : AVColorSpace(UInt32(value))
    }
  }

  /// "bt709", "bt2020", ...
  public var primaries: String? {
    get {
      Self.name(
        av_color_primaries_name(avPrimaries), unless: avPrimaries == AVCOL_PRI_UNSPECIFIED)
    }
    set {
      let value = newValue.map { av_color_primaries_from_name($0) } ?? -1
      avPrimaries = value < 0 ? AVCOL_PRI_UNSPECIFIED : AVColorPrimaries(UInt32(value))
    }
  }

  /// "bt709", "smpte2084", "arib-std-b67", ...
  public var transfer: String? {
    get {
      Self.name(av_color_transfer_name(avTransfer), unless: avTransfer == AVCOL_TRC_UNSPECIFIED)
    }
    set {
      let value = newValue.map { av_color_transfer_from_name($0) } ?? -1
      avTransfer =
        value < 0 ? AVCOL_TRC_UNSPECIFIED : AVColorTransferCharacteristic(UInt32(value))
    }
  }

  /// "left", "center", "topleft", ...
  public var chromaLocation: String? {
    get {
      Self.name(av_chroma_location_name(avChroma), unless: avChroma == AVCHROMA_LOC_UNSPECIFIED)
    }
    set {
      let value = newValue.map { av_chroma_location_from_name($0) } ?? -1
      avChroma = value < 0 ? AVCHROMA_LOC_UNSPECIFIED : AVChromaLocation(UInt32(value))
    }
  }

  private static func name(_ name: UnsafePointer<CChar>?, unless unsaid: Bool) -> String? {
    unsaid ? nil : name.map { String(cString: $0) }
  }
}

extension Colour {
  /// The matrix as the `scale` filter names it; nil where none of YUV's is said, or one that the filter
  /// does not know.
  var scalerMatrix: String? {
    switch avMatrix {
    case AVCOL_SPC_BT709: "bt709"
    case AVCOL_SPC_FCC: "fcc"
    case AVCOL_SPC_BT470BG: "bt470"
    case AVCOL_SPC_SMPTE170M: "smpte170m"
    case AVCOL_SPC_SMPTE240M: "smpte240m"
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: "bt2020"
    default: nil
    }
  }

  init(_ parameters: AVCodecParameters) {
    avRange = parameters.color_range
    avMatrix = parameters.color_space
    avPrimaries = parameters.color_primaries
    avTransfer = parameters.color_trc
    avChroma = parameters.chroma_location
  }
}

extension Frame {
  /// What the frame says of its colours.
  public var colour: Colour {
    var colour = Colour()
    colour.avRange = av.pointee.color_range
    colour.avMatrix = av.pointee.colorspace
    colour.avPrimaries = av.pointee.color_primaries
    colour.avTransfer = av.pointee.color_trc
    colour.avChroma = av.pointee.chroma_location
    return colour
  }

  /// Another handle on the same pixels that says `colour` of them.
  public func with(colour: Colour) throws(FFmpegError) -> Frame {
    let copy = Frame(owning: try allocated("reference a frame", av_frame_clone(av)))
    copy.tag(colour)
    return copy
  }

  /// Another handle on the same pixels, with their aspect ratio.
  public func with(sampleAspectRatio: Ratio) throws(FFmpegError) -> Frame {
    let copy = Frame(owning: try allocated("reference a frame", av_frame_clone(av)))
    copy.av.pointee.sample_aspect_ratio = sampleAspectRatio.av
    return copy
  }

  /// Says the matrix of what a frame was made of, where it is YUV that says none: what filters leave of
  /// a picture that went through RGB.
  func keepMatrix(of source: Colour) {
    let own = av.pointee.colorspace
    guard source.scalerMatrix != nil, !pixelFormat.holdsRGB, !pixelFormat.isGrey,
      own == AVCOL_SPC_UNSPECIFIED || own == AVCOL_SPC_RGB
    else { return }
    av.pointee.colorspace = source.avMatrix
  }

  /// Sets the tags of a frame that nobody else holds yet.
  func tag(_ colour: Colour) {
    av.pointee.color_range = colour.avRange
    av.pointee.colorspace = colour.avMatrix
    av.pointee.color_primaries = colour.avPrimaries
    av.pointee.color_trc = colour.avTransfer
    av.pointee.chroma_location = colour.avChroma
  }
}
