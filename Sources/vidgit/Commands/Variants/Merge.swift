import ArgumentParser
import VidgitKit
import VidgitModel

struct Merge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take another variant's changes into the current branch, frame by frame.",
    discussion: """
      Changes of different frames combine, cuts combine with filters, and the same change on both \
      sides is one. Where the sides do not agree, the runs are listed and nothing is changed: run \
      it again with --ours, --theirs or --take.
      """)

  @Argument(help: "A branch, or anything that Git resolves.", completion: .revision)
  var rev: String

  @Flag(help: "Keep what this branch has where the sides do not agree.")
  var ours = false

  @Flag(help: "Take what the other branch has where the sides do not agree.")
  var theirs = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Take one side for a part of the merged timeline: --take theirs 0s..10s. Can be given "
        + "several times.", valueName: "side range"), completion: .list(["ours", "theirs"]))
  var take: [String] = []

  @Flag(help: "Make a merge commit also where the branch could just move forward.")
  var noFf = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if ours, theirs { throw ValidationError("--ours and --theirs cannot be used together") }
  }

  func run() async throws {
    var options = MergeOptions(directory: global.directory, revision: rev)
    options.decisions = try decisions()
    options.alwaysCommits = noFf
    options.author = try Identity.author()
    let result = try await VidgitKit.Merge(options).run()
    if global.json { Report.json(json(result)) } else { show(result) }
    if result.outcome == .conflict { throw ExitCode(ExitStatus.of(.conflict)) }
  }

  private func decisions() throws -> [MergeOptions.Decision] {
    guard take.count.isMultiple(of: 2) else {
      throw VidgitError(
        .usage, "--take needs a side and a range", hint: "for example --take theirs 0s..10s")
    }
    var decisions: [MergeOptions.Decision] = []
    for index in stride(from: 0, to: take.count, by: 2) {
      guard let side = TimelineMerge.Side(rawValue: take[index]) else {
        throw VidgitError(
          .usage, "--take takes 'ours' or 'theirs', not '\(take[index])'",
          hint: "for example --take theirs 0s..10s")
      }
      let range: RangeExpression = try Notation.range(take[index + 1])
      decisions.append(.init(side: side, range: range))
    }
    if ours { decisions.append(.init(side: .ours)) }
    if theirs { decisions.append(.init(side: .theirs)) }
    return decisions
  }

  private func show(_ result: MergeResult) {
    for note in result.notes { Report.note("note: \(note)") }
    let commit = result.commit.map { String($0.prefix(10)) } ?? ""
    switch result.outcome {
    case .upToDate: Report.line("Already up to date (\(commit))")
    case .fastForward: Report.line("[\(result.branch) \(commit)] moved forward")
    case .merged:
      Report.line("[\(result.branch) \(commit)] merged: \(Counted.text(result.frames, "frame"))")
    case .conflict: showConflicts(result)
    }
  }

  private func showConflicts(_ result: MergeResult) {
    for conflict in result.conflicts {
      Report.line(TerminalText.escaped(text(conflict, result.times)))
    }
    for file in result.fileConflicts { Report.line("\(TerminalText.escaped(file)): both changed") }
    let example = result.conflicts.first.map {
      "; or --take theirs \($0.frames.lowerBound)..\($0.frames.upperBound) for a part"
    }
    Report.error(
      kind: VidgitError.Kind.conflict.rawValue,
      message: "the two sides do not agree; nothing was changed",
      hint: "run it again with --ours or --theirs" + (example ?? ""), json: false)
  }

  private func text(_ conflict: TimelineMerge.Conflict, _ times: FrameTimes?) -> String {
    let frames = conflict.frames
    var text = "\(frames.lowerBound)..\(frames.upperBound)"
    if let times {
      let start = times.clock(ofFrame: frames.lowerBound)
      text += "  \(start)..\(times.clock(ofFrame: frames.upperBound))"
    }
    func names(_ filters: [String]) -> String {
      filters.isEmpty ? "source" : filters.joined(separator: " ")
    }
    switch conflict.kind {
    case .picture:
      return text + "  ours: \(names(conflict.ourFilters)); theirs: \(names(conflict.theirFilters))"
    case .duration: return text + "  both changed the durations"
    case .order:
      return text + "  ours: \(frames.count) frames here; theirs: \(conflict.theirs.count) others"
    }
  }

  private func json(_ result: MergeResult) -> JSONValue {
    [
      "outcome": .string(result.outcome.rawValue),
      "commit": result.commit.map { .string($0) } ?? .null, "branch": .string(result.branch),
      "frames": .int(Int64(result.frames)),
      "conflicts": .array(
        result.conflicts.map { conflict in
          [
            "kind": .string(conflict.kind.rawValue),
            "first": .int(Int64(conflict.frames.lowerBound)),
            "end": .int(Int64(conflict.frames.upperBound)),
            "ours": .array(conflict.ourFilters.map { .string($0) }),
            "theirs": .array(conflict.theirFilters.map { .string($0) }),
            "theirFrames": .int(Int64(conflict.theirs.count)),
          ]
        }),
      "fileConflicts": .array(result.fileConflicts.map { .string($0) }),
      "notes": .array(result.notes.map { .string($0) }),
    ]
  }
}
