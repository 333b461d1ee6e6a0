import VidgitKit
import VidgitModel

/// Says what a pass would cost.
enum QuoteReport {
  static func show(_ quote: QuoteResult, json: Bool) {
    if json { return Report.json(self.json(quote)) }
    Report.line("\(Counted.text(quote.frames, "frame")), \(quote.known) known already")
    BorrowedReport.show(quote.borrowed)
    for item in quote.recipes {
      var text = "\(item.recipe): \(item.frames) to make"
      let most = item.isUpperBound ? "at most " : ""
      if let calls = item.calls { text += ", \(most)\(Counted.text(calls, "call"))" }
      if item.waiting > 0 { text += ", \(item.waiting) under way since an earlier run" }
      if let estimate = item.estimate {
        text += ", " + most + (item.isEstimate ? "about " : "") + estimate.description
      } else if item.calls != nil {
        text += ", at a price that the recipe does not tell"
      }
      Report.line(text)
    }
  }

  private static func json(_ quote: QuoteResult) -> JSONValue {
    [
      "frames": .int(Int64(quote.frames)), "known": .int(Int64(quote.known)),
      "borrowed": BorrowedReport.json(quote.borrowed),
      "recipes": .array(
        quote.recipes.map { item in
          [
            "recipe": .string(item.recipe), "engine": .string(item.engine),
            "frames": .int(Int64(item.frames)), "pictures": .int(Int64(item.pictures)),
            "calls": item.calls.map { .int(Int64($0)) } ?? .null,
            "waiting": .int(Int64(item.waiting)),
            "amount": item.estimate.map { .string($0.amount) } ?? .null,
            "currency": item.estimate.map { .string($0.currency) } ?? .null,
            "isEstimate": .bool(item.isEstimate), "isUpperBound": .bool(item.isUpperBound),
          ]
        }),
    ]
  }
}
