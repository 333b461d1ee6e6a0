import VidgitModel

/// Makes lines of another timeline lines of this one: names that are free here, this timeline's
/// clock, and shapes that are said where they differ.
struct SpliceFitting {
  private let base: Revision
  /// This timeline's header, with the sound that comes along.
  private(set) var header: Header
  /// Descriptors and recipes that come along, by path.
  private(set) var files: [String: [UInt8]] = [:]
  private(set) var notes: [String] = []
  /// Names in media/ that are taken, in lower case: some file systems do not tell the two apart.
  private var taken: Set<String>

  init(_ base: Revision) {
    self.base = base
    header = base.header
    taken = Set(base.media.keys.map { $0.lowercased() })
  }

  /// - Throws: `VidgitError`: usage where a frame is too short for this timeline's clock, bad input
  ///   for lines that name a medium which is not there.
  mutating func fit(_ material: SpliceMaterial) throws -> [FrameLine] {
    var lines = material.lines
    let paths = try place(material)
    var retiming = Retiming(from: material.header.timebase, to: base.header.timebase)
    let keepsTime = material.header.timebase == base.header.timebase
    let keepsShape = material.header.shape == base.header.shape
    for index in lines.indices {
      if let path = paths[lines[index].uri] { lines[index].uri = path }
      if !keepsShape {
        lines[index].setShape(lines[index].shape(in: material.header), in: base.header)
      }
      if !keepsTime {
        lines[index].dur = try duration(of: lines[index], &retiming, material, frame: index)
      }
    }
    for (id, bytes) in material.recipes where base.recipeBlobs[id] == nil {
      files[FileNames.filter(id)] = bytes
    }
    try addSound(material, paths)
    for store in material.header.stores where !header.stores.contains(store) {
      if header.stores.count < Self.mostEntries { header.stores.append(store) }
    }
    if !keepsTime, !retiming.isExact {
      notes.append(
        "the times of '\(material.name)' are in ticks of \(material.header.timebase) s; they were "
          + "rounded to this timeline's \(base.header.timebase) s")
    }
    noteColours(material)
    return lines
  }

  /// What a header's lists may hold.
  private static let mostEntries = 64

  /// Finds a name for each medium that lines name.
  ///
  /// - Returns: the new paths by the old ones.
  private mutating func place(_ material: SpliceMaterial) throws -> [String: String] {
    var paths: [String: String] = [:]
    var last = ""
    for line in material.lines where line.uri != last {
      last = line.uri
      guard paths[last] == nil, FileNames.isMediaPath(last) else { continue }
      guard let descriptor = material.media[last] else {
        throw VidgitError(
          .badInput, "'\(material.name)' names '\(last)', which it does not hold",
          hint: "`vidgit verify` lists what is missing")
      }
      paths[last] = try path(for: descriptor, last)
    }
    return paths
  }

  private mutating func path(for descriptor: MediaDescriptor, _ path: String) throws -> String {
    func isSame(_ other: MediaDescriptor?) -> Bool {
      other?.sha256 == descriptor.sha256 && other?.videoStream == descriptor.videoStream
    }
    if isSame(base.media[path]) { return path }
    if let known = base.media.keys.sorted().first(where: { isSame(base.media[$0]) }) {
      return known
    }
    var free = path
    var digits = 12
    while !taken.insert(free.lowercased()).inserted {
      guard digits <= Digest.byteCount * 2 else {
        throw VidgitError(
          .conflict, "every name for '\(descriptor.name)' in media/ is taken",
          hint: "rename the descriptors that hold them")
      }
      let stem = path.dropFirst(FileNames.mediaFolder.count).dropLast(".json".count)
      // Short enough to be a safe name with all of the digits.
      free =
        FileNames.mediaFolder
        + "\(stem.prefix(94 - digits))-\(descriptor.sha256.hex.prefix(digits)).json"
      digits += 4
    }
    files[free] = descriptor.fileBytes()
    return free
  }

  private func duration(
    of line: FrameLine, _ retiming: inout Retiming, _ material: SpliceMaterial, frame: Int
  ) throws -> Int64 {
    guard let duration = retiming.duration(line.dur) else {
      throw VidgitError(
        .usage,
        "'\(material.name)' is longer than this timeline can be in ticks of "
          + "\(base.header.timebase) s", hint: "take a part of it with --range")
    }
    guard duration > 0 else {
      throw VidgitError(
        .usage,
        "the frame \(frame) of '\(material.name)' shows for less than one tick of this timeline, "
          + "which is \(base.header.timebase) s",
        hint: "splice the other way round: start from the video with the finer clock, which is "
          + "'\(material.name)'")
    }
    return duration
  }

  private mutating func addSound(_ material: SpliceMaterial, _ paths: [String: String]) throws {
    for source in material.header.audio {
      guard let path = paths[source.media] else { continue }
      var source = source
      source.media = path
      guard !header.audio.contains(where: { $0.media == path && $0.stream == source.stream })
      else { continue }
      guard header.audio.count < Self.mostEntries else {
        throw VidgitError(
          .usage, "there would be more than \(Self.mostEntries) audio streams in video.json",
          hint: "take out those of media that no longer play")
      }
      header.audio.append(source)
    }
  }

  /// A line cannot say its colours: the header's hold for all.
  private mutating func noteColours(_ material: SpliceMaterial) {
    let (own, other) = (base.header, material.header)
    let pairs = [
      (own.colorRange, other.colorRange), (own.colorMatrix, other.colorMatrix),
      (own.colorPrimaries, other.colorPrimaries), (own.colorTransfer, other.colorTransfer),
    ]
    if pairs.contains(where: { $0 != nil && $1 != nil && $0 != $1 }) {
      func text(_ header: Header) -> String {
        [header.colorRange, header.colorMatrix, header.colorPrimaries, header.colorTransfer]
          .map { $0 ?? "unknown" }.joined(separator: "/")
      }
      notes.append(
        "the colours of '\(material.name)' are \(text(other)); it is shown with the timeline's, "
          + text(own))
    }
    let square = Rational(1, 1)
    let aspects = [own, other].map { $0.sampleAspectRatio.num > 0 ? $0.sampleAspectRatio : square }
    if aspects[0] != aspects[1] {
      notes.append(
        "the pixels of '\(material.name)' are \(aspects[1]) as wide as high; they are shown with the "
          + "timeline's \(aspects[0])")
    }
  }
}
