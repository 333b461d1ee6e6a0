import FFmpeg
import VidgitModel

/// The pixel formats that a pass has made of others, as far as they hold less.
struct FormatLosses {
  private var seen: Set<[String]> = []
  private(set) var notes: [String] = []
  private var last: [String] = []

  /// Takes note of one frame.
  mutating func add(from old: String, to new: String) {
    guard old != new, last != [old, new] else { return }
    last = [old, new]
    guard seen.insert(last).inserted, let note = Self.note(from: old, to: new) else { return }
    notes.append(note)
  }

  /// What a frame of one format loses in another; nil where that is nothing, or nothing is known.
  static func note(from old: String, to new: String) -> String? {
    guard let before = PixelFormat(name: old), let after = PixelFormat(name: new) else {
      return nil
    }
    var losses: [String] = []
    let (had, has) = (before.bitsPerSample, after.bitsPerSample)
    if has < had { losses.append("\(has) bits a sample, where they had \(had)") }
    if let had = before.colourShare, let has = after.colourShare, has > had {
      losses.append("fewer samples of colour than \(old)")
    }
    if before.hasAlpha, !after.hasAlpha { losses.append("no transparency any more") }
    return losses.isEmpty ? nil : "the frames become \(new): \(losses.joined(separator: "; "))"
  }
}
