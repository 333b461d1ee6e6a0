import Foundation
import Git2
import VidgitModel

/// A video's Git repository with a work tree, and what this clone keeps beside it.
///
/// Not `Sendable`: libgit2 wants one handle a thread. Every operation opens its own.
public final class VideoRepository {
  let git: Repository
  let local: LocalFolder
  let database: LocalDatabase
  let objects: ObjectStore
  let media: MediaLibrary

  /// The work tree, without a trailing slash.
  public var path: String { git.workTree ?? git.gitDirectory }

  /// Opens the repository that `path` lies in, and finishes what a crash has left half done.
  ///
  /// - Throws: `VidgitError`: not found where there is no repository.
  public static func open(at path: String, recovering: Bool = true) throws -> VideoRepository {
    let repository = try VideoRepository(git: git(at: path))
    if recovering { try repository.recover() }
    return repository
  }

  init(git: consuming Repository) throws {
    local = try LocalFolder(
      gitDirectory: git.gitDirectory, commonDirectory: git.commonDirectory)
    self.git = git
    database = try LocalDatabase(path: local.database)
    objects = ObjectStore(folder: local.objects, use: local.use)
    media = MediaLibrary(database: database, folder: local.media, use: local.use)
  }

  private static func git(at path: String) throws -> Repository {
    do {
      return try Repository(at: path, discover: true)
    } catch  where error.isNotFound {
      throw VidgitError(
        .notFound, "'\(path)' is not in a repository",
        hint: "change to the folder that `vidgit split` made, or name it with -C", underlying: error
      )
    } catch {
      throw VidgitError(error)
    }
  }

  /// What the user allows to run.
  var trust: TrustStore { TrustStore(database: database) }

  /// A cache of results for one operation.
  func resultCache() -> ResultCache { ResultCache(database, path: local.database) }

  /// The signature for new commits.
  ///
  /// - Throws: `VidgitError` where neither the caller nor the configuration names anybody.
  func signature(_ given: Author?) throws -> Signature {
    try VideoRepository.signature(given, configured: VidgitError.git { try git.defaultSignature() })
  }

  static func signature(_ given: Author?, configured: Signature?) throws -> Signature {
    let name = given?.name ?? configured?.name
    let email = given?.email ?? configured?.email
    guard let name, let email, !name.isEmpty else {
      throw VidgitError(
        .usage, "commits need a name and an e-mail address, and none is set",
        hint: "git config --global user.name \"Your Name\"; "
          + "git config --global user.email you@example.com")
    }
    let now = Int64(Date().timeIntervalSince1970)
    return Signature(
      name: name, email: email, time: given?.time ?? now,
      offsetMinutes: Int32(given?.offsetMinutes ?? TimeZone.current.secondsFromGMT() / 60))
  }
}

/// Who makes a commit, as far as the caller wants to say; the rest comes from Git's configuration.
public struct Author: Sendable {
  public var name: String?
  public var email: String?
  /// Seconds since 1970, and minutes east of UTC.
  public var time: Int64?
  public var offsetMinutes: Int?

  public init(
    name: String? = nil, email: String? = nil, time: Int64? = nil, offsetMinutes: Int? = nil
  ) {
    self.name = name
    self.email = email
    self.time = time
    self.offsetMinutes = offsetMinutes
  }
}

extension VideoRepository {
  /// The palette: built-in recipes, and the user's own from the folder that `vidgit.palette` names.
  ///
  /// - Parameter defaultFolder: the folder where there is no such setting.
  func palette(defaultFolder: String?) throws -> Palette {
    let named = try VidgitError.git { try git.configPath("vidgit.palette") }
    return Palette(folder: Palette.chosen(named, within: path) ?? defaultFolder)
  }
}
