/// How far each pixel of a picture can be trusted to show the same as a neighbour along its motion.
///
/// A pixel follows the vectors of the four blocks around it, each by how near it is, and each only as
/// far as the two source pictures agree along it.
struct MotionTrust {
  /// The weight of a pixel that is sure.
  static let full: UInt32 = 64

  /// The pixels between the middles of four blocks: at most `MotionField.side` a side.
  struct Tile {
    let x: Range<Int>
    let y: Range<Int>
    /// The blocks at its upper left, upper right, lower left and lower right.
    fileprivate let blocks: (Int, Int, Int, Int)
    /// Where it would begin if the picture went on.
    fileprivate let left: Int
    fileprivate let top: Int
  }

  let width: Int
  let height: Int
  private let target: Luma.Plane
  private let reference: Luma.Plane
  private let motion: MotionField
  private let worst: Float

  init(_ target: Luma, _ reference: Luma, _ motion: MotionField) {
    (self.target, self.reference) = (target.levels[0], reference.levels[0])
    self.motion = motion
    (width, height) = (motion.width, motion.height)
    worst = motion.worstResidual
  }

  /// All tiles; together they are the whole picture.
  var tiles: [Tile] {
    let side = MotionField.side
    func block(_ column: Int, _ row: Int) -> Int {
      max(0, min(row, motion.rows - 1)) * motion.columns + max(0, min(column, motion.columns - 1))
    }
    var tiles: [Tile] = []
    for row in 0...motion.rows {
      let top = row * side - side / 2
      let y = max(0, top)..<min(height, max(0, top + side))
      for column in 0...motion.columns where !y.isEmpty {
        let left = column * side - side / 2
        let x = max(0, left)..<max(0, min(width, left + side))
        if x.isEmpty { continue }
        tiles.append(
          Tile(
            x: x, y: y,
            blocks: (
              block(column - 1, row - 1), block(column, row - 1), block(column - 1, row),
              block(column, row)
            ), left: left, top: top))
      }
    }
    return tiles
  }

  /// Hands out each different vector of a tile with the weights of its pixels, from 0 to `full`; rows
  /// have `MotionField.side` of them.
  func forEachVector(
    of tile: Tile, _ body: (MotionField.Vector, UnsafePointer<UInt32>) -> Void
  ) {
    let (a, b, c, d) = tile.blocks
    let blocks = [a, b, c, d]
    var done: [MotionField.Vector] = []
    let count = MotionField.side * MotionField.side
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { weights in
      for block in blocks where motion.residuals[block] <= worst {
        let vector = motion.vectors[block]
        if done.contains(vector) { continue }
        done.append(vector)
        let holders = blocks.map { motion.residuals[$0] <= worst && motion.vectors[$0] == vector }
        weigh(tile, vector, holders, weights.baseAddress!)
        body(vector, weights.baseAddress!)
      }
    }
  }

  private func weigh(
    _ tile: Tile, _ vector: MotionField.Vector, _ holders: [Bool],
    _ weights: UnsafeMutablePointer<UInt32>
  ) {
    let side = MotionField.side
    let limit = Int32(worst)
    // Sixteenths, twice.
    let shares = holders.map { $0 ? Int32(1) : 0 }
    target.withPixels { now in
      reference.withPixels { before in
        for y in tile.y {
          let low = Int32(2 * (y - tile.top) + 1)
          let upper = (shares[0] * (16 - low), shares[1] * (16 - low))
          let lower = (shares[2] * low, shares[3] * low)
          let row = weights + (y - tile.y.lowerBound) * side
          let quarterY = 4 * y + Int(vector.y)
          for x in tile.x {
            let right = Int32(2 * (x - tile.left) + 1)
            let share = (upper.0 + lower.0) * (16 - right) + (upper.1 + lower.1) * right
            let quarterX = 4 * x + Int(vector.x)
            var weight: Int32 = 0
            if share > 0, quarterX >= 0, quarterY >= 0, quarterX <= 4 * (width - 1),
              quarterY <= 4 * (height - 1)
            {
              let old = before.sampler(quarterX, quarterY).value(0, 0)
              let error = abs(Int32(now.base[y * width + x]) - old)
              // share is at most 256, which stands for `full`.
              weight = max(0, share * (limit - error) / (4 * limit))
            }
            row[x - tile.x.lowerBound] = UInt32(weight)
          }
        }
      }
    }
  }
}
