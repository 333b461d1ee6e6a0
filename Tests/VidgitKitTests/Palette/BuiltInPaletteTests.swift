import FFmpeg
import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

@Suite struct BuiltInPaletteTests {
  static let names = BuiltInPalette.files.map { String($0.name.dropLast(5)) }
  static let formats = ["yuv420p", "yuvj420p", "yuv420p10le", "gbrp"]
  static let sizes = [(64, 48), (67, 51)]

  /// A file that nobody listed would be a recipe that nobody can use.
  @Test func listsEveryFile() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/VidgitKit/Palette/Recipes").standardizedFileURL.path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Set(BuiltInPalette.files.map(\.name)) == Set(files))
    #expect(BuiltInPalette.files.count == files.count)
    for (name, bytes) in BuiltInPalette.files {
      #expect(FileManager.default.contents(atPath: "\(folder)/\(name)") == Data(bytes), "\(name)")
    }
  }

  @Test func saysWhatEachOneIs() throws {
    let (items, faults) = try Palette().items()
    #expect(faults.isEmpty)
    #expect(items.count == Self.names.count && items.count >= 30)
    for item in items {
      let tags = Set(item.entry.tags)
      #expect(tags.contains("subtle") != tags.contains("loud"), "\(item.name)")
      #expect(!item.entry.description.isEmpty && item.entry.description.count < 120, "\(item.name)")
      #expect(Self.names.contains(item.name), "the file is not named after \(item.name)")
    }
    let loud = try #require(items.firstIndex { !$0.isSubtle })
    #expect(loud > 5 && items[loud...].allSatisfy { !$0.isSubtle }, "the subtle ones come first")
    #expect(items[..<loud].map(\.name) == items[..<loud].map(\.name).sorted())
  }

  @Test(arguments: names) func givesOneFrameOfTheSameSize(_ name: String) throws {
    let entry = try #require(try Palette().entry(named: name))
    let prepared = try GraphCompiler.prepare(entry.recipe)
    for format in Self.formats {
      for (width, height) in Self.sizes {
        let inputs = try (0..<4).map { try Self.picture(width, height, format, shift: $0 * 9) }
        let output: [Frame]
        if prepared.isSequence {
          let runner = try SequenceRunner([prepared], first: inputs[0], timebase: Ratio(1, 25))
          output =
            try inputs.enumerated().flatMap {
              try runner.push($0.element, at: Int64($0.offset), duration: 1)
            } + runner.finish()
          #expect(output.count == 4, "\(format)")
        } else {
          output = [try FrameRecipeRunner(prepared).apply(to: inputs[3])]
        }
        for frame in output {
          #expect(frame.width == width && frame.height == height, "\(format) \(width)x\(height)")
        }
        #expect(output.last?.digest != inputs[3].digest, "\(format): changes nothing")
      }
    }
  }

  /// A picture with slopes in every colour, in any format.
  private static func picture(
    _ width: Int, _ height: Int, _ format: String, shift: Int
  ) throws -> Frame {
    var bytes: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        bytes += [
          UInt8((x + shift) % width * 255 / width), UInt8(y * 255 / height),
          UInt8((x * 7 + y * 13) & 255),
        ]
      }
    }
    let picture = try bytes.withUnsafeBytes {
      try Frame(
        width: width, height: height, pixelFormat: #require(PixelFormat(name: "rgb24")), bytes: $0)
    }
    var scaler = Scaler()
    return try scaler.convert(picture, to: #require(PixelFormat(name: format)))
  }
}
