import FFmpeg
import Foundation
import VidgitModel

/// Where a recipe for a pass comes from.
public enum RecipeSource: Hashable, Sendable {
  /// A name of the palette, or the name or id of a recipe that the revision holds.
  case named(String)
  /// FFmpeg's filtergraph notation, without "graph:".
  case graph(String)
  /// A program and its arguments in one text, without "command:": words are parted by spaces, and
  /// nothing is quoted.
  case command(String)
  /// A recipe or palette file.
  case file(String)
  /// Blends each frame with so many neighbours on each side, along the motion of the source; it
  /// comes last.
  case smooth(Int)

  /// What the command line takes: "noir", "graph:hue=s=0", "command:sketch $INPUT $OUTPUT",
  /// "looks/mine.json".
  public init(argument: String) {
    if argument.hasPrefix("graph:") {
      self = .graph(String(argument.dropFirst("graph:".count)))
    } else if argument.hasPrefix("command:") {
      self = .command(String(argument.dropFirst("command:".count)))
    } else if argument.contains("/") || argument.hasSuffix(".json") {
      self = .file(argument)
    } else {
      self = .named(argument)
    }
  }

  /// A recipe, and whose word it is.
  struct Found {
    enum Origin {
      /// The user gave it: a file or words of their own.
      case user(folder: String, file: String?)
      /// It came with the repository, or was trusted before.
      case repository
    }

    let recipe: Recipe
    let origin: Origin
  }

  func find(
    in repository: VideoRepository, _ revision: Revision, palette: Palette
  ) throws -> Found {
    switch self {
    case .graph(let text):
      return Found(
        recipe: try RecipeNotation.recipe(text), origin: .user(folder: ".", file: nil))
    case .command(let text):
      return Found(
        recipe: try CommandNotation.recipe(text), origin: .user(folder: ".", file: nil))
    case .smooth(let radius):
      return Found(
        recipe: try VidgitError.model(.usage) { try Recipe(smoothing: radius) },
        origin: .user(folder: ".", file: nil))
    case .file(let path):
      return Found(
        recipe: try PaletteFile.read(path).recipe,
        origin: .user(folder: CommandFiles.folder(of: path), file: path))
    case .named(let name):
      return try find(name, in: repository, revision, palette)
    }
  }

  private func find(
    _ name: String, in repository: VideoRepository, _ revision: Revision, _ palette: Palette
  ) throws -> Found {
    func held(_ id: String) throws -> Found {
      Found(recipe: try repository.recipe(id, in: revision), origin: .repository)
    }
    if revision.recipeBlobs[name] != nil { return try held(name) }
    if let entry = try palette.entry(named: name) {
      let file = palette.ownFile(named: name)
      let folder = file.map { CommandFiles.folder(of: $0) } ?? "."
      return Found(recipe: entry.recipe, origin: .user(folder: folder, file: file))
    }
    let known = revision.recipeBlobs.keys.filter { $0.dropLast(13) == name }
    if known.count == 1 { return try held(known.first!) }
    let trusted = try known.isEmpty ? repository.trust.recipes(named: name) : []
    if trusted.count == 1 { return Found(recipe: trusted[0], origin: .repository) }
    let ids = known.sorted() + trusted.map(\.id)
    guard ids.isEmpty else {
      throw VidgitError(
        .notFound, "there are several recipes '\(name)' here: \(ids.joined(separator: ", "))",
        hint: "name the one you mean by its whole id")
    }
    throw palette.unknown(name)
  }
}

/// Reads "sketch $INPUT $OUTPUT" as a recipe of the engine "command".
enum CommandNotation {
  static func recipe(_ text: String) throws -> Recipe {
    let words = text.split(separator: " ").map(String.init)
    guard let program = words.first else {
      throw VidgitError(
        .usage, "a command needs a program", hint: "'command:python3 sketch.py $INPUT $OUTPUT'")
    }
    if let sign = text.first(where: { "'\"\\|<>;&`*".contains($0) }) {
      throw VidgitError(
        .usage, "'command:' takes words parted by spaces, and no \(sign): there is no shell",
        hint:
          "a recipe file takes any words: {\"argv\": [\"sketch\", \"$INPUT\", \"$OUTPUT\"], ...}")
    }
    let last = program.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let name = last.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let trimmed = String(String(name).drop { $0 == "-" }.prefix(40))
    let json: JSONObject = [
      "name": .string(trimmed.isEmpty ? "command" : trimmed), "engine": "command",
      "scope": "frame", "argv": .array(words.map { .string($0) }),
    ]
    return try VidgitError.model(.usage) {
      try Recipe(json: .object(json), file: "the command '\(TerminalText.escaped(text))'")
    }
  }
}

/// Reads FFmpeg's filtergraph notation.
enum RecipeNotation {
  /// A recipe named after its filters: "hue-eq".
  static func recipe(_ text: String) throws -> Recipe {
    var unknown: String?
    let graph: VidgitModel.FilterGraph
    do {
      graph = try GraphNotation.parse(
        text,
        optionOrder: { name in
          let info = FilterInfo(name: name)
          if info == nil { unknown = name }
          return info?.order
        },
        canonicalName: { FilterInfo(name: $0)?.option(named: $1)?.canonicalName })
    } catch {
      var told = error
      told.hint = told.hint ?? hint(unknown: unknown)
      throw VidgitError(told)
    }
    return try VidgitError.model {
      let scope = try GraphCompiler.scope(of: graph)
      return try Recipe(name: name(of: graph), scope: scope, graph: graph)
    }
  }

  /// What helps against a notation that does not parse.
  ///
  /// - Parameter unknown: the name that stands for a filter and is none.
  private static func hint(unknown: String?) -> String {
    guard let unknown else {
      return
        "it is FFmpeg's notation: graph:hue=s=0,eq=contrast=1.4; `ffmpeg -h filter=NAME` tells "
        + "what a filter takes"
    }
    let close = Spelling.close(
      to: unknown, in: FilterInfo.all.filter { FilterPolicy.named($0) != nil })
    let list = "`ffmpeg -filters` lists what there is"
    return close.isEmpty ? list : "did you mean \(close.joined(separator: " or "))? " + list
  }

  private static func name(of graph: VidgitModel.FilterGraph) -> String {
    var parts: [String] = []
    for filter in graph.nodes.map(\.filter) where filter != "format" && filter != "split" {
      let part = filter.lowercased().replacing("_", with: "-")
      if parts.last != part { parts.append(part) }
    }
    let name = parts.joined(separator: "-").prefix(40)
    return name.isEmpty ? "graph" : String(name).trimmingSuffix("-")
  }
}
