import ArgumentParser
import VidgitKit
import VidgitModel

/// What push, pull and rehost take alike.
struct TransferArguments: ParsableArguments {
  @Flag(help: "Every branch.")
  var all = false

  @Option(help: "Only this part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String?

  @Flag(inversion: .prefixedNo, help: "The source files too.")
  var media = true

  /// - Parameter words: a store's name perhaps, then revisions.
  func options(_ words: [String], store: String? = nil, directory: String) throws
    -> TransferOptions
  {
    var options = TransferOptions(directory: directory)
    var words = words[...]
    options.store = store
    if store == nil, let first = words.first,
      try VidgitKit.StoreList(directory: directory).run().stores.contains(where: {
        $0.name == first
      })
    {
      options.store = first
      words = words.dropFirst()
    }
    if all, !words.isEmpty {
      throw VidgitError(
        .usage, "--all takes every branch: leave out '\(TerminalText.escaped(words.first!))'",
        hint: "or leave out --all")
    }
    if !words.isEmpty { options.revisions = Array(words) }
    options.takesAllBranches = all
    options.range = try Notation.range(range)
    options.takesMedia = media
    return options
  }

  static func report(_ result: TransferResult, _ verb: String, json: Bool) {
    if json {
      Report.json([
        "store": result.store.map { .string($0) } ?? .null,
        "objects": .int(Int64(result.objects)), "media": .int(Int64(result.media)),
        "bytes": .int(result.bytes), "present": .int(Int64(result.present)),
      ])
      return
    }
    guard result.objects + result.media > 0 else {
      return Report.line("Nothing to do: all \(result.present) objects and media are there")
    }
    let objects = Counted.text(result.objects, "object")
    Report.line(
      "\(verb) \(objects) and \(result.media) media (\(ByteCount.text(result.bytes))); "
        + "\(result.present) were there")
  }
}
