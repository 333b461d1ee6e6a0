/// What Git's settings `url.BASE.insteadOf` and `url.BASE.pushInsteadOf` make of an address
/// (git-config).
struct AddressRewrites: Sendable {
  private var all: [(base: String, prefix: String)] = []
  private var pushes: [(base: String, prefix: String)] = []

  static let pattern = #"^url\..*\.(push)?insteadof$"#

  /// - Parameter values: the settings that `pattern` matches.
  init(_ values: [(key: String, value: String)]) {
    for (key, prefix) in values {
      let name = key.dropFirst("url.".count)
      if name.hasSuffix(".pushinsteadof") {
        pushes.append((String(name.dropLast(".pushinsteadof".count)), prefix))
      } else if name.hasSuffix(".insteadof") {
        all.append((String(name.dropLast(".insteadof".count)), prefix))
      }
    }
  }

  /// - Parameter pushing: whether the address is one to push to.
  func applied(to url: String, pushing: Bool) -> String {
    if pushing, let changed = Self.changed(url, pushes) { return changed }
    return Self.changed(url, all) ?? url
  }

  /// The longest match counts.
  private static func changed(
    _ url: String, _ rewrites: [(base: String, prefix: String)]
  ) -> String? {
    let fits = rewrites.filter { !$0.prefix.isEmpty && url.hasPrefix($0.prefix) }
    return fits.max { $0.prefix.utf8.count < $1.prefix.utf8.count }.map {
      $0.base + url.dropFirst($0.prefix.count)
    }
  }
}
