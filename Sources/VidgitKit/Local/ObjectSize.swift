import FFmpeg
import VidgitModel

/// How much memory an object may take.
enum ObjectSize {
  /// The bytes of a frame's bare pixels; nil where this libav has no such format.
  static func pixels(_ shape: FrameShape) -> Int64? {
    PixelFormat(name: shape.pixelFormat)?.byteCount(width: shape.width, height: shape.height)
      .map { Int64($0) }
  }

  /// The most bytes that an object of this shape has: noise becomes two thirds longer in the worst of
  /// the lossless formats.
  static func largest(_ shape: FrameShape) -> Int64 {
    min(PackIndex.largestObject, pixels(shape).map { 2 * $0 + 1 << 20 } ?? PackIndex.largestObject)
  }

  /// - Throws: where an index tells of an object that is longer than any can be.
  static func check(_ index: PackIndex, _ what: String) throws {
    // Nearly all of a pack are of one shape.
    var known: (shape: FrameShape, largest: Int64)?
    for entry in index.entries {
      if known?.shape != entry.key.shape {
        known = (entry.key.shape, largest(entry.key.shape))
      }
      guard entry.size <= known!.largest else {
        throw VidgitError(
          .verification,
          "\(what) tells of an object of \(entry.size) bytes for a frame of \(entry.key.shape)",
          hint: "the store was changed by something else")
      }
    }
  }
}
