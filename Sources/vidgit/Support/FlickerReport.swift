import VidgitKit
import VidgitModel

/// How much two revisions flicker, for people and for programs.
enum FlickerReport {
  static func show(_ flicker: Flicker) {
    guard let all = flicker.all else {
      Report.line("flicker: no two neighbouring frames are in both revisions")
      showLeftOut(flicker)
      return
    }
    Report.line("flicker: mean change from frame to frame along the motion, in levels of 255")
    for run in flicker.runs {
      let start = flicker.times.clock(ofFrame: run.frames.lowerBound)
      let end = flicker.times.clock(ofFrame: run.frames.upperBound)
      Report.line(
        "  \(run.frames.lowerBound)..\(run.frames.upperBound)  \(start)..\(end)  "
          + text(run.measure))
    }
    Report.line(
      "flicker in all: \(text(all)), \(all.pairs) pairs of frames, "
        + "\(DiffReport.decimal(100 * all.share, 1))% of their pixels followed")
    showLeftOut(flicker)
  }

  private static func text(_ measure: Flicker.Measure) -> String {
    let ratio = measure.ratio.map { " (x\(DiffReport.decimal($0, 2)))" } ?? ""
    return
      "\(DiffReport.decimal(measure.old, 3)) -> \(DiffReport.decimal(measure.new, 3))\(ratio)"
  }

  private static func showLeftOut(_ flicker: Flicker) {
    let parts = [
      count(flicker.sceneChanges, "change of scene", "changes of scene"),
      count(flicker.gaps, "gap in the source", "gaps in the source"),
      count(flicker.recipeChanges, "change of recipes", "changes of recipes"),
      count(flicker.unmatched, "frame of one side only", "frames of one side only"),
    ].compactMap(\.self)
    if !parts.isEmpty { Report.line("flicker left out: \(parts.joined(separator: ", "))") }
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String? {
    count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
  }

  static func json(_ flicker: Flicker) -> JSONValue {
    var fields: JSONObject = [
      "runs": .array(
        flicker.runs.map { run in
          var fields: JSONObject = [
            "first": .int(Int64(run.frames.lowerBound)), "end": .int(Int64(run.frames.upperBound)),
          ]
          add(run.measure, to: &fields)
          return .object(fields)
        }),
      "leftOut": [
        "sceneChanges": .int(Int64(flicker.sceneChanges)), "gaps": .int(Int64(flicker.gaps)),
        "recipeChanges": .int(Int64(flicker.recipeChanges)),
        "unmatchedFrames": .int(Int64(flicker.unmatched)),
      ],
    ]
    if let all = flicker.all { add(all, to: &fields) }
    return .object(fields)
  }

  private static func add(_ measure: Flicker.Measure, to fields: inout JSONObject) {
    fields["old"] = .double(measure.old)
    fields["new"] = .double(measure.new)
    fields["ratio"] = measure.ratio.map { .double($0) } ?? .null
    fields["pairs"] = .int(Int64(measure.pairs))
    fields["share"] = .double(measure.share)
  }
}
