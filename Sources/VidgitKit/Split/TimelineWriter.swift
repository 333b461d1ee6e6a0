import Git2
import VidgitModel

/// Gathers lines into shards and hands each full one to the repository's pack.
struct TimelineWriter {
  /// Known with the first frame.
  var header: Header?
  private(set) var frameCount = 0
  /// Ticks of the header's timebase.
  private(set) var duration: Int64 = 0
  /// Path and blob of each shard so far, in order.
  private(set) var shards: [(path: String, blob: ObjectID)] = []
  /// Some frame has another shape than the first.
  private(set) var changesShape = false
  private var lines: [FrameLine] = []

  /// Adds the next line of the timeline.
  mutating func append(_ line: FrameLine, to pack: inout PackWriter) throws {
    duration = try ManifestBounds.end(of: line, from: duration, at: "frame \(frameCount)")
    lines.append(line)
    frameCount += 1
    if line.width != nil || line.height != nil || line.format != nil { changesShape = true }
    if lines.count == Shard.capacity { try finish(&pack) }
  }

  /// Writes the last shard.
  mutating func finish(_ pack: inout PackWriter) throws {
    guard !lines.isEmpty else { return }
    let path = Shard.name(shards.count)
    let blob = try VidgitError.git {
      try pack.writeBlob(Shard.encode(lines))
    }
    shards.append((path, blob))
    lines.removeAll(keepingCapacity: true)
  }
}
