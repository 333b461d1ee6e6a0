import VidgitKit

/// What `vidgit --version` prints: the libraries decide what is exact, so they are named.
enum Version {
  static let number = "0.1.0"

  static var text: String {
    "vidgit \(number)\n" + Libraries.versions.joined(separator: "\n")
  }
}
