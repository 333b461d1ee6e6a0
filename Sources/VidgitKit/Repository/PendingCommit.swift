import Foundation
import Git2
import VidgitModel

/// The note that is left while a commit becomes visible: written before the ref moves, taken away
/// when the work tree has followed.
///
/// Whoever finds one after a crash can finish the work without knowing what it was.
struct PendingCommit: Equatable {
  /// "refs/heads/noir"
  var reference: String
  /// What the ref pointed to; nil where it did not exist.
  var from: ObjectID?
  var to: ObjectID
  /// The commit that the work tree shows before.
  var workTree: ObjectID?
  /// HEAD is to name the ref afterwards.
  var switchesHead: Bool
  /// The branch that HEAD was on: who has gone elsewhere since is not followed.
  var head: String?
  /// What was asked for, so that the same request run again is known to be done.
  var request: String

  /// The name of the ref's branch.
  var branch: String { String(reference.dropFirst("refs/heads/".count)) }

  func write(to path: String) throws {
    var fields: JSONObject = ["reference": .string(reference), "to": .string(to.hex)]
    fields["from"] = from.map { .string($0.hex) }
    fields["workTree"] = workTree.map { .string($0.hex) }
    fields["switchesHead"] = .bool(switchesHead)
    fields["head"] = head.map { .string($0) }
    fields["request"] = .string(request)
    try DurableFile.write(JSONValue.object(fields).pretty(), to: path)
  }

  /// nil where there is none.
  static func read(from path: String) throws -> PendingCommit? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    guard let json = try? JSONValue(parsing: [UInt8](data), what: path).object,
      let reference = json["reference"]?.string,
      let to = json["to"]?.string.flatMap({ ObjectID(hex: $0) })
    else {
      throw VidgitError(
        .system, "the note of an unfinished commit '\(path)' cannot be read",
        hint: "look at `git log` and `git status`, then delete the note")
    }
    return PendingCommit(
      reference: reference, from: json["from"]?.string.flatMap { ObjectID(hex: $0) }, to: to,
      workTree: json["workTree"]?.string.flatMap { ObjectID(hex: $0) },
      switchesHead: json["switchesHead"]?.bool == true, head: json["head"]?.string,
      request: json["request"]?.string ?? "")
  }
}
