import FFmpeg

/// Brings frames into the shape that an encoder takes.
///
/// Not `Sendable`: it belongs to the task that encodes.
final class FrameFitter {
  private let target: VideoTarget
  private var scaler = Scaler()
  /// Sizes that were fitted, with how many frames.
  private(set) var fitted: [String: Int] = [:]
  /// Pixel formats other than the timeline's that were converted, with how many frames.
  private(set) var converted: [String: Int] = [:]

  init(_ target: VideoTarget) {
    self.target = target
  }

  func fit(_ frame: Frame) throws(FFmpegError) -> Frame {
    let (shape, format) = (target.shape, target.pixelFormat)
    if frame.pixelFormat != shape.sourceFormat, frame.pixelFormat != format {
      converted[frame.pixelFormat.name, default: 0] += 1
    }
    if frame.width != shape.width || frame.height != shape.height {
      fitted["\(frame.width)x\(frame.height)", default: 0] += 1
      return try scaler.fit(
        frame, width: shape.width, height: shape.height, pixelFormat: format,
        sampleAspectRatio: shape.sampleAspectRatio, range: shape.colour.range,
        matrix: shape.colour.matrix)
    }
    if frame.pixelFormat == format { return frame }
    if frame.pixelFormat.withoutImpliedRange == format, shape.colour.range == "pc" {
      return try frame.relabelled(as: format)
    }
    return try scaler.convert(
      frame, to: format, range: frame.pixelFormat.isRGB ? shape.colour.range : nil,
      matrix: shape.colour.matrix)
  }
}
