import FFmpeg
import VidgitModel

/// Neighbouring frames of a timeline whose flicker is taken away.
struct SmoothRun {
  /// Their numbers in the timeline.
  let frames: Range<Int>
  /// What they were before the pass.
  let inputs: [FrameKey]
  /// What the other recipes of the pass have made of them.
  let lines: [FrameLine]
  /// Whether each one goes on from the one before it: the next of its source, that had the same
  /// recipes before the pass.
  let goesOn: [Bool]
  private let keys: [FrameKey]

  /// - Parameter inner: the state of the pass of the other recipes.
  init(_ frames: Range<Int>, of inner: PassState) throws {
    self.frames = frames
    var (inputs, lines, keys): ([FrameKey], [FrameLine], [FrameKey]) = ([], [], [])
    var looks: [[String]] = []
    var cursor = TimelineCursor(inner.repository, inner.revision).lines(in: frames)
    while true {
      var batch: [FrameLine] = []
      while batch.count < 1000, let placed = try cursor.next() { batch.append(placed.line) }
      if batch.isEmpty { break }
      for (line, result) in zip(batch, try inner.results(of: batch)) {
        guard let result else {
          throw VidgitError(
            .notFound, "what the recipes made of the frame \(line.hash.text) is gone",
            hint: "something else removes objects meanwhile; run the same command again")
        }
        let input = inner.revision.key(of: line)
        inputs.append(input)
        looks.append(line.filters)
        keys.append(result)
        lines.append(result == input ? line : inner.filtered(line, result))
      }
    }
    let steps = SourceSteps(lines, in: inner.revision)
    goesOn = lines.indices.map { place in
      place > 0 && steps.isStep(from: lines[place - 1], to: lines[place])
        && looks[place - 1] == looks[place]
        && keys[place - 1].shape == keys[place].shape
    }
    (self.inputs, self.lines, self.keys) = (inputs, lines, keys)
  }

  /// The places of a frame and its neighbours, as far as the film goes on between them.
  func window(of place: Int, radius: Int) -> Range<Int> {
    var (first, last) = (place, place)
    while place - first < radius, goesOn[first] { first -= 1 }
    while last - place < radius, last + 1 < lines.count, goesOn[last + 1] { last += 1 }
    return first..<last + 1
  }

  /// A name for all that a result depends on: the frames of its window, and those that they are of.
  func key(of place: Int, radius: Int) -> FrameKey {
    let window = window(of: place, radius: radius)
    var builder = DigestBuilder()
    func add(_ text: String) { Array(text.utf8).withUnsafeBytes { builder.update($0) } }
    add("smooth \(place - window.lowerBound)\n")
    for place in window {
      let key = keys[place]
      add("\(lines[place].sourceHash.hex) \(key.digest.hex) \(key.shape.text)\n")
    }
    return FrameKey(
      digest: builder.digest(), shape: FrameShape(width: 0, height: 0, pixelFormat: "run"))
  }
}
