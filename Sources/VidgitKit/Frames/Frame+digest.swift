import FFmpeg
import VidgitModel

extension Frame {
  /// SHA-256 of the pixels: what `ffmpeg -f framehash -hash sha256` prints for this frame.
  var digest: Digest {
    var builder = DigestBuilder()
    forEachRun { builder.update($0) }
    return builder.digest()
  }

  var shape: FrameShape {
    FrameShape(width: width, height: height, pixelFormat: pixelFormat.name)
  }

  /// The digest with the shape that tells two frames of equal bytes apart.
  var key: FrameKey { FrameKey(digest: digest, shape: shape) }
}
