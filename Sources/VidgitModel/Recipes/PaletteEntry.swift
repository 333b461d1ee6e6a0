/// A named recipe to start from, as a palette file holds it: a recipe, with a line that says what
/// it looks like.
public struct PaletteEntry: Hashable, Sendable {
  /// One line for people.
  public let description: String
  /// Words to find it by.
  public let tags: [String]
  /// The recipe, without `description` and `tags`, so that they do not change its id.
  public let recipe: Recipe

  public init(description: String, tags: [String] = [], recipe: Recipe) {
    self.description = description
    self.tags = tags
    self.recipe = recipe
  }

  /// Reads a palette file.
  public init(json: JSONValue, file: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file)
    description = try reader.required(
      "description", "one line of 1 to 255 bytes", Field.name)
    tags = try reader.list("tags", limit: 32) { (value, place) throws(ModelError) in
      guard let tag = Field.name(value) else {
        throw ModelError(file, reason: "'\(place)' must be one line of 1 to 255 bytes")
      }
      return tag
    }
    recipe = try Recipe(json: .object(reader.unknown), file: file)
  }

  /// The bytes of a palette file.
  public func fileBytes() -> [UInt8] {
    var object = recipe.json
    object["description"] = .string(description)
    object["tags"] = tags.isEmpty ? nil : .array(tags.map { .string($0) })
    let first = ["name", "description", "tags", "engine", "scope", "filters"]
    return JSONValue.object(object).ordered(first: first).pretty()
  }
}
