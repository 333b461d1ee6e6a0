import CFFmpeg

extension Frame {
  /// This picture with another one to its right; both of one size and format.
  public func beside(_ other: Frame) throws(FFmpegError) -> Frame {
    let timebase = Ratio(1, 25)
    let graph = try FilterGraph(
      nodes: [.init("hstack")],
      links: [
        .init(from: nil, fromPad: 0, to: 0, toPad: 0),
        .init(from: nil, fromPad: 1, to: 0, toPad: 1),
        .init(from: 0, to: nil),
      ],
      inputs: [.init(self, timebase: timebase), .init(other, timebase: timebase)],
      largestSide: 32768)
    try graph.push(with(pts: 0, duration: 1), to: 0)
    try graph.push(other.with(pts: 0, duration: 1), to: 1)
    try graph.push(nil, to: 0)
    try graph.push(nil, to: 1)
    guard let stacked = try graph.pull() else {
      throw FFmpegError(invalid: "put two pictures side by side", detail: "nothing came out")
    }
    return stacked
  }

  /// The left part of this picture and the right part of another one, both of one size and of an
  /// 8-bit planar format.
  ///
  /// - Parameter share: how much of the width is this picture's, from 0 to 1.
  public func wiped(into other: Frame, at share: Double) throws(FFmpegError) -> Frame {
    let copy = Frame(owning: try allocated("copy a frame", av_frame_clone(other.av)))
    try check("copy a frame") { av_frame_make_writable(copy.av) }
    let edge = Int((share * Double(width)).rounded())
    let planes = Int(av_pix_fmt_count_planes(pixelFormat.av))
    let descriptor = av_pix_fmt_desc_get(pixelFormat.av)!.pointee
    for plane in 0..<planes {
      guard let from = Self.at(av.pointee.data, plane),
        let to = Self.at(copy.av.pointee.data, plane)
      else { continue }
      let isChroma = plane == 1 || plane == 2
      let across = isChroma ? Int(descriptor.log2_chroma_w) : 0
      let down = isChroma ? Int(descriptor.log2_chroma_h) : 0
      let rows = (height + (1 << down) - 1) >> down
      let count = (edge + (1 << across) - 1) >> across
      let (fromStride, toStride) = (
        Int(Self.at(av.pointee.linesize, plane)), Int(Self.at(copy.av.pointee.linesize, plane))
      )
      for row in 0..<rows {
        (to + row * toStride).update(from: from + row * fromStride, count: count)
      }
    }
    return copy
  }

  private static func at<T>(_ tuple: (T, T, T, T, T, T, T, T), _ index: Int) -> T {
    withUnsafeBytes(of: tuple) { $0.assumingMemoryBound(to: T.self)[index] }
  }
}
