import FFmpeg
import Foundation
import VidgitModel

/// The engine "http": an image service on the web.
final class HTTPEngine: FrameEngine {
  private let service: PreparedService
  private let desk: CallDesk

  /// - Parameters:
  ///   - jobs: calls at once; nil leaves it to the recipe.
  ///   - isFirst: it gets frames of the timeline, for which the pass has looked at what is known.
  init(
    _ service: PreparedService, _ repository: VideoRepository, journal: CallJournal,
    spending: Spending, jobs: Int?, isFirst: Bool
  ) throws {
    self.service = service
    let courier = try Courier(service)
    let call = ServiceCall(
      service: service, courier: courier, journal: journal, spending: spending,
      objects: repository.objects)
    desk = try CallDesk(
      call, parallel: jobs ?? service.http.parallel,
      looksUp: !isFirst || service.http.size != nil)
  }

  /// Results of whole frames are in the journal's own transaction.
  var keepsResults: Bool { service.http.size == nil }

  func begin() async throws { try await desk.recover() }

  func apply(to frame: Frame, key: FrameKey) async throws -> (frame: Frame, key: FrameKey) {
    try await withTaskCancellationHandler {
      do {
        let made = try await result(frame, key)
        let tagged = try made.frame.with(
          colour: frame.colour, sampleAspectRatio: frame.sampleAspectRatio)
        return (tagged, made.key)
      } catch let fault as CallFault {
        throw FrameFailure(reason: "the service of '\(service.recipe.name)' \(fault.reason)")
      }
    } onCancel: {
      desk.stop()
    }
  }

  private func result(_ frame: Frame, _ key: FrameKey) async throws -> CallPicture {
    guard let size = service.http.size else {
      return try await desk.result(of: CallPicture(frame: frame, key: key))
    }
    let sizing = try await blocking { try PictureSizing(frame, size) }
    let results = try await withThrowingTaskGroup(of: (Int, Frame).self) { group in
      for (place, picture) in sizing.pictures.enumerated() {
        group.addTask { [desk] in
          (place, try await desk.result(of: CallPicture(frame: picture, key: picture.key)).frame)
        }
      }
      var frames: [Int: Frame] = [:]
      for try await (place, frame) in group { frames[place] = frame }
      return sizing.pictures.indices.map { frames[$0]! }
    }
    return try await blocking {
      let whole = try VidgitError.reading { try sizing.assemble(results) }
      return CallPicture(frame: whole, key: whole.key)
    }
  }

  func close(isFinished: Bool) async throws {
    if !isFinished { desk.stop() }
    await desk.drain()
  }
}
