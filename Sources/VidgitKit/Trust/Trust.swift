import Foundation
import VidgitModel

/// Allows recipes that came with a repository to run their programs or call their services, one by
/// one.
public struct Trust {
  private let directory: String
  private let paletteFolder: String?
  private let variables: [String: String]

  /// - Parameter variables: the caller's, for finding programs.
  public init(directory: String, paletteFolder: String?, variables: [String: String]) {
    self.directory = directory
    self.paletteFolder = paletteFolder
    self.variables = variables
  }

  /// What a recipe would run or call, and with `allows` from now on may.
  ///
  /// - Parameters:
  ///   - revision: whose recipes are looked at.
  ///   - parameters: the user's, in place of a service's.
  ///   - folder: where its files are and its program runs; nil takes a recipe file's own folder,
  ///     the one that was named before, or the current one.
  /// - Throws: `VidgitError`: not found for an unknown recipe or folder, usage for one that runs no
  ///   program.
  public func summary(
    of source: RecipeSource, revision spec: String = "HEAD", parameters: [RecipeParameter] = [],
    folder: String? = nil, allows: Bool
  ) throws -> TrustSummary {
    let repository = try VideoRepository.open(at: directory)
    let revision = try repository.revision(spec)
    let found = try source.find(
      in: repository, revision, palette: repository.palette(defaultFolder: paletteFolder)
    ).with(parameters)
    if case .http(let http) = found.recipe.engine {
      let known = try repository.trust.folder(of: found.recipe) != nil
      if allows { try repository.trust.add(found.recipe, folder: "") }
      return .service(
        ServiceSummary(found.recipe, http, isTrusted: allows || known))
    }
    let (recipe, command, given) = try CommandGate(repository, revision).resolve(found)
    let known = try repository.trust.folder(of: recipe)
    var usual = given ?? known ?? "."
    if case .user(let own, _) = found.origin { usual = own }
    let place = CommandFiles.absolute(folder ?? usual)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw VidgitError(
        .notFound, "there is no folder '\(TerminalText.escaped(place))'",
        hint: "--folder names the one where the recipe's files are")
    }
    if allows { try repository.trust.add(recipe, folder: place) }
    let prepared = try? PreparedCommand(recipe, command, folder: place, variables: variables)
    let summary = CommandSummary(
      id: recipe.id, argv: command.argv, text: command.text, program: prepared?.program,
      folder: place, variables: PreparedCommand.variables(of: command),
      files: try command.files.map {
        .init(
          path: $0.path, digest: $0.digest,
          state: try CommandFiles.state(of: $0, in: place).rawValue)
      },
      transfer: command.transfer, timeout: command.timeout, isTrusted: allows || known != nil)
    return .program(summary)
  }

  /// The ids of all trusted recipes, each with the folder where its program runs; none where a
  /// service is called.
  public func list() throws -> [(id: String, folder: String)] {
    try VideoRepository.open(at: directory).trust.entries().map { ($0.id, $0.folder) }
  }

  /// Takes trust back.
  ///
  /// - Parameter name: a recipe's id, or its name where that is one recipe.
  /// - Returns: the recipe's id.
  /// - Throws: `VidgitError`: not found for a recipe that is not trusted.
  public func revoke(_ name: String) throws -> String {
    let trust = try VideoRepository.open(at: directory).trust
    let ids = try trust.entries().map(\.id).filter { $0 == name || $0.dropLast(13) == name }
    guard ids.count == 1, try trust.remove(ids[0]) else {
      throw VidgitError(
        .notFound,
        ids.isEmpty
          ? "the recipe '\(TerminalText.escaped(name))' is not trusted"
          : "there are several recipes '\(name)': \(ids.joined(separator: ", "))",
        hint: "`vidgit trust --list` names them all")
    }
    return ids[0]
  }
}
