import VidgitModel

/// Media that both sides of a merge have taken in under one name, though they are different files:
/// theirs get names of their own, with the lines that name them.
struct MediaRenames {
  /// Their path to the new one.
  private(set) var paths: [String: String] = [:]

  init(base: Revision, ours: Revision, theirs: Revision) {
    for (path, descriptor) in theirs.media.sorted(by: { $0.key < $1.key }) {
      guard base.media[path] == nil, let own = ours.media[path], own.sha256 != descriptor.sha256
      else { continue }
      let same = ours.media.first { $0.value.sha256 == descriptor.sha256 }?.key
      let stem = path.dropFirst(FileNames.mediaFolder.count).dropLast(".json".count).prefix(80)
      paths[path] =
        same ?? FileNames.media("\(stem)-\(descriptor.sha256.hex.prefix(12))") ?? path
    }
  }

  /// Their timeline under the new names.
  func applied(to timeline: Timeline) -> Timeline {
    if paths.isEmpty { return timeline }
    var lines = timeline.lines
    for place in lines.indices {
      if let path = paths[lines[place].uri] { lines[place].uri = path }
    }
    let old = timeline.revision
    var header = old.header
    for place in header.audio.indices {
      if let path = paths[header.audio[place].media] { header.audio[place].media = path }
    }
    let media = Dictionary(
      old.media.map { (paths[$0.key] ?? $0.key, $0.value) }, uniquingKeysWith: { first, _ in first }
    )
    let revision = Revision(
      commit: old.commit, origin: old.origin, tree: old.tree, header: header, media: media,
      shards: old.shards, recipeBlobs: old.recipeBlobs)
    return Timeline(revision: revision, lines: lines, firstLines: timeline.firstLines)
  }
}
