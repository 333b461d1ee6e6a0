import ArgumentParser
import VidgitKit
import VidgitModel

struct Gc: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove stored pixels and media copies that no revision needs.",
    discussion: """
      Kept is all that any branch, tag, remote, stash or note leads to, the reflogs within \
      gc.reflogExpire (90 days by default), the index, every work tree, and a merge or rebase in \
      progress. Frames that exact filters make are not stored, so there is nothing to remove of \
      them. Git's own objects are left alone: `git gc` does that.
      """)

  @Option(
    help: ArgumentHelp(
      "Only what is older: now, 3.days.ago, 2.weeks.ago, never.", valueName: "age"),
    completion: .list(["now", "3.days.ago", "2.weeks.ago", "never"]))
  var prune = "2.weeks.ago"

  @Flag(name: [.customShort("n"), .long], help: "Say what would go, and remove nothing.")
  var dryRun = false

  @Flag(help: "Leave copies of media alone.")
  var keepMedia = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    guard let age = Age(prune) else {
      throw VidgitError(
        .usage, "--prune takes an age, not '\(TerminalText.escaped(prune))'",
        hint: "for example now, 3.days.ago, 2.weeks.ago or never")
    }
    var options = GcOptions(directory: global.directory)
    options.prune = age
    options.isDryRun = dryRun
    options.keepsMedia = keepMedia
    let result = try await VidgitKit.Gc(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    if global.json { Report.json(json(result)) } else { say(result) }
  }

  private func say(_ result: GcResult) {
    if result.isDryRun {
      for item in result.items {
        let name = item.digest ?? item.path
        Report.line(TerminalText.escaped("would remove \(item.sort) \(name), \(item.bytes) bytes"))
      }
    }
    var parts = [
      "\(Counted.text(result.objects.count, "object")) (\(ByteCount.text(result.objects.bytes)))",
      "\(Counted.text(result.media.count, "medium", "media")) (\(ByteCount.text(result.media.bytes)))",
      "\(Counted.text(result.results, "cached result"))",
    ]
    if result.leftovers.count > 0 {
      parts.append(
        "\(Counted.text(result.leftovers.count, "leftover")) (\(ByteCount.text(result.leftovers.bytes)))"
      )
    }
    Report.line((result.isDryRun ? "Would remove " : "Removed ") + parts.joined(separator: ", "))
    var kept =
      "Kept \(Counted.text(result.kept.count, "file")) (\(ByteCount.text(result.kept.bytes)))"
    if result.young.count > 0 {
      kept += ", \(result.young.count) of them because they are young: see --prune"
    }
    Report.line(kept)
  }

  private func json(_ result: GcResult) -> JSONValue {
    func total(_ total: GcResult.Total) -> JSONValue {
      ["count": .int(Int64(total.count)), "bytes": .int(total.bytes)]
    }
    return [
      "dryRun": .bool(result.isDryRun), "objects": total(result.objects),
      "media": total(result.media), "leftovers": total(result.leftovers),
      "results": .int(Int64(result.results)), "kept": total(result.kept),
      "young": total(result.young), "commits": .int(Int64(result.commits)),
      "items": .array(
        result.items.map { item in
          [
            "sort": .string(item.sort), "digest": item.digest.map { .string($0) } ?? .null,
            "bytes": .int(item.bytes),
          ]
        }),
    ]
  }
}
