import ArgumentParser
import VidgitKit
import VidgitModel

struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the passes behind a revision, or behind one frame, the newest first.")

  @Argument(
    help: "Anything that Git resolves; A..B for what is behind B and not behind A.",
    completion: .revision)
  var rev = "HEAD"

  @Option(name: .customShort("n"), help: ArgumentHelp("At most <n> commits.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Only what happened to this frame, counted from 0.", valueName: "n"))
  var frame: Int?

  @Flag(help: "One line a commit.")
  var oneline = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if frame != nil, RevisionSpan(rev) != nil {
      throw ValidationError("--frame follows one revision back: name one, not '\(rev)'")
    }
    if let limit, limit < 0 { throw ValidationError("-n takes a number from 0") }
  }

  func run() throws {
    if let frame { return try show(frame: frame) }
    let entries = try PassHistory(directory: global.directory, revision: rev).entries(limit: limit)
    if global.json {
      Report.json(.array(entries.map(json)))
      return
    }
    for entry in entries { show(entry) }
  }

  private func show(_ entry: PassHistory.Entry) {
    let tips = entry.branches.isEmpty ? "" : " (\(entry.branches.joined(separator: ", ")))"
    if oneline {
      return Report.line(
        TerminalText.escaped("\(entry.commit.id.prefix(10))\(tips) \(entry.commit.subject)"))
    }
    Report.line(
      TerminalText.escaped(
        "\(entry.commit.id.prefix(10))\(tips) \(Clock.date(entry.commit)) \(entry.commit.subject)"))
    guard let pass = entry.pass else { return }
    var words: [String] = []
    if !pass.recipes.isEmpty { words.append(pass.recipes.joined(separator: " ")) }
    if let range = pass.range { words.append(range) }
    if pass.made > 0 || pass.reused > 0 {
      words.append("\(pass.made) made, \(pass.reused) reused")
    }
    if let engine = pass.engine { words.append(engine) }
    if words.isEmpty { return }
    Report.line(TerminalText.escaped("    " + words.joined(separator: "; ")))
  }

  private func show(frame: Int) throws {
    let history = try FrameHistory(directory: global.directory, revision: rev, frame: frame)
    if global.json {
      Report.json(.array(history.entries.prefix(limit ?? .max).map(json)))
      return
    }
    for entry in history.entries.prefix(limit ?? .max) {
      if oneline {
        Report.line(
          TerminalText.escaped("\(entry.commit.id.prefix(10)) \(entry.commit.subject)"))
        continue
      }
      let recipes = entry.line.filters.joined(separator: " ")
      Report.line(
        TerminalText.escaped(
          "\(entry.commit.id.prefix(10)) \(Clock.date(entry.commit)) \(entry.commit.subject)"))
      Report.line(
        "    frame \(entry.frame) \(entry.event.rawValue); \(recipes.isEmpty ? "source" : recipes); "
          + entry.line.hash.text)
    }
  }

  private func json(_ entry: FrameHistory.Entry) -> JSONValue {
    [
      "commit": .string(entry.commit.id), "subject": .string(entry.commit.subject),
      "author": .string(entry.commit.author), "time": .int(entry.commit.time),
      "event": .string(entry.event.rawValue), "frame": .int(Int64(entry.frame)),
      "hash": .string(entry.line.hash.text),
      "filters": .array(entry.line.filters.map { .string($0) }),
    ]
  }

  private func json(_ entry: PassHistory.Entry) -> JSONValue {
    var fields: JSONObject = [
      "commit": .string(entry.commit.id), "subject": .string(entry.commit.subject),
      "author": .string(entry.commit.author), "time": .int(entry.commit.time),
      "branches": .array(entry.branches.map { .string($0) }),
    ]
    guard let pass = entry.pass else { return .object(fields) }
    fields["pass"] = .string(pass.pass)
    fields["recipes"] = .array(pass.recipes.map { .string($0) })
    fields["range"] = pass.range.map { .string($0) }
    fields["made"] = .int(Int64(pass.made))
    fields["reused"] = .int(Int64(pass.reused))
    fields["engine"] = pass.engine.map { .string($0) }
    return .object(fields)
  }
}
