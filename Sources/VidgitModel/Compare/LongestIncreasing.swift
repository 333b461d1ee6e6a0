/// The longest increasing subsequence, by patience sorting: n log n.
///
/// Between two lists whose elements are all different this is their longest common subsequence.
enum LongestIncreasing {
  /// The places of the elements that belong to it, in order.
  static func places(in values: [Int]) -> [Int] {
    // The place of the smallest end of an increasing subsequence of each length, and what came
    // before each element in the best one that ends with it.
    var ends: [Int] = []
    var before = [Int](repeating: -1, count: values.count)
    for (place, value) in values.enumerated() {
      var (low, high) = (0, ends.count)
      // Mostly the values go up: look at the end first.
      if let last = ends.last, values[last] < value { low = ends.count }
      while low < high {
        let middle = (low + high) / 2
        if values[ends[middle]] < value { low = middle + 1 } else { high = middle }
      }
      if low > 0 { before[place] = ends[low - 1] }
      if low == ends.count { ends.append(place) } else { ends[low] = place }
    }
    var places: [Int] = []
    places.reserveCapacity(ends.count)
    var place = ends.last ?? -1
    while place >= 0 {
      places.append(place)
      place = before[place]
    }
    return places.reversed()
  }
}
