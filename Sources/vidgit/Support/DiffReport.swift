import Foundation
import VidgitKit
import VidgitModel

/// A comparison of two revisions, for people and for programs.
enum DiffReport {
  /// - Parameter measures: one for each run, where pixels were measured.
  static func show(_ diff: RevisionDiff, _ measures: [PixelDiff.Measure?]?) {
    say("\(diff.old.prefix(10)) -> \(diff.new.prefix(10))")
    if diff.isEmpty {
      say("no difference in the video")
      return
    }
    for (index, run) in diff.timeline.runs.enumerated() {
      say(line(run, diff) + (measures?[index].map(text) ?? ""))
    }
    for change in diff.headerChanges {
      say("~ video.json \(change.key): \(text(change.old)) -> \(text(change.new))")
    }
    for (mark, paths) in [
      ("+", diff.mediaAdded), ("-", diff.mediaRemoved), ("~", diff.mediaChanged),
    ] {
      for path in paths { say("\(mark) \(path)") }
    }
    for (mark, recipes) in [("+", diff.recipesAdded), ("-", diff.recipesRemoved)] {
      for recipe in recipes { say("\(mark) \(recipe.id): \(GraphNotation.text(of: recipe))") }
    }
    say(summary(diff))
  }

  /// "~ 100..150  0:04.000..0:06.000  50 frames changed: noir-... -> sepia-..."
  private static func line(_ run: TimelineDiff.Run, _ diff: RevisionDiff) -> String {
    let old = place(run.old, diff.oldTimes)
    let new = place(run.new, diff.newTimes)
    let count = max(run.old.count, run.new.count)
    let frames = Counted.text(count, "frame")
    switch run.kind {
    case .added: return "+ \(new)  \(frames) added\(recipes(run.newFilters, " with "))"
    case .removed: return "- \(old)  \(frames) removed\(recipes(run.oldFilters, " with "))"
    case .moved: return "> \(old) -> \(new)  \(frames) moved\(what(run, ", "))"
    case .changed:
      let moved =
        run.old == run.new ? "" : " (before: \(run.old.lowerBound)..\(run.old.upperBound))"
      return "~ \(new)\(moved)  \(frames) changed\(what(run, ": "))"
    }
  }

  private static func text(_ measure: PixelDiff.Measure) -> String {
    let psnr = measure.psnr.isFinite ? decimal(measure.psnr, 2) + " dB" : "infinite"
    return
      "; PSNR \(psnr), SSIM \(decimal(measure.ssim, 4)) (worst \(decimal(measure.worstSSIM, 4)))"
  }

  static func decimal(_ value: Double, _ digits: Int) -> String {
    value.formatted(
      .number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US_POSIX")).grouping(
        .never))
  }

  private static func what(_ run: TimelineDiff.Run, _ lead: String) -> String {
    var words: [String] = []
    if run.oldFilters != run.newFilters {
      words.append("\(names(run.oldFilters)) -> \(names(run.newFilters))")
    } else if run.isRepainted {
      words.append("other pixels")
    }
    if run.isRetimed { words.append("other durations") }
    return words.isEmpty ? "" : lead + words.joined(separator: ", ")
  }

  private static func recipes(_ filters: [String], _ lead: String) -> String {
    filters.isEmpty ? "" : lead + names(filters)
  }

  private static func names(_ filters: [String]) -> String {
    filters.isEmpty ? "source" : filters.joined(separator: " ")
  }

  private static func place(_ range: Range<Int>, _ times: FrameTimes) -> String {
    let start = times.clock(ofFrame: range.lowerBound)
    let end = times.clock(ofFrame: range.upperBound)
    return "\(range.lowerBound)..\(range.upperBound)  \(start)..\(end)"
  }

  private static func text(_ value: JSONValue?) -> String {
    value.map { String(decoding: $0.compact(), as: UTF8.self) } ?? "(none)"
  }

  private static func summary(_ diff: RevisionDiff) -> String {
    let counts = TimelineDiff.Run.Kind.allCases.compactMap { kind in
      let count = diff.timeline.count(kind)
      return count == 0 ? nil : "\(count) \(kind.rawValue)"
    }
    let lengths =
      diff.oldTimes.lengthText == diff.newTimes.lengthText
      ? diff.newTimes.lengthText : "\(diff.oldTimes.lengthText) -> \(diff.newTimes.lengthText)"
    return (counts + ["\(diff.timeline.unchanged) unchanged"]).joined(separator: ", ")
      + "; \(lengths)"
  }

  private static func say(_ text: String) {
    Report.line(TerminalText.escaped(text))
  }

  static func json(
    _ diff: RevisionDiff, _ measures: [PixelDiff.Measure?]?, _ flicker: Flicker?
  ) -> JSONValue {
    var fields = json(diff, measures)
    fields["flicker"] = flicker.map { FlickerReport.json($0) }
    return .object(fields)
  }

  private static func json(
    _ diff: RevisionDiff, _ measures: [PixelDiff.Measure?]?
  ) -> JSONObject {
    [
      "old": .string(diff.old), "new": .string(diff.new),
      "runs": .array(
        diff.timeline.runs.enumerated().map { index, run in
          var fields = json(run, diff)
          if let measure = measures?[index] {
            // Infinite has no number in JSON.
            fields["psnr"] = measure.psnr.isFinite ? .double(measure.psnr) : .null
            fields["ssim"] = .double(measure.ssim)
            fields["worstSSIM"] = .double(measure.worstSSIM)
          }
          return .object(fields)
        }),
      "unchanged": .int(Int64(diff.timeline.unchanged)),
      "header": .array(
        diff.headerChanges.map {
          ["key": .string($0.key), "old": $0.old ?? .null, "new": $0.new ?? .null]
        }),
      "recipesAdded": .array(diff.recipesAdded.map { .object($0.json) }),
      "recipesRemoved": .array(diff.recipesRemoved.map { .object($0.json) }),
      "mediaAdded": .array(diff.mediaAdded.map { .string($0) }),
      "mediaRemoved": .array(diff.mediaRemoved.map { .string($0) }),
      "mediaChanged": .array(diff.mediaChanged.map { .string($0) }),
    ]
  }

  private static func json(_ run: TimelineDiff.Run, _ diff: RevisionDiff) -> JSONObject {
    var fields: JSONObject = ["kind": .string(run.kind.rawValue)]
    if run.kind != .added { fields["old"] = json(run.old, diff.oldTimes) }
    if run.kind != .removed { fields["new"] = json(run.new, diff.newTimes) }
    if run.kind != .added { fields["oldFilters"] = .array(run.oldFilters.map { .string($0) }) }
    if run.kind != .removed { fields["newFilters"] = .array(run.newFilters.map { .string($0) }) }
    if run.kind == .changed || run.kind == .moved {
      fields["repainted"] = .bool(run.isRepainted)
      fields["retimed"] = .bool(run.isRetimed)
    }
    return fields
  }

  private static func json(_ range: Range<Int>, _ times: FrameTimes) -> JSONValue {
    [
      "first": .int(Int64(range.lowerBound)), "end": .int(Int64(range.upperBound)),
      "startTicks": .int(times.starts[range.lowerBound]),
      "endTicks": .int(times.starts[range.upperBound]),
      "timebase": .array([.int(times.timebase.num), .int(times.timebase.den)]),
    ]
  }
}
