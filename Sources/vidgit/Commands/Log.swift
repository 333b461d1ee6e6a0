import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the passes behind a revision, the newest first.")

  @Argument(help: "Anything that Git resolves.")
  var rev = "HEAD"

  @Option(name: .customShort("n"), help: ArgumentHelp("At most <n> commits.", valueName: "n"))
  var limit: Int?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let entries = try PassHistory(directory: global.directory, revision: rev).entries(limit: limit)
    if global.json {
      Report.json(.array(entries.map(json)))
      return
    }
    for entry in entries { show(entry) }
  }

  private func show(_ entry: PassHistory.Entry) {
    let tips = entry.branches.isEmpty ? "" : " (\(entry.branches.joined(separator: ", ")))"
    Report.line(
      TerminalText.escaped("\(entry.commit.prefix(10))\(tips) \(date(entry)) \(entry.subject)"))
    guard let pass = entry.pass else { return }
    var words: [String] = []
    if !pass.recipes.isEmpty { words.append(pass.recipes.joined(separator: " ")) }
    if let range = pass.range { words.append(range) }
    words.append("\(pass.made) made, \(pass.reused) reused")
    if let engine = pass.engine { words.append(engine) }
    Report.line(TerminalText.escaped("    " + words.joined(separator: "; ")))
  }

  private func date(_ entry: PassHistory.Entry) -> String {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [
      .withFullDate, .withTime, .withColonSeparatorInTime, .withSpaceBetweenDateAndTime,
    ]
    formatter.timeZone = TimeZone(secondsFromGMT: entry.offsetMinutes * 60)
    return formatter.string(from: Date(timeIntervalSince1970: Double(entry.time)))
  }

  private func json(_ entry: PassHistory.Entry) -> JSONValue {
    var fields: JSONObject = [
      "commit": .string(entry.commit), "subject": .string(entry.subject),
      "author": .string(entry.author), "time": .int(entry.time),
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
