import ArgumentParser

struct Store: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Where pictures and media are kept by hash: add a place, list, remove, make room here.",
    discussion: """
      A store is a folder (file:/path), a bucket (s3://bucket/prefix), a web server \
      (https://host/base, for reading), a remote of rclone (rclone:REMOTE:PATH, dropbox:PATH, \
      gdrive:PATH), or the assets of a release (github-release:OWNER/NAME). Stores belong to this \
      clone: they stand in Git's configuration, as vidgit.store.NAME.url and its like. Keys come from \
      the environment: AWS_ACCESS_KEY_ID or AWS_PROFILE, GITHUB_TOKEN, rclone's own.
      """,
    subcommands: [StoreAdd.self, StoreList.self, StoreRemove.self, StoreFree.self])
}
