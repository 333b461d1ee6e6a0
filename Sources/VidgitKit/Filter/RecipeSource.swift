import FFmpeg
import Foundation
import VidgitModel

/// Where a recipe for a pass comes from.
public enum RecipeSource: Hashable, Sendable {
  /// A name of the palette, or the name or id of a recipe that the revision holds.
  case named(String)
  /// FFmpeg's filtergraph notation, without "graph:".
  case graph(String)
  /// A recipe or palette file.
  case file(String)

  /// What the command line takes: "noir", "graph:hue=s=0", "looks/mine.json".
  public init(argument: String) {
    if argument.hasPrefix("graph:") {
      self = .graph(String(argument.dropFirst("graph:".count)))
    } else if argument.contains("/") || argument.hasSuffix(".json") {
      self = .file(argument)
    } else {
      self = .named(argument)
    }
  }

  func recipe(
    in repository: VideoRepository, _ revision: Revision, palette: Palette
  ) throws -> Recipe {
    switch self {
    case .graph(let text): return try RecipeNotation.recipe(text)
    case .file(let path): return try PaletteFile.read(path).recipe
    case .named(let name):
      if revision.recipeBlobs[name] != nil { return try repository.recipe(name, in: revision) }
      if let entry = try palette.entry(named: name) { return entry.recipe }
      let known = revision.recipeBlobs.keys.filter { $0.dropLast(13) == name }
      if known.count == 1 { return try repository.recipe(known.first!, in: revision) }
      guard known.isEmpty else {
        throw VidgitError(
          .notFound,
          "there are several recipes '\(name)' here: \(known.sorted().joined(separator: ", "))",
          hint: "name the one you mean by its whole id")
      }
      throw palette.unknown(name)
    }
  }
}

/// Reads FFmpeg's filtergraph notation.
enum RecipeNotation {
  /// A recipe named after its filters: "hue-eq".
  static func recipe(_ text: String) throws -> Recipe {
    try VidgitError.model {
      let graph = try GraphNotation.parse(
        text, optionOrder: { FilterInfo(name: $0)?.order },
        canonicalName: { FilterInfo(name: $0)?.option(named: $1)?.canonicalName })
      let scope = try GraphCompiler.scope(of: graph)
      return try Recipe(name: name(of: graph), scope: scope, graph: graph)
    }
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
