import ArgumentParser
import VidgitKit
import VidgitModel

struct Cost: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what passes have cost, by recipe and branch.",
    discussion: """
      Reads the commits of all branches, or those behind one revision. What this clone paid for \
      passes that did not come to their end stands apart: their results are kept, and the pass that \
      uses them tells of the costs.
      """)

  @Argument(
    help: "The revision whose history is read; all branches without it.", completion: .revision)
  var rev: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let report = try CostReport(directory: global.directory, revision: rev)
    if global.json { return Report.json(Self.json(report)) }
    guard !report.recipes.isEmpty || !report.uncommitted.isEmpty || !report.unpriced.isEmpty else {
      return Report.line("Nothing was paid for")
    }
    var rows: [[String]] = []
    for (title, items) in [
      ("recipe", report.recipes), ("branch", report.branches),
      ("in no commit", report.uncommitted),
    ] {
      rows += items.map { item in
        [
          title, TerminalText.escaped(item.name ?? "not said"), item.amount.description,
          Counted.text(item.calls, "call"),
        ]
      }
    }
    rows += report.unpriced.map {
      ["no price", TerminalText.escaped($0.recipe), "not said", Counted.text($0.calls, "call")]
    }
    for money in report.total {
      rows.append([report.uncommitted.isEmpty ? "total" : "in commits", "", money.description, ""])
    }
    for line in Table.lines(rows) { Report.line(line) }
  }

  private static func json(_ report: CostReport) -> JSONValue {
    func items(_ items: [CostReport.Item]) -> JSONValue {
      .array(
        items.map { item in
          [
            "name": item.name.map { .string($0) } ?? .null, "amount": .string(item.amount.amount),
            "currency": .string(item.amount.currency), "calls": .int(Int64(item.calls)),
          ]
        })
    }
    return [
      "recipes": items(report.recipes), "branches": items(report.branches),
      "uncommitted": items(report.uncommitted),
      "unpriced": .array(
        report.unpriced.map { ["name": .string($0.recipe), "calls": .int(Int64($0.calls))] }),
      "total": .array(report.total.map { .string($0.description) }),
    ]
  }
}
