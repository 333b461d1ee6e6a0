import FFmpeg

/// Formats of still pictures.
public enum ImageFormat: String, CaseIterable, Sendable {
  case png, jpg, webp

  var still: StillImage.Format { StillImage.Format(rawValue: rawValue)! }
}

/// A folder that gets one picture a frame: `frame-000000.png`, counted from 0. It appears with all
/// its pictures or not at all.
final class ImageFolder: Sendable {
  private let folder: OutputFolder
  private let format: ImageFormat

  convenience init(_ images: SplitOptions.Images) throws {
    try self.init(images.folder, images.format, of: nil)
  }

  /// - Throws: `VidgitError`: conflict where the folder holds something already, or where somebody
  ///   else is writing it.
  init(_ folder: String, _ format: ImageFormat, of repository: VideoRepository?) throws {
    self.format = format
    self.folder = try OutputFolder(folder, for: "pictures", of: repository)
  }

  /// Writes one picture.
  func write(_ frame: Frame, index: Int) throws {
    let digits = String(index)
    let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    let bytes = try VidgitError.reading { try StillImage.encode(frame, format: format.still) }
    try DurableFile.write(bytes, to: "\(folder.temporary)/frame-\(number).\(format.rawValue)")
  }

  /// Gives the folder its name; nothing is written after it.
  func moveIntoPlace() throws { try folder.moveIntoPlace() }

  func discard() { folder.discard() }
}
