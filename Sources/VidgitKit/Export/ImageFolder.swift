import FFmpeg
import Foundation

/// Formats of still pictures.
public enum ImageFormat: String, CaseIterable, Sendable {
  case png, jpg, webp

  var still: StillImage.Format { StillImage.Format(rawValue: rawValue)! }
}

/// A folder that gets one picture a frame: `frame-000000.png`, counted from 0.
struct ImageFolder: Sendable {
  private let folder: String
  private let format: ImageFormat

  init(_ images: SplitOptions.Images) throws {
    try self.init(images.folder, images.format)
  }

  /// - Throws: `VidgitError`: conflict where the folder holds something already.
  init(_ folder: String, _ format: ImageFormat) throws {
    self.folder = folder
    self.format = format
    if let contents = try? FileManager.default.contentsOfDirectory(atPath: folder),
      !contents.isEmpty
    {
      throw VidgitError(
        .conflict, "'\(folder)' is not empty", hint: "name a new folder for the pictures")
    }
    try DurableFile.makeFolder(folder)
  }

  /// Writes one picture, whole or not at all.
  func write(_ frame: Frame, index: Int) throws {
    let digits = String(index)
    let number = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    let bytes = try VidgitError.reading { try StillImage.encode(frame, format: format.still) }
    try DurableFile.write(bytes, to: "\(folder)/frame-\(number).\(format.rawValue)")
  }
}
