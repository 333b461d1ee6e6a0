import Foundation
import VidgitModel

extension Digest {
  var data: Data { withBytes { Data($0) } }
}
