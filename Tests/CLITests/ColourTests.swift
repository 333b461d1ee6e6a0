import Foundation
import TestSupport
import Testing

/// What goes through RGB comes back in the colours that it had, and says so.
@Suite struct ColourTests {
  /// How far the colours of two videos are apart as a player shows them, each by its own tags: the
  /// smallest PSNR of the three channels, in decibels.
  private func likeness(_ one: String, _ other: String) throws -> Double {
    let said = try Tool.ffmpeg.succeed([
      "-hide_banner", "-nostdin", "-i", one, "-i", other, "-lavfi",
      "[0:v]format=gbrp,setpts=N[a];[1:v]format=gbrp,setpts=N[b];[a][b]psnr", "-f", "null", "-",
    ])
    let match = try #require(
      said.errors.firstMatch(of: #/PSNR r:(\S+) g:(\S+) b:(\S+)/#), Comment(rawValue: said.errors))
    return [match.1, match.2, match.3].map { Double($0) ?? .infinity }.min()!
  }

  private func tags(_ path: String) throws -> [String] {
    try ["color_space", "color_primaries", "color_transfer", "pix_fmt"].map {
      try Media(path).stream("v:0", $0)
    }
  }

  @Test func aProgramThatChangesNothingChangesNoColour() throws {
    let repository = try Workspace().split(.bt709)
    try repository.succeed("filter", "command:cp $INPUT $OUTPUT", "--range", "0.5s..", "-b", "same")
    let made = repository.workspace.file("same.mp4")
    try repository.succeed("render", "-o", made, "--crf", "1")
    #expect(try tags(made) == ["bt709", "bt709", "bt709", "yuv420p"])
    #expect(try likeness(made, Clip.bt709.path()) > 38)
    // The whole of it, too, and as the video that players take.
    _ = try repository.git("switch", "-q", "main")
    try repository.succeed("filter", "command:cp $INPUT $OUTPUT", "-b", "all")
    try repository.succeed("render", "-o", made, "--crf", "1")
    #expect(try tags(made) == ["bt709", "bt709", "bt709", "yuv420p"])
    #expect(try likeness(made, Clip.bt709.path()) > 38)
  }

  @Test func aGraphThroughRGBKeepsItsMatrix() throws {
    let repository = try Workspace().split(.bt709)
    let graph = "format=pix_fmts=gbrp,negate,negate,format=pix_fmts=yuv420p"
    try repository.succeed("filter", "graph:\(graph)", "--range", "0.5s..", "-b", "through")
    let made = repository.workspace.file("through.mov")
    try repository.succeed("render", "-o", made, "--lossless")
    #expect(try tags(made).first == "bt709")
    #expect(try likeness(made, Clip.bt709.path()) > 38)
    // The ffmpeg program makes the same pixels where it is told the matrix for the scalers it inserts.
    let hashes = try repository.frameHash("through").hashes
    let theirs = try FrameHash.ofFFmpeg(
      Clip.bt709.path(),
      graph: "sws_flags=\(FrameHash.exactScaler):out_color_matrix=bt709;\(graph)")
    #expect(hashes.suffix(10) == theirs.hashes.suffix(10))
    let source = try FrameHash.ofFFmpeg(Clip.bt709.path())
    #expect(hashes.prefix(10) == source.hashes.prefix(10))
  }

  /// Recipes of the palette that work in RGB: what was made is what the file says.
  @Test(arguments: ["teal-orange", "sunset", "noir"])
  func everyRecipeSaysWhatItMade(_ recipe: String) throws {
    let repository = try Workspace().split(.bt709)
    try repository.succeed("filter", recipe, "-b", "made")
    let made = repository.workspace.file("made.mp4")
    try repository.succeed("render", "-o", made, "--crf", "1")
    #expect(try tags(made).first == "bt709")
    try repository.succeed("export", "images", "-o", "../pictures")
    #expect(try likeness(made, repository.workspace.file("pictures/frame-%06d.png")) > 36)
  }

  /// What says nothing of its matrix is left at that, and comes back as it was.
  @Test func whatSaysNothingSaysNothing() throws {
    let repository = try Workspace().split(.untagged)
    try repository.succeed("filter", "command:cp $INPUT $OUTPUT", "-b", "same")
    let made = repository.workspace.file("same.mp4")
    try repository.succeed("render", "-o", made, "--crf", "1")
    #expect(try tags(made) == ["unknown", "unknown", "unknown", "yuv420p"])
    #expect(try likeness(made, Clip.untagged.path()) > 38)
  }
}
