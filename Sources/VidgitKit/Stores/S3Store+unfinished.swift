import Curl
import Foundation
import VidgitModel

/// Uploads in parts that were begun and not finished (docs.aws.amazon.com/AmazonS3/latest/API,
/// ListMultipartUploads and ListParts).
extension S3Store {
  /// Uploads of one key that are looked into, the newest first, and pages of a list that are read.
  private static let mostUploads = 16
  private static let mostPages = 11
  /// An upload that is younger may be another process's, at it right now.
  private static let patience: Int64 = 86_400

  /// The upload of a file that has most of its parts; those of the same file that are not chosen and
  /// old are taken away.
  func unfinished(_ plan: PartPlan) async throws -> Unfinished {
    do {
      return try await best(plan)
    } catch is CannotList {
      return .cannotList
    }
  }

  private struct CannotList: Error {}

  private func best(_ plan: PartPlan) async throws -> Unfinished {
    var best: (upload: Upload, isOld: Bool)?
    var others: [String] = []
    let limit = AmazonDate.text(Int64(Date().timeIntervalSince1970) - Self.patience)
    for begun in try await uploads(of: plan.name) {
      let isOld = begun.date < limit
      guard let upload = try await self.upload(begun.id, plan) else {
        // Its parts are of other sizes: another program's.
        if isOld { others.append(begun.id) }
        continue
      }
      if let known = best, known.upload.parts.count >= upload.parts.count {
        if isOld { others.append(upload.id) }
      } else {
        if let known = best, known.isOld { others.append(known.upload.id) }
        best = (upload, isOld)
      }
    }
    for id in others { await giveUp(plan.name, id) }
    return best.map { .known($0.upload, isOld: $0.isOld) } ?? .none
  }

  /// Takes an upload away with its parts, as far as that can be done.
  func giveUp(_ name: StoreName, _ upload: String) async {
    // In a task of its own: also where this one is cancelled.
    await Task {
      var call = S3Call("DELETE", key: name.text)
      call.query = [("uploadId", upload)]
      _ = try? await send("delete", name.text, call)
    }.value
  }

  /// The uploads of a key, the newest first, with their times as "20130524T000000Z".
  private func uploads(of name: StoreName) async throws -> [(id: String, date: String)] {
    let key = site.key(name.text)
    var found: [(id: String, date: String)] = []
    var next: (key: String, id: String)?
    for _ in 0..<Self.mostPages {
      var call = S3Call("GET", key: nil)
      call.query = [("uploads", ""), ("prefix", key), ("max-uploads", "1000")]
      if let next { call.query += [("key-marker", next.key), ("upload-id-marker", next.id)] }
      guard let page = try await page("ListMultipartUploads", call, name) else {
        throw CannotList()
      }
      for item in page.children where item.name == "Upload" && item["Key"]?.text == key {
        guard let id = item["UploadId"]?.text, !id.isEmpty else { continue }
        // "2013-05-24T00:00:00.000Z"; without a time it counts as new.
        let digits = item["Initiated"]?.text.filter { $0 != "-" && $0 != ":" }.prefix(15)
        found.append((id, digits.map { "\($0)Z" } ?? "9"))
      }
      let (nextKey, nextID) = (page["NextKeyMarker"]?.text, page["NextUploadIdMarker"]?.text)
      guard page["IsTruncated"]?.text == "true", let nextKey, let nextID,
        next?.key != nextKey || next?.id != nextID
      else { break }
      next = (nextKey, nextID)
    }
    return Array(found.sorted { $0.date > $1.date }.prefix(Self.mostUploads))
  }

  /// An upload with its parts; nil where it is gone, or has parts of other sizes than the plan's.
  private func upload(_ id: String, _ plan: PartPlan) async throws -> Upload? {
    var upload = Upload(id: id)
    var next: Int?
    for _ in 0..<Self.mostPages {
      var call = S3Call("GET", key: plan.name.text)
      call.query = [("max-parts", "1000"), ("uploadId", id)]
      if let next { call.query.append(("part-number-marker", "\(next)")) }
      guard let page = try await page("ListParts", call, plan.name) else { return nil }
      for item in page.children where item.name == "Part" {
        guard let number = item["PartNumber"].flatMap({ Int($0.text) }),
          let size = item["Size"].flatMap({ Int64($0.text) }), let tag = item["ETag"]?.text,
          let bytes = plan.bytes(of: number), size == Int64(bytes.count)
        else { return nil }
        upload.parts[number] = Upload.Part(size: size, tag: tag)
      }
      let marker = page["NextPartNumberMarker"].flatMap { Int($0.text) }
      guard page["IsTruncated"]?.text == "true", let marker, marker > next ?? 0 else { break }
      next = marker
    }
    return upload
  }

  /// A page of a list; nil where what it is about is gone.
  ///
  /// - Throws: `CannotList` where the keys may not, or the server cannot.
  private func page(
    _ root: String, _ call: S3Call, _ name: StoreName
  ) async throws -> XMLElement? {
    let response = try await send("list", name.text, call)
    switch response.status {
    case 404: return nil
    case 408, 425, 429: throw fault(response, "list", name.text)
    case 400...499, 501: throw CannotList()
    default: break
    }
    guard response.isSuccess else { throw fault(response, "list", name.text) }
    let page = try? XMLElement(parsing: response.body, what: "")
    // "...Result" as documented; some say "...Response".
    guard let page, page.name.hasPrefix(root) else { throw CannotList() }
    return page
  }
}
