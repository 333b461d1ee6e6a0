import FFmpeg

/// Packed pixels that can be cut and joined.
struct Raster {
  let width: Int
  let height: Int
  /// Bytes of a pixel.
  let step: Int
  fileprivate(set) var bytes: [UInt8]

  init(_ frame: Frame) {
    (width, height) = (frame.width, frame.height)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(frame.byteCount)
    frame.forEachRun { bytes.append(contentsOf: $0) }
    step = bytes.count / (frame.width * frame.height)
    self.bytes = bytes
  }

  init(width: Int, height: Int, step: Int, bytes: [UInt8]) {
    (self.width, self.height, self.step, self.bytes) = (width, height, step, bytes)
  }

  /// A part; what lies outside takes the pixels of the nearest edge.
  func cut(x: Int, y: Int, width: Int, height: Int) -> Raster {
    var part: [UInt8] = []
    part.reserveCapacity(width * height * step)
    let left = max(0, min(width, -x))
    let right = max(0, min(width - left, x + width - self.width))
    for row in 0..<height {
      let source = max(0, min(self.height - 1, y + row)) * self.width
      func pixel(_ column: Int) -> ArraySlice<UInt8> {
        let start = (source + column) * step
        return bytes[start..<start + step]
      }
      for _ in 0..<left { part += pixel(0) }
      let first = (source + max(0, x)) * step
      part += bytes[first..<first + (width - left - right) * step]
      for _ in 0..<right { part += pixel(self.width - 1) }
    }
    return Raster(width: width, height: height, step: step, bytes: part)
  }

  func frame(_ format: PixelFormat) throws(FFmpegError) -> Frame {
    do {
      return try bytes.withUnsafeBytes {
        try Frame(width: width, height: height, pixelFormat: format, bytes: $0)
      }
    } catch let error as FFmpegError {
      throw error
    } catch {
      throw FFmpegError(invalid: "make a picture", detail: "\(error)")
    }
  }
}

/// Joins tiles: where they overlap, one goes over into the next.
struct TileCanvas {
  private let width: Int
  private let height: Int
  private let step: Int
  private let isDeep: Bool
  private let overlap: Int

  init(width: Int, height: Int, like tile: Raster, _ overlap: Int) {
    (self.width, self.height, step) = (width, height, tile.step)
    isDeep = tile.step > 4
    self.overlap = overlap
  }

  func filled(_ tiles: [(raster: Raster, x: Int, y: Int)]) -> Raster {
    let lanes = isDeep ? step / 2 : step
    var sums = [Float](repeating: 0, count: width * height * lanes)
    var weights = [Float](repeating: 0, count: width * height)
    for tile in tiles {
      let across = Self.ramp(tile.raster.width, overlap)
      let down = Self.ramp(tile.raster.height, overlap)
      for y in 0..<min(tile.raster.height, height - tile.y) {
        for x in 0..<min(tile.raster.width, width - tile.x) {
          let weight = across[x] * down[y]
          let target = (tile.y + y) * width + tile.x + x
          let source = (y * tile.raster.width + x) * step
          weights[target] += weight
          for lane in 0..<lanes {
            sums[target * lanes + lane] += weight * value(tile.raster.bytes, source, lane)
          }
        }
      }
    }
    var bytes = [UInt8](repeating: 0, count: width * height * step)
    for pixel in 0..<width * height {
      for lane in 0..<lanes {
        let value = (sums[pixel * lanes + lane] / weights[pixel]).rounded()
        if isDeep {
          let whole = UInt16(max(0, min(65_535, value)))
          bytes[pixel * step + lane * 2] = UInt8(whole >> 8)
          bytes[pixel * step + lane * 2 + 1] = UInt8(whole & 255)
        } else {
          bytes[pixel * step + lane] = UInt8(max(0, min(255, value)))
        }
      }
    }
    return Raster(width: width, height: height, step: step, bytes: bytes)
  }

  private func value(_ bytes: [UInt8], _ pixel: Int, _ lane: Int) -> Float {
    isDeep
      ? Float(UInt16(bytes[pixel + lane * 2]) << 8 | UInt16(bytes[pixel + lane * 2 + 1]))
      : Float(bytes[pixel + lane])
  }

  /// Full weight in the middle, less towards both ends, and nowhere none.
  private static func ramp(_ length: Int, _ overlap: Int) -> [Float] {
    (0..<length).map { place in
      let edge = min(place, length - 1 - place)
      return edge >= overlap ? 1 : Float(edge + 1) / Float(overlap + 1)
    }
  }
}
