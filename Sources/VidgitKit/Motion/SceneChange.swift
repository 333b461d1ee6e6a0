/// Whether one picture goes on from another, told by small copies of them.
enum SceneChange {
  /// Levels of brightness: less than that is no change of scene, whatever it is.
  private static let least: Float = 8
  /// A whole picture that gets so much brighter or darker at once.
  private static let flash: Float = 64

  /// A cut is where most blocks are found nowhere near: they differ more from the best place for
  /// them than from their own mean. A change of brightness of the whole picture does not count.
  static func isCut(_ now: Pixels, _ before: Pixels, _ field: MotionField) -> Bool {
    let change = mean(now) - mean(before)
    if abs(change) > flash { return true }
    var (sum, lost) = (Float(0), 0)
    for row in 0..<field.rows {
      for column in 0..<field.columns {
        let (left, top) = (field.left(column), field.top(row))
        let vector = field.vector(column, row)
        let other = (x: left + Int(vector.x) / 4, y: top + Int(vector.y) / 4)
        let own = mean(now, left, top)
        var (inter, intra) = (Float(0), Float(0))
        for y in 0..<MotionField.side {
          for x in 0..<MotionField.side {
            let value = Float(now.base[(top + y) * now.width + left + x])
            let old = Float(before.base[(other.y + y) * before.width + other.x + x])
            inter += abs(value - old - change)
            intra += abs(value - own)
          }
        }
        sum += inter / 64
        if inter > max(intra, least * 32) { lost += 1 }
      }
    }
    let count = field.rows * field.columns
    return sum / Float(count) > least && lost * 2 > count
  }

  private static func mean(_ pixels: Pixels) -> Float {
    var sum = 0
    for index in 0..<pixels.width * pixels.height { sum &+= Int(pixels.base[index]) }
    return Float(sum) / Float(pixels.width * pixels.height)
  }

  private static func mean(_ pixels: Pixels, _ left: Int, _ top: Int) -> Float {
    var sum = 0
    for y in 0..<MotionField.side {
      for x in 0..<MotionField.side {
        sum &+= Int(pixels.base[(top + y) * pixels.width + left + x])
      }
    }
    return Float(sum) / Float(MotionField.side * MotionField.side)
  }
}
