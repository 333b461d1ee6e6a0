import CFFmpeg

/// How far two pictures of one shape are apart, by libavfilter's own measures.
public struct PictureDifference: Hashable, Sendable {
  /// The mean squared error over all planes (`psnr`'s mse_avg); 0 for equal pictures.
  public var meanSquaredError: Double
  /// Decibels; infinite for equal pictures (`psnr`'s psnr_avg).
  public var psnr: Double
  /// From 0 to 1, which equal pictures have (`ssim`'s All).
  public var ssim: Double

  /// - Throws: where the filters refuse the pixel format or the sizes.
  public init(_ old: Frame, _ new: Frame) throws(FFmpegError) {
    let timebase = Ratio(1, 25)
    // in1 is the reference of both measures.
    let graph = try FilterGraph(
      nodes: [.init("split"), .init("psnr"), .init("ssim")],
      links: [
        .init(from: nil, fromPad: 1, to: 0), .init(from: nil, fromPad: 0, to: 1),
        .init(from: 0, fromPad: 0, to: 1, toPad: 1), .init(from: 1, to: 2),
        .init(from: 0, fromPad: 1, to: 2, toPad: 1), .init(from: 2, to: nil),
      ],
      inputs: [FilterGraph.Input(new, timebase: timebase), .init(old, timebase: timebase)],
      largestSide: 32768)
    try graph.push(new.with(pts: 0, duration: 1), to: 0)
    try graph.push(old.with(pts: 0, duration: 1), to: 1)
    try graph.push(nil, to: 0)
    try graph.push(nil, to: 1)
    guard let measured = try graph.pull(),
      let error = measured.number("lavfi.psnr.mse_avg"),
      let psnr = measured.number("lavfi.psnr.psnr_avg"),
      let ssim = measured.number("lavfi.ssim.All")
    else { throw FFmpegError(invalid: "compare two pictures", detail: "nothing was measured") }
    meanSquaredError = error
    self.psnr = psnr
    self.ssim = ssim
  }
}

extension Frame {
  /// A number that a filter has attached to the frame.
  fileprivate func number(_ key: String) -> Double? {
    guard let entry = av_dict_get(av.pointee.metadata, key, nil, 0) else { return nil }
    return Double(String(cString: entry.pointee.value))
  }
}
