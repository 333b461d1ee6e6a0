import FFmpeg
import VidgitModel

extension Header {
  var colour: Colour {
    Colour(
      range: colorRange, matrix: colorMatrix, primaries: colorPrimaries, transfer: colorTransfer,
      chromaLocation: chromaLocation)
  }

  /// The timebase for libav.
  ///
  /// A header is a stranger's: what does not fit libav's 32 bits is refused when it is read
  /// (`Revision`), so this does not lose anything.
  var ratio: Ratio { Ratio(timebase) }

  var aspect: Ratio { Ratio(sampleAspectRatio) }

  /// What the timeline's own frames look like to a graph.
  var graphInput: FFmpeg.FilterGraph.Input {
    .init(
      width: width, height: height,
      pixelFormat: PixelFormat(name: pixelFormat) ?? PixelFormat(name: "yuv420p")!,
      timebase: Ratio(1, 25), sampleAspectRatio: aspect, colour: colour)
  }
}

extension Ratio {
  init(_ value: Rational) {
    self.init(Int32(truncatingIfNeeded: value.num), Int32(truncatingIfNeeded: value.den))
  }
}

extension Rational {
  init(_ value: Ratio) {
    self.init(Int64(value.num), max(1, Int64(value.den)))
  }
}

extension VidgitModel.MasteringDisplay {
  init(_ value: FFmpeg.MasteringDisplay) {
    func point(_ point: FFmpeg.MasteringDisplay.Point) -> Chromaticity {
      Chromaticity(x: Rational(point.x), y: Rational(point.y))
    }
    self.init(
      primaries: value.primaries.map {
        Primaries(
          red: point($0.red), green: point($0.green), blue: point($0.blue),
          whitePoint: point($0.white))
      },
      luminance: value.luminance.map {
        Luminance(minimum: Rational($0.min), maximum: Rational($0.max))
      })
  }

  var libav: FFmpeg.MasteringDisplay {
    func point(_ point: Chromaticity) -> FFmpeg.MasteringDisplay.Point {
      .init(x: Ratio(point.x), y: Ratio(point.y))
    }
    return FFmpeg.MasteringDisplay(
      primaries: primaries.map {
        (point($0.red), point($0.green), point($0.blue), point($0.whitePoint))
      },
      luminance: luminance.map { (Ratio($0.minimum), Ratio($0.maximum)) })
  }
}

extension VidgitModel.ContentLight {
  init(_ value: FFmpeg.ContentLight) {
    self.init(maximum: Int(value.maximum), frameAverage: Int(value.maximumFrameAverage))
  }

  var libav: FFmpeg.ContentLight {
    .init(
      maximum: UInt32(clamping: maximum), maximumFrameAverage: UInt32(clamping: frameAverage))
  }
}
