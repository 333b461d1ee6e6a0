import ArgumentParser
import VidgitKit

struct Palette: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recipes to start from: list, show, preview, add.",
    discussion: """
      Your own recipes lie in the folder that the Git setting vidgit.palette names, by default \
      $XDG_CONFIG_HOME/vidgit/palette or ~/.config/vidgit/palette.
      """,
    subcommands: [
      PaletteList.self, PaletteShow.self, PalettePreview.self, PaletteAdd.self,
    ])
}

extension GlobalOptions {
  /// The palette for work in this folder.
  func palette() throws -> VidgitKit.Palette {
    try VidgitKit.Palette(in: directory, defaultFolder: UserFolders.palette)
  }
}
