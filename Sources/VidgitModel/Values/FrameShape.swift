/// What the bytes of a frame's pixels mean: two black frames of different shapes can be the same
/// bytes, and so have the same hash.
public struct FrameShape: Hashable, Sendable {
  /// Pixels a row, as shown (after rotation).
  public var width: Int
  /// Rows, as shown.
  public var height: Int
  /// FFmpeg's name of the pixel format, such as "yuv420p".
  public var pixelFormat: String

  public init(width: Int, height: Int, pixelFormat: String) {
    self.width = width
    self.height = height
    self.pixelFormat = pixelFormat
  }
}

extension FrameShape: CustomStringConvertible {
  public var description: String { "\(width)x\(height) \(pixelFormat)" }
}

/// What names a frame's stored pixels, and a result in the cache: the hash and the shape together.
public struct FrameKey: Hashable, Sendable {
  public var digest: Digest
  public var shape: FrameShape

  public init(digest: Digest, shape: FrameShape) {
    self.digest = digest
    self.shape = shape
  }
}
