import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Branch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the variants with what they differ in; make or remove one.",
    usage: """
      vidgit branch [-a] [--against BRANCH]
      vidgit branch NAME [START]
      vidgit branch -d NAME
      """)

  @Argument(help: "A new variant.", completion: .branch)
  var name: String?

  @Argument(help: "Where it begins: anything that Git resolves.", completion: .revision)
  var start = "HEAD"

  @Option(
    help: ArgumentHelp(
      "Compare the variants with this one; by default main.", valueName: "branch"),
    completion: .branch)
  var against: String?

  @Flag(name: [.customShort("a"), .long], help: "Also list the branches of remotes.")
  var all = false

  @Flag(name: .customShort("d"), help: "Remove the variant; its commits must be on another one.")
  var delete = false

  @Flag(name: .customShort("D"), help: "Remove the variant, whatever it holds.")
  var forceDelete = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if delete || forceDelete, name == nil { throw ValidationError("-d needs the variant's name") }
    if all, name != nil { throw ValidationError("-a lists branches: leave out the name") }
  }

  func run() throws {
    guard let name else { return try list() }
    let change = BranchChange(directory: global.directory, author: try Identity.author())
    let isRemoval = delete || forceDelete
    let commit =
      isRemoval
      ? try change.delete(name, evenUnmerged: forceDelete) : try change.create(name, at: start)
    if global.json {
      Report.json(["branch": .string(name), "commit": .string(commit), "removed": .bool(isRemoval)])
    } else {
      let verb = isRemoval ? "Removed" : "Made"
      Report.line("\(verb) \(TerminalText.escaped(name)) (\(commit.prefix(10)))")
    }
  }

  private func list() throws {
    let variants = try Variants(directory: global.directory, against: against, hasRemotes: all)
    if global.json {
      Report.json(.array(variants.variants.map(json)))
      return
    }
    let rows = variants.variants.map { variant in
      [
        (variant.isCurrent ? "* " : "  ") + variant.name, String(variant.tip.id.prefix(10)),
        variant.problem == nil ? variant.times.lengthText : "",
        variant.problem ?? summary(variant, base: variants.base),
      ].map { TerminalText.escaped($0) }
    }
    for line in Table.lines(rows) { Report.line(line) }
    if all { return }
    let others = try RefNames(directory: global.directory).trackable
    if !others.isEmpty {
      let names = others.map { TerminalText.escaped($0) }.joined(separator: ", ")
      Report.line("also on origin: \(names); `vidgit switch NAME` takes one up")
    }
  }

  private func summary(_ variant: Variants.Variant, base: String) -> String {
    var words: [String] = []
    if let difference = variant.difference {
      let counts = TimelineDiff.Run.Kind.allCases.compactMap { kind in
        let count = difference.count(kind)
        return count == 0 ? nil : "\(count) \(kind.rawValue)"
      }
      words.append(counts.isEmpty ? "as \(base)" : counts.joined(separator: ", "))
    } else {
      words.append("\(Counted.text(variant.times.count, "frame"))")
    }
    words += variant.recipes.sorted { $0.key < $1.key }.map { "\($0.key) on \($0.value)" }
    words += variant.costs.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return words.joined(separator: "; ")
  }

  private func json(_ variant: Variants.Variant) -> JSONValue {
    var fields: JSONObject = [
      "name": .string(variant.name), "current": .bool(variant.isCurrent),
      "remote": .bool(variant.isRemote),
      "commit": .string(variant.tip.id), "subject": .string(variant.tip.subject),
      "frames": .int(Int64(variant.times.count)), "duration": .int(variant.times.length),
      "timebase": .array([.int(variant.times.timebase.num), .int(variant.times.timebase.den)]),
      "recipes": .object(
        JSONObject(
          variant.recipes.sorted { $0.key < $1.key }.map {
            .init(key: $0.key, value: .int(Int64($0.value)))
          })),
      "costs": .object(
        JSONObject(
          variant.costs.sorted { $0.key < $1.key }.map {
            .init(key: $0.key, value: .string("\($0.value)"))
          })),
    ]
    if let difference = variant.difference {
      for kind in TimelineDiff.Run.Kind.allCases {
        fields[kind.rawValue] = .int(Int64(difference.count(kind)))
      }
    }
    fields["problem"] = variant.problem.map { .string($0) }
    return .object(fields)
  }
}
