import VidgitKit
import VidgitModel

/// Tells of media whose bytes are nowhere, and how to provide them.
enum MissingMedia {
  static func report(_ media: [MediaStatus]) {
    let missing = media.filter { $0.state != .ok && $0.descriptor.locations.isEmpty }
    for medium in missing {
      Report.line(
        "The medium '\(TerminalText.escaped(medium.descriptor.name))' "
          + "(\(medium.descriptor.size) bytes, \(medium.descriptor.sha256.text)) is nowhere yet")
    }
    guard !missing.isEmpty else { return }
    Report.line(
      "Point to a file that you have (`vidgit media locate FILE`), name a store that has it "
        + "(`vidgit store add NAME URI`), or ask its owner to publish it (`vidgit publish`)")
  }
}
