import FFmpeg
import Foundation

extension StillImage.Format {
  /// The format that the ending of a file's name asks for.
  ///
  /// - Throws: `VidgitError`: usage for an ending that is no picture's.
  init(endingOf path: String) throws {
    let ending = (path as NSString).pathExtension.lowercased()
    guard let format = Self(rawValue: ending == "jpeg" ? "jpg" : ending) else {
      throw VidgitError(
        .usage, "'\(path)' does not end as a picture does", hint: "end it in .png, .jpg or .webp")
    }
    self = format
  }
}
