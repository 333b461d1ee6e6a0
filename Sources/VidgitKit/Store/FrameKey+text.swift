import Foundation
import VidgitModel

extension FrameShape {
  /// "1920x1080-yuv420p": part of object names and of cache keys.
  var text: String { "\(width)x\(height)-\(pixelFormat)" }

  init?(text: String) {
    let parts = text.split(separator: "-", maxSplits: 1)
    let sides = parts.first?.split(separator: "x").compactMap { Int($0) } ?? []
    guard parts.count == 2, sides.count == 2 else { return nil }
    self.init(width: sides[0], height: sides[1], pixelFormat: String(parts[1]))
  }
}

extension Digest {
  var data: Data { withBytes { Data($0) } }
}
