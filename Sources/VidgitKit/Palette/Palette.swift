import FFmpeg
import Foundation
import Git2
public import VidgitModel

/// Named recipes to start from: the built-in ones, and the user's own.
///
/// The user's own are files in one folder. Git's setting `vidgit.palette` names it, for one
/// repository or for all; without it, a front end says where its users keep such things.
public struct Palette: Sendable {
  /// A recipe with where it comes from.
  public struct Item: Sendable {
    public let entry: PaletteEntry
    public let isBuiltIn: Bool

    public var name: String { entry.recipe.name }
    /// One of the recipes that one hardly notices, by its tag.
    public var isSubtle: Bool { entry.tags.contains("subtle") }
  }

  /// The user's folder, which need not exist; nil for the built-in recipes alone.
  public let folder: String?

  public init(folder: String? = nil) {
    self.folder = folder
  }

  /// The palette for work in `directory`, which need not be in a repository.
  ///
  /// - Parameter defaultFolder: the user's folder where `vidgit.palette` is not set.
  public init(in directory: String, defaultFolder: String?) throws {
    do {
      let git = try Repository(at: directory, discover: true, allowBare: true)
      let named = try git.configPath("vidgit.palette")
      folder = Self.chosen(named, within: git.workTree ?? git.gitDirectory) ?? defaultFolder
    } catch  where error.isNotFound || error.isForeignOwner {
      let named = try VidgitError.git { try Repository.userConfigPath("vidgit.palette") }
      folder = Self.chosen(named, within: directory) ?? defaultFolder
    } catch {
      throw VidgitError(error)
    }
  }

  /// The folder of the setting: a relative one lies in the work tree.
  static func chosen(_ named: String?, within base: String) -> String? {
    guard let named, !named.isEmpty else { return nil }
    return named.hasPrefix("/") ? named : "\(base)/\(named)"
  }

  /// All recipes, the subtle ones first, by name; the user's own replace built-in ones.
  ///
  /// - Returns: with the reasons why files of the user's folder are left out.
  public func items() throws -> (items: [Item], faults: [VidgitError]) {
    var items: [String: Item] = [:]
    var faults: [VidgitError] = []
    for entry in try Self.builtIn() {
      items[entry.recipe.name] = Item(entry: entry, isBuiltIn: true)
    }
    for path in ownFiles {
      do {
        let entry = try PaletteFile.read(path)
        items[entry.recipe.name] = Item(entry: entry, isBuiltIn: false)
      } catch let fault as VidgitError {
        faults.append(fault)
      }
    }
    let sorted = items.values.sorted {
      ($0.isSubtle ? 0 : 1, $0.name) < ($1.isSubtle ? 0 : 1, $1.name)
    }
    return (sorted, faults)
  }

  /// nil where there is no recipe of this name.
  ///
  /// - Throws: `VidgitError` where the user's own file of this name is at fault.
  public func entry(named name: String) throws -> PaletteEntry? {
    if let folder, Recipe.isName(name), FileStatus(path: "\(folder)/\(name).json") != nil {
      let entry = try PaletteFile.read("\(folder)/\(name).json")
      if entry.recipe.name == name { return entry }
    }
    return try items().items.first { $0.name == name }?.entry
  }

  /// The user's own file of this name; nil where it is a built-in recipe or none.
  func ownFile(named name: String) -> String? {
    guard let folder, Recipe.isName(name) else { return nil }
    return ([folder + "/\(name).json"] + ownFiles).first { path in
      FileStatus(path: path) != nil && (try? PaletteFile.read(path))?.recipe.name == name
    }
  }

  /// The error for a name that is none, with those that come close.
  public func unknown(_ name: String) -> VidgitError {
    let word = name.prefix { !"=,;[@".contains($0) }
    if FilterInfo(name: String(word)) != nil {
      let shown = TerminalText.escaped("graph:" + name)
      return VidgitError(
        .notFound, "there is no recipe '\(TerminalText.escaped(name))'",
        hint:
          "'\(word)' is a filter of FFmpeg: write '\(shown)'; `vidgit palette list` names the recipes"
      )
    }
    let known = ((try? items().items) ?? []).map(\.name)
    let close = Spelling.close(to: name, in: known)
    let hint = "`vidgit palette list` names them all; a filter of FFmpeg is written graph:NAME=…"
    return VidgitError(
      .notFound, "there is no recipe '\(TerminalText.escaped(name))'",
      hint: close.isEmpty ? hint : "did you mean \(close.joined(separator: " or "))? " + hint)
  }

  private var ownFiles: [String] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else {
      return []
    }
    return names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.sorted()
      .map { "\(folder)/\($0)" }
  }

  private static func builtIn() throws -> [PaletteEntry] {
    try BuiltInPalette.files.map { name, bytes in
      try VidgitError.model {
        try PaletteEntry(json: JSONValue(parsing: bytes, what: name), file: name)
      }
    }
  }
}

extension PaletteEntry {
  /// Whether a frame that this recipe made can be made again bit for bit, on any machine.
  ///
  /// - Throws: `VidgitError` where this version cannot run it, or may not.
  public func isExact() throws -> Bool {
    switch recipe.engine {
    case .command, .http, .motion: return false
    case .graph, .other: break
    }
    return try GraphCompiler.prepare(recipe).isExact
  }
}
