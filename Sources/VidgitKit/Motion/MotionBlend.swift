import FFmpeg
import VidgitModel

/// Blends a frame with its neighbours, each moved onto it as the source frames move.
///
/// Every pixel is a mean: the frame itself counts fully, a neighbour as far as the source says that
/// it shows the same there. Blocks overlap: a pixel follows the four nearest ones, so that no edges
/// of blocks show.
struct MotionBlend {
  struct Neighbour: Sendable {
    let frame: Frame
    /// Its source.
    let luma: Luma
    /// Where the frame's own source was in that.
    let motion: MotionField
  }

  /// - Parameters:
  ///   - luma: the frame's own source.
  ///   - neighbours: frames of the same shape, with sources of the same size.
  /// - Throws: `VidgitError`: bad input for a pixel format that cannot be blended.
  static func blend(
    _ frame: Frame, _ luma: Luma, with neighbours: [Neighbour]
  ) throws -> Frame {
    guard frame.pixelFormat.hasWholeSamples else {
      throw VidgitError(
        .badInput, "frames of the pixel format '\(frame.pixelFormat.name)' cannot be blended",
        hint: "put a recipe before it that converts them: graph:format=yuv444p")
    }
    guard !neighbours.isEmpty else { return frame }
    let trusts = neighbours.map { MotionTrust(luma, $0.luma, $0.motion) }
    let sides = neighbours.map(\.frame.channels!)
    return try withExtendedLifetime(neighbours) {
      try VidgitError.reading {
        try frame.rewritten { channels in
          for (number, channel) in channels.enumerated() {
            let sides = sides.map { $0[number] }
            if channel.sampleBytes == 1 {
              ChannelBlend<UInt8>(channel, sides, trusts).run()
            } else {
              ChannelBlend<UInt16>(channel, sides, trusts).run()
            }
          }
        }
      }
    }
  }
}

/// Blends one channel, tile by tile of the motion.
private struct ChannelBlend<Sample: FixedWidthInteger & UnsignedInteger> {
  private let target: Frame.Channel
  private let sides: [Frame.Channel]
  private let trusts: [MotionTrust]
  private let isSwapped: Bool
  /// The size of the motion's pictures.
  private let width: Int
  private let height: Int

  init(_ target: Frame.Channel, _ sides: [Frame.Channel], _ trusts: [MotionTrust]) {
    (self.target, self.sides, self.trusts) = (target, sides, trusts)
    isSwapped = Sample.bitWidth > 8 && target.isBigEndian
    (width, height) = (trusts[0].width, trusts[0].height)
  }

  func run() {
    // The first sample at or behind a place of the motion's pictures.
    func edge(_ place: Int, _ own: Int, _ theirs: Int) -> Int {
      (place * own + theirs - 1) / theirs
    }
    for tile in trusts[0].tiles {
      blend(
        tile,
        x: edge(
          tile.x.lowerBound, target.width, width)..<edge(tile.x.upperBound, target.width, width),
        y: edge(
          tile.y.lowerBound, target.height, height)..<edge(tile.y.upperBound, target.height, height)
      )
    }
  }

  private func blend(_ tile: MotionTrust.Tile, x: Range<Int>, y: Range<Int>) {
    let count = x.count * y.count
    guard count > 0 else { return }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * count) { buffer in
      let (sums, weights) = (buffer.baseAddress!, buffer.baseAddress! + count)
      var at = 0
      for y in y {
        for x in x {
          sums[at] = UInt32(load(target, x, y)) &* MotionTrust.full
          weights[at] = MotionTrust.full
          at &+= 1
        }
      }
      for (side, trust) in zip(sides, trusts) {
        trust.forEachVector(of: tile) { vector, trusted in
          add(side, vector, trusted, tile, x, y, sums, weights)
        }
      }
      at = 0
      for y in y {
        for x in x {
          let mean = (sums[at] &+ weights[at] >> 1) / weights[at]
          store(Sample(truncatingIfNeeded: mean), x, y)
          at &+= 1
        }
      }
    }
  }

  /// Adds what a neighbour shows of a tile, between its samples by sixteenths (bilinear).
  private func add(
    _ source: Frame.Channel, _ vector: MotionField.Vector, _ trusted: UnsafePointer<UInt32>,
    _ tile: MotionTrust.Tile, _ x: Range<Int>, _ y: Range<Int>,
    _ sums: UnsafeMutablePointer<UInt32>, _ weights: UnsafeMutablePointer<UInt32>
  ) {
    // Quarters of the motion's pixels are sixteenths of samples here.
    let dx = (Int(vector.x) * 4 * target.width + width / 2).flooredQuotient(width)
    let dy = (Int(vector.y) * 4 * target.height + height / 2).flooredQuotient(height)
    let (fx, fy) = (UInt32(dx & 15), UInt32(dy & 15))
    let (lastX, lastY) = (source.width - 1, source.height - 1)
    var at = 0
    for y in y {
      let upper = max(0, min(lastY, y &+ dy >> 4))
      let lower = max(0, min(lastY, (y &+ dy >> 4) &+ 1))
      let row = trusted + (y &* height / target.height &- tile.y.lowerBound) &* MotionField.side
      for x in x {
        let weight = row[x &* width / target.width &- tile.x.lowerBound]
        if weight > 0 {
          let left = max(0, min(lastX, x &+ dx >> 4))
          let right = max(0, min(lastX, (x &+ dx >> 4) &+ 1))
          let above =
            UInt32(load(source, left, upper)) &* (16 &- fx)
            &+ UInt32(load(source, right, upper)) &* fx
          let below =
            UInt32(load(source, left, lower)) &* (16 &- fx)
            &+ UInt32(load(source, right, lower)) &* fx
          sums[at] &+= ((above &* (16 &- fy) &+ below &* fy &+ 128) >> 8) &* weight
          weights[at] &+= weight
        }
        at &+= 1
      }
    }
  }

  @inline(__always)
  private func load(_ channel: Frame.Channel, _ x: Int, _ y: Int) -> Sample {
    let at = channel.base + (y &* channel.stride &+ x &* channel.step)
    let sample = at.loadUnaligned(as: Sample.self)
    return isSwapped ? sample.byteSwapped : sample
  }

  @inline(__always)
  private func store(_ sample: Sample, _ x: Int, _ y: Int) {
    let at = target.base + (y &* target.stride &+ x &* target.step)
    at.storeBytes(of: isSwapped ? sample.byteSwapped : sample, as: Sample.self)
  }
}

extension Int {
  /// Rounded down, also below zero.
  fileprivate func flooredQuotient(_ divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
