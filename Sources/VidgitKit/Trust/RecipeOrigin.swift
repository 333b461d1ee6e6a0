import Git2
import VidgitModel

extension RecipeSource.Found {
  /// Whether a recipe is the user's own word; else it came with the repository. A recipe file that
  /// the revision holds came along, whoever names it.
  func isUsersOwn(in repository: VideoRepository, _ revision: Revision) throws -> Bool {
    guard case .user(_, let file) = origin else { return false }
    guard let file else { return true }
    let path = CommandFiles.absolute(file)
    let tree = CommandFiles.absolute(repository.path) + "/"
    guard path.hasPrefix(tree) else { return true }
    let name = String(path.dropFirst(tree.count))
    return try VidgitError.git { try repository.git.entry(at: name, in: revision.tree) } == nil
  }

  /// What to call the recipe on the command line.
  func name(of recipe: Recipe) -> String {
    if case .user(_, let file?) = origin { return TerminalText.escaped(file) }
    return recipe.id
  }

  /// The same with parameters of the user's in place of the recipe's.
  func with(_ parameters: [RecipeParameter]) throws -> RecipeSource.Found {
    guard case .http(let http) = recipe.engine else { return self }
    let known = parameters.filter { http.parameters[$0.name] != nil }
    guard !known.isEmpty else { return self }
    var json = recipe.json
    var values = json["params"]?.object ?? [:]
    for parameter in known {
      values[parameter.name] = parameter.value(like: values[parameter.name]!)
    }
    json["params"] = .object(values)
    let made = try VidgitError.model(.usage) { [json] in
      try Recipe(json: .object(json), file: "the recipe '\(recipe.name)'")
    }
    return RecipeSource.Found(recipe: made, origin: origin)
  }
}

/// A value of the user's for a parameter of a recipe: another recipe comes of it.
public struct RecipeParameter: Hashable, Sendable {
  public let name: String
  public let text: String

  /// Reads "name=value"; nil where there is no name.
  public init?(_ text: String) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    let name = String(text[..<equals])
    guard HTTPRecipe.isParameter(name) else { return nil }
    self.name = name
    self.text = String(text[equals...].dropFirst())
  }

  /// The value in the kind of the one that it replaces, where it can be read so.
  func value(like old: JSONValue) -> JSONValue {
    switch old {
    case .int, .double:
      Int64(text).map { .int($0) } ?? Double(text).flatMap { $0.isFinite ? .double($0) : nil }
        ?? .string(text)
    case .bool: ["true": .bool(true), "false": .bool(false)][text] ?? .string(text)
    default: .string(text)
    }
  }
}
