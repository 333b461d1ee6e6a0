import Foundation

/// Real footage that is not part of the project: `../shared/videos` beside the package, or the folder that
/// `VIDGIT_TEST_VIDEOS` names. Tests that want it skip where it is missing.
public enum SharedVideos {
  /// What a skipped test says.
  public static let missing =
    "no real footage: set VIDGIT_TEST_VIDEOS to a folder of videos, or put them in ../shared/videos"

  /// The folder, or nil.
  public static let folder: String? = {
    let named = ProcessInfo.processInfo.environment["VIDGIT_TEST_VIDEOS"]
    let path = named ?? "\(packageRoot)/../shared/videos"
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? URL(fileURLWithPath: path).standardized.path : nil
  }()

  /// The paths of the videos, sorted; empty where the folder is missing.
  public static let paths: [String] = {
    guard let folder else { return [] }
    let endings: Set = ["mp4", "mkv", "mov", "webm", "avi", "ts"]
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { endings.contains(($0 as NSString).pathExtension) }.sorted()
      .map { "\(folder)/\($0)" }
  }()

  /// The folder of Package.swift.
  public static let packageRoot: String = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
