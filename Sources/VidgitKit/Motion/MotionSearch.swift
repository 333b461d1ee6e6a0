/// Finds the blocks of a picture in another one: every place near by in a small copy, then finer and
/// finer around what was found there and around what the neighbours have found.
///
/// Another vector is taken only where it is clearly better, so that noise does not choose.
struct MotionSearch {
  private let target: Luma
  private let reference: Luma

  /// How far blocks are looked for in the coarsest copy: a tenth of the width.
  private static let reach = 12

  /// - Parameters:
  ///   - target: the picture whose blocks are looked for; of the same size as `reference`.
  ///   - guess: where they may be.
  static func field(
    of target: Luma, in reference: Luma, guess: MotionField? = nil
  ) -> MotionField {
    MotionSearch(target: target, reference: reference).run(guess)
  }

  private func run(_ guess: MotionField?) -> MotionField {
    var field: MotionField?
    var isCut = false
    for level in target.levels.indices.reversed() {
      let (now, before) = (target.levels[level], reference.levels[level])
      field = now.withPixels { now in
        before.withPixels { before in
          guard let coarser = field else {
            let found = Self.widely(now, before, guess, level)
            isCut = SceneChange.isCut(now, before, found)
            return found
          }
          return Self.closely(now, before, coarser)
        }
      }
    }
    let (now, before) = (target.levels[0], reference.levels[0])
    return now.withPixels { now in
      before.withPixels { before in
        var finest = field!
        Self.refine(&finest, now, before)
        finest.isCut = isCut
        return finest
      }
    }
  }

  /// Looks everywhere within reach.
  private static func widely(
    _ now: Pixels, _ before: Pixels, _ guess: MotionField?, _ level: Int
  ) -> MotionField {
    var field = MotionField(width: now.width, height: now.height)
    for row in 0..<field.rows {
      for column in 0..<field.columns {
        var block = Block(now, before, field.left(column), field.top(row))
        for y in -reach...reach {
          for x in -reach...reach { block.consider(x, y, margin: 8 + 2 * (abs(x) + abs(y))) }
        }
        if let vector = guess?.vector(column << level, row << level) {
          let (x, y) = (Int(vector.x) >> (2 + level), Int(vector.y) >> (2 + level))
          for dy in -2...2 {
            for dx in -2...2 { block.consider(x + dx, y + dy, margin: 8) }
          }
        }
        field.set(block, column, row)
      }
    }
    return field
  }

  /// Looks around what was found in the copy of half the size.
  private static func closely(
    _ now: Pixels, _ before: Pixels, _ coarser: MotionField
  ) -> MotionField {
    var field = MotionField(width: now.width, height: now.height)
    // Where there is nothing to tell by, a block goes with most others.
    let usual = coarser.usualVector
    for row in 0..<field.rows {
      for column in 0..<field.columns {
        var block = Block(now, before, field.left(column), field.top(row))
        block.begin(Int(usual.x) / 2, Int(usual.y) / 2)
        for (x, y) in [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)] {
          let other = coarser.vector(column / 2 + x, row / 2 + y)
          block.consider(Int(other.x) / 2, Int(other.y) / 2, margin: 16)
        }
        block.consider(0, 0, margin: 16)
        for _ in 0..<2 {
          let (x, y) = (block.x, block.y)
          for dy in -1...1 {
            for dx in -1...1 { block.consider(x + dx, y + dy, margin: 8) }
          }
          if block.x == x, block.y == y { break }
        }
        field.set(block, column, row)
      }
    }
    return field
  }

  /// Looks between the pixels. The mean of two pixels has less noise, so it must be much better.
  private static func refine(_ field: inout MotionField, _ now: Pixels, _ before: Pixels) {
    for row in 0..<field.rows {
      for column in 0..<field.columns {
        let index = row * field.columns + column
        let (left, top) = (field.left(column), field.top(row))
        let start = field.vectors[index]
        let whole = Int(field.residuals[index] * 64)
        guard whole > 16 else { continue }
        var (best, vector) = (whole - max(8, whole / 4), start)
        var isBetter = false
        for step in [2, 1, 1] as [Int32] {
          let centre = vector
          for dy in [-step, 0, step] {
            for dx in [-step, 0, step] where dx != 0 || dy != 0 {
              let (x, y) = (4 * left + Int(centre.x + dx), 4 * top + Int(centre.y + dy))
              guard x >= 0, y >= 0, x <= 4 * (now.width - MotionField.side),
                y <= 4 * (now.height - MotionField.side)
              else { continue }
              let sum = now.difference(left, top, before, quarterX: x, quarterY: y, limit: best)
              if sum < best {
                (best, isBetter) = (sum, true)
                vector = .init(x: centre.x + dx, y: centre.y + dy)
              }
            }
          }
        }
        guard isBetter else { continue }
        field.vectors[index] = vector
        field.residuals[index] = Float(best) / 64
      }
    }
  }

  /// One block and the best place for it so far, in whole pixels.
  fileprivate struct Block {
    let now: Pixels
    let before: Pixels
    let left: Int
    let top: Int
    var x = 0
    var y = 0
    var best: Int

    init(_ now: Pixels, _ before: Pixels, _ left: Int, _ top: Int) {
      (self.now, self.before, self.left, self.top) = (now, before, left, top)
      best = now.difference(left, top, before, left, top, limit: .max)
    }

    /// Takes a place for a start, brought into the picture.
    mutating func begin(_ x: Int, _ y: Int) {
      self.x = max(-left, min(x, now.width - MotionField.side - left))
      self.y = max(-top, min(y, now.height - MotionField.side - top))
      best = now.difference(left, top, before, left + self.x, top + self.y, limit: .max)
    }

    /// Takes another place that is better by more than `margin`.
    mutating func consider(_ x: Int, _ y: Int, margin: Int) {
      guard x != self.x || y != self.y, before.holds(left + x, top + y) else { return }
      let limit = best - best / 32 - margin
      guard limit > 0 else { return }
      let sum = now.difference(left, top, before, left + x, top + y, limit: limit)
      if sum < limit { (best, self.x, self.y) = (sum, x, y) }
    }
  }
}

extension MotionField {
  /// The vector of a block; beyond the edge that of the last one.
  func vector(_ column: Int, _ row: Int) -> Vector {
    vectors[max(0, min(row, rows - 1)) * columns + max(0, min(column, columns - 1))]
  }

  /// The vector that most blocks have.
  fileprivate var usualVector: Vector {
    var counts: [Vector: Int] = [:]
    for vector in vectors { counts[vector, default: 0] += 1 }
    // The first one of several, so that it is the same every time.
    var best = (vector: Vector(), count: 0)
    for vector in vectors where counts[vector]! > best.count { best = (vector, counts[vector]!) }
    return best.vector
  }

  fileprivate mutating func set(_ block: MotionSearch.Block, _ column: Int, _ row: Int) {
    let index = row * columns + column
    vectors[index] = Vector(x: Int32(4 * block.x), y: Int32(4 * block.y))
    residuals[index] = Float(block.best) / Float(Self.side * Self.side)
  }

  /// The same motion going on for `count` pictures where this one went on for `over`.
  func stretched(to count: Int, over: Int) -> MotionField {
    var field = self
    field.vectors = vectors.map {
      Vector(
        x: $0.x * Int32(count) / Int32(over), y: $0.y * Int32(count) / Int32(over))
    }
    return field
  }
}
