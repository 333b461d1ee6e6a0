extension MotionField {
  /// How far a picture is from an earlier one that follows this motion: the sum of absolute
  /// differences over all blocks that were found again, and their pixels.
  ///
  /// - Precondition: both have the size of the field.
  func difference(of target: Luma, from reference: Luma) -> (sum: Int, pixels: Int) {
    let worst = worstResidual
    var (sum, count) = (0, 0)
    target.levels[0].withPixels { now in
      reference.levels[0].withPixels { before in
        for row in 0..<rows {
          for column in 0..<columns where residuals[row * columns + column] <= worst {
            let (left, top) = (left(column), top(row))
            let vector = vectors[row * columns + column]
            let sample = before.sampler(4 * left + Int(vector.x), 4 * top + Int(vector.y))
            // Of the last block only what no other has.
            for y in row * Self.side - top..<Self.side {
              let line = now.base + ((top + y) * width + left)
              for x in column * Self.side - left..<Self.side {
                sum &+= Int(abs(Int32(line[x]) &- sample.value(x, y)))
              }
            }
            count +=
              (Self.side - (row * Self.side - top)) * (Self.side - (column * Self.side - left))
          }
        }
      }
    }
    return (sum, count)
  }
}
