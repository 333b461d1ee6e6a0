import FFmpeg
public import VidgitModel

/// Writes the frames of a revision as pictures, every one checked against its hash.
public struct ImageExport {
  private let directory: String
  private let revision: String
  private let range: RangeExpression?
  private let format: ImageFormat
  private let folder: String

  public init(
    directory: String, revision: String, range: RangeExpression?, format: ImageFormat,
    folder: String
  ) {
    self.directory = directory
    self.revision = revision
    self.range = range
    self.format = format
    self.folder = folder
  }

  /// - Returns: how many pictures were written.
  public func run(progress: ProgressHandler = { _ in }) async throws -> Int {
    var options = RenderOptions(
      directory: directory, revision: revision,
      output: folder.hasSuffix("/") ? folder : folder + "/")
    options.range = range
    options.codec = format.rawValue
    return try await Render(options).run(progress: progress).frames
  }
}
