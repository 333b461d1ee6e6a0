public import VidgitModel

extension Palette {
  /// Puts a recipe into the user's folder.
  ///
  /// - Parameters:
  ///   - source: a file, FFmpeg's notation, or a recipe of the palette to copy.
  ///   - name: the recipe's new name; nil keeps a file's own.
  ///   - description: one line; nil keeps a file's own.
  /// - Throws: `VidgitError`: usage for an unusable name, bad input or refused for a recipe that
  ///   could not be applied, conflict where the name is taken and `replaces` is not set.
  public func add(
    _ source: RecipeSource, as name: String? = nil, description: String? = nil,
    replaces: Bool = false
  ) throws -> PaletteEntry {
    guard let folder else {
      throw VidgitError(
        .usage, "there is no folder for your own recipes",
        hint: "name one with `git config --global vidgit.palette FOLDER`")
    }
    if let name, !Recipe.isName(name) {
      throw VidgitError(
        .usage, "'\(TerminalText.escaped(name))' cannot be the name of a recipe",
        hint: "a name is 1 to 40 of a-z, 0-9 and '-', not beginning with '-'")
    }
    let entry = try renamed(given(source, name), name, description)
    try check(entry.recipe, of: source)
    let target = "\(folder)/\(entry.recipe.name).json"
    if FileStatus.exists(target), !replaces {
      throw VidgitError(
        .conflict, "your palette has a recipe '\(entry.recipe.name)' already",
        hint: "give the new one another name, or replace it with --force")
    }
    try DurableFile.makeFolder(folder)
    try DurableFile.write(entry.fileBytes(), to: target)
    return entry
  }

  private func check(_ recipe: Recipe, of source: RecipeSource) throws {
    if case .motion = recipe.engine { return }
    guard case .command(let command) = recipe.engine else {
      // A service is called when the recipe is used, and checked then.
      if case .http = recipe.engine { return }
      _ = try GraphCompiler.prepare(recipe)
      return
    }
    guard case .file(let path) = source else { return }
    let files = CommandFiles.named(by: command, in: CommandFiles.folder(of: path))
    guard let file = (files + command.files.map(\.path)).first(where: { !$0.hasPrefix("/") })
    else { return }
    throw VidgitError(
      .usage,
      "the recipe '\(recipe.name)' needs the file '\(TerminalText.escaped(file))' beside it, which "
        + "the palette does not copy",
      hint: "put the recipe and its files into '\(folder ?? "")' yourself, or write whole paths")
  }

  private func given(_ source: RecipeSource, _ name: String?) throws -> PaletteEntry {
    switch source {
    case .file(let path):
      return try PaletteFile.read(path)
    case .named(let known):
      guard let entry = try entry(named: known) else { throw unknown(known) }
      guard name != nil else {
        throw VidgitError(
          .usage, "the palette has '\(known)' already",
          hint: "`vidgit palette add NAME \(known)` copies it")
      }
      return entry
    case .command:
      throw VidgitError(
        .usage, "a command goes into the palette as a recipe file",
        hint: "write one; docs/format.md says how")
    case .smooth(let radius):
      return PaletteEntry(
        description: "", recipe: try VidgitError.model(.usage) { try Recipe(smoothing: radius) })
    case .graph(let text):
      guard name != nil else {
        throw VidgitError(
          .usage, "a graph needs a name", hint: "`vidgit palette add NAME 'graph:\(text)'`")
      }
      return PaletteEntry(description: "", recipe: try RecipeNotation.recipe(text))
    }
  }

  private func renamed(
    _ entry: PaletteEntry, _ name: String?, _ description: String?
  ) throws -> PaletteEntry {
    try VidgitError.model(.usage) {
      var json = entry.recipe.json
      if let name { json["name"] = .string(name) }
      let recipe = try Recipe(json: .object(json), file: "recipe")
      let words = description ?? (entry.description.isEmpty ? nil : entry.description)
      let made = PaletteEntry(
        description: words ?? String(GraphNotation.text(of: recipe).prefix(60)), tags: entry.tags,
        recipe: recipe)
      // What is written must be what can be read again.
      return try PaletteEntry(
        json: JSONValue(parsing: made.fileBytes(), what: "recipe"), file: "recipe '\(recipe.name)'")
    }
  }
}
