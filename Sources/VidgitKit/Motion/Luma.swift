import FFmpeg

/// The brightness of a picture, small enough to look for motion in: 8 bits, full range, with halved
/// copies of itself.
final class Luma: Sendable {
  struct Plane: Sendable {
    let width: Int
    let height: Int
    /// Row by row.
    let pixels: [UInt8]
  }

  struct Size: Hashable, Sendable {
    let width: Int
    let height: Int

    /// The size in which a frame is looked at: its own shape, at most `widest` across.
    init(of frame: Frame, widest: Int) {
      let width = min(frame.width, widest)
      let height = (frame.height * width + frame.width / 2) / max(1, frame.width)
      self.width = max(Self.least, width)
      self.height = min(max(Self.least, height), 4 * widest)
    }

    /// Two blocks a side.
    private static let least = 16
  }

  /// The finest first.
  let levels: [Plane]

  /// As wide as motion is searched for without a hint.
  private static let coarsest = 128

  /// - Throws: where the frame cannot be converted.
  init(_ frame: Frame, size: Size) throws {
    let grey = try VidgitError.reading {
      var scaler = Scaler()
      return try scaler.convert(
        frame, to: PixelFormat(name: "gray")!, width: size.width, height: size.height, range: "pc")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(size.width * size.height)
    grey.forEachRun { pixels.append(contentsOf: $0) }
    var levels = [Plane(width: size.width, height: size.height, pixels: pixels)]
    while let last = levels.last, last.width > Self.coarsest, min(last.width, last.height) >= 32 {
      levels.append(last.halved)
    }
    self.levels = levels
  }

  var width: Int { levels[0].width }
  var height: Int { levels[0].height }
}

extension Luma.Plane {
  /// Half the size; four pixels become their mean.
  fileprivate var halved: Luma.Plane {
    let (width, height) = (self.width / 2, self.height / 2)
    let rowBytes = self.width
    let half = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, count in
      pixels.withUnsafeBufferPointer { source in
        for y in 0..<height {
          let upper = source.baseAddress! + 2 * y * rowBytes
          let lower = upper + rowBytes
          let row = buffer.baseAddress! + y * width
          for x in 0..<width {
            let sum =
              UInt16(upper[2 * x]) &+ UInt16(upper[2 * x &+ 1]) &+ UInt16(lower[2 * x])
              &+ UInt16(lower[2 * x &+ 1])
            row[x] = UInt8(truncatingIfNeeded: (sum &+ 2) >> 2)
          }
        }
      }
      count = width * height
    }
    return Luma.Plane(width: width, height: height, pixels: half)
  }
}
