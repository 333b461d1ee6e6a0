/// Where each block of a picture was in another one.
struct MotionField: Sendable {
  /// In quarter pixels: what lies at a place of the picture lay at place + vector in the other one.
  struct Vector: Hashable, Sendable {
    var x: Int32 = 0
    var y: Int32 = 0
  }

  /// Pixels.
  static let side = 8

  let width: Int
  let height: Int
  let columns: Int
  let rows: Int
  /// Row by row.
  var vectors: [Vector]
  /// The mean absolute difference of each block to where it was, in levels of 0 to 255.
  var residuals: [Float]
  /// The two pictures show different scenes: the vectors mean nothing.
  var isCut = false

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    columns = (width + Self.side - 1) / Self.side
    rows = (height + Self.side - 1) / Self.side
    vectors = Array(repeating: Vector(), count: columns * rows)
    residuals = Array(repeating: 0, count: columns * rows)
  }

  /// Where the block of a column begins: the last one reaches back to be whole.
  func left(_ column: Int) -> Int { min(column * Self.side, width - Self.side) }
  func top(_ row: Int) -> Int { min(row * Self.side, height - Self.side) }

  /// What most blocks differ by: the noise of the pictures, and what blocks cannot follow.
  var usualResidual: Float {
    let sorted = residuals.sorted()
    return sorted[sorted.count / 2]
  }

  /// A block above this was covered, uncovered, or not found again.
  var worstResidual: Float { max(8, 3 * usualResidual) }
}

/// The pixels of a plane, and where a block of them is read from.
struct Pixels {
  let base: UnsafePointer<UInt8>
  let width: Int
  let height: Int

  /// Whether a whole block begins there.
  @inline(__always)
  func holds(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && y >= 0 && x <= width - MotionField.side && y <= height - MotionField.side
  }

  /// The sum of absolute differences between a block here and one of `other`; something above
  /// `limit` where it is above that.
  @inline(__always)
  func difference(
    _ x: Int, _ y: Int, _ other: Pixels, _ otherX: Int, _ otherY: Int, limit: Int
  ) -> Int {
    var sum = 0
    var a = base + (y * width + x)
    var b = other.base + (otherY * other.width + otherX)
    var row = 0
    while row < MotionField.side {
      var part: UInt16 = 0
      var column = 0
      while column < MotionField.side {
        part &+= UInt16(truncatingIfNeeded: abs(Int16(a[column]) &- Int16(b[column])))
        column &+= 1
      }
      sum &+= Int(part)
      if sum > limit { return sum }
      a += width
      b += other.width
      row &+= 1
    }
    return sum
  }

  /// The same with a block of `other` that begins between its pixels, in quarters of one.
  @inline(__always)
  func difference(
    _ x: Int, _ y: Int, _ other: Pixels, quarterX: Int, quarterY: Int, limit: Int
  ) -> Int {
    let sample = other.sampler(quarterX, quarterY)
    var sum = 0
    var row = 0
    while row < MotionField.side {
      let a = base + ((y + row) * width + x)
      var column = 0
      while column < MotionField.side {
        sum &+= Int(abs(Int32(a[column]) &- sample.value(column, row)))
        column &+= 1
      }
      if sum > limit { return sum }
      row &+= 1
    }
    return sum
  }

  /// Reads pixels from a place in quarters of one on; a whole block must begin there.
  @inline(__always)
  func sampler(_ quarterX: Int, _ quarterY: Int) -> Sampler {
    let (fx, fy) = (quarterX & 3, quarterY & 3)
    return Sampler(
      base: base + ((quarterY >> 2) * width + (quarterX >> 2)), width: width,
      right: fx == 0 ? 0 : 1, below: fy == 0 ? 0 : width, fx: Int32(fx), fy: Int32(fy))
  }

  struct Sampler {
    let base: UnsafePointer<UInt8>
    let width: Int
    let right: Int
    let below: Int
    let fx: Int32
    let fy: Int32

    /// The pixel so far to the right and below, between its neighbours (bilinear).
    @inline(__always)
    func value(_ x: Int, _ y: Int) -> Int32 {
      let at = base + (y &* width &+ x)
      let upper = Int32(at[0]) &* (4 &- fx) &+ Int32(at[right]) &* fx
      let lower = Int32(at[below]) &* (4 &- fx) &+ Int32(at[below &+ right]) &* fx
      return (upper &* (4 &- fy) &+ lower &* fy &+ 8) >> 4
    }
  }
}

extension Luma.Plane {
  func withPixels<R>(_ body: (Pixels) -> R) -> R {
    pixels.withUnsafeBufferPointer {
      body(Pixels(base: $0.baseAddress!, width: width, height: height))
    }
  }
}
