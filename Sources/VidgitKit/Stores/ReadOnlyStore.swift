import VidgitModel

/// A store for reading: nothing can be put there, and nobody tells what it has.
protocol ReadOnlyStore: Store {}

extension ReadOnlyStore {
  var canList: Bool { false }
  var canWrite: Bool { false }

  func put(_ name: StoreName, _ content: StoreContent, replaces: Bool) async throws {
    throw cannot("put")
  }

  func list(_ prefix: String) async throws -> [StoreName: Int64] { throw cannot("listed") }

  func delete(_ name: StoreName) async throws { throw cannot("deleted") }

  /// The error for what is asked of it.
  private func cannot(_ what: String) -> VidgitError {
    VidgitError(
      .usage, "nothing can be \(what) in the store \(title): it is for reading",
      hint: "add a store that can be written with `vidgit store add`")
  }
}
