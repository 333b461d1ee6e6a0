import Foundation
import TestSupport
import Testing

/// The example that runs an ONNX network, with tiny networks that are made here.
@Suite struct OnnxTests {
  /// A quarter of the pixel to the right of each one, and 32: it shows where a picture was put and cut.
  private static let script = """
    import sys, numpy
    from onnx import TensorProto, checker, helper, numpy_helper, save
    path, height, width, white, times = sys.argv[1], *map(int, sys.argv[2:6])
    kernel = numpy.zeros((3, 3, 3, 3), numpy.float32)
    for channel in range(3):
        kernel[channel, channel, 1, 2] = 0.25
    bias = numpy.full(3, 32 / 255 * white, numpy.float32)
    nodes = [helper.make_node("Conv", ["in", "kernel", "bias"], ["seen"], pads=[1, 1, 1, 1]),
             helper.make_node("Resize", ["seen", "", "scales"], ["out"], mode="nearest",
                              coordinate_transformation_mode="asymmetric", nearest_mode="floor")]
    sides = [height or "height", width or "width"]
    graph = helper.make_graph(nodes, "tiny",
        [helper.make_tensor_value_info("in", TensorProto.FLOAT, [1, 3, *sides])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 3, None, None])],
        [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(bias, "bias"),
         numpy_helper.from_array(numpy.array([1, 1, times, times], numpy.float32), "scales")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    save(model, path)
    """

  /// The folder of a Python that has what is needed; `make test-deps` installs it.
  private static func python() throws -> Tool {
    let own = SharedVideos.packageRoot + "/.build/venv/bin/python3"
    let tools = [Tool(name: "python3", path: own)] + [Tool.find("python3")].compactMap { $0 }
    for tool in tools where FileManager.default.isExecutableFile(atPath: tool.path) {
      if try tool.run(["-c", "import onnx, onnxruntime, numpy, PIL"]).status == 0 { return tool }
    }
    try skip("no onnx, onnxruntime, numpy and pillow for Python: `make test-deps` installs them")
  }

  /// Runs the example on a model of these sides (0 for any) and expects exactly its arithmetic.
  private func check(
    height: Int, width: Int, white: Int, times: Int = 1
  ) throws {
    let python = try Self.python()
    let repository = try Workspace().split(.short)
    let folder = repository.workspace.file("filter")
    let examples = SharedVideos.packageRoot + "/examples/filters"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["onnx-style.py", "onnx-style.json"] {
      try FileManager.default.copyItem(atPath: "\(examples)/\(name)", toPath: "\(folder)/\(name)")
    }
    let recipe = "\(folder)/onnx-style.json"
    let text = try String(contentsOfFile: recipe, encoding: .utf8)
    #expect(text.contains(#""--range", "255""#))
    try Data(text.replacing(#""--range", "255""#, with: #""--range", "\#(white)""#).utf8).write(
      to: URL(fileURLWithPath: recipe))
    try python.succeed(
      ["-c", Self.script, "\(folder)/model.onnx"] + [height, width, white, times].map { "\($0)" })
    let programs = (python.path as NSString).deletingLastPathComponent
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    try Tool.vidgit.succeed(
      ["filter", recipe, "-b", "made"], in: repository.path,
      environment: ["PATH": "\(programs):\(path)"])
    try repository.expectWhole()
    // The script and the network are part of the recipe.
    let id = try #require((repository.values("filters")[0] as? [String])?.first)
    let files = try #require(repository.json("filters/\(id).json")["files"] as? [String: String])
    #expect(Set(files.keys) == ["onnx-style.py", "model.onnx"])
    #expect(try repository.hashes() == expected(repository.workspace, times, isPadded: width > 0))
  }

  /// The same by hand, of what `ffmpeg` decodes.
  private func expected(
    _ workspace: Workspace, _ times: Int, isPadded: Bool
  ) throws -> [String] {
    let raw = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-i", Clip.short.orSkip(), "-vf",
      "scale=flags=bicubic+accurate_rnd+bitexact+full_chroma_int,format=rgb24", "-f", "rawvideo",
      "-",
    ]).standardOutput
    let (width, height) = (160, 120)
    var made = Data(capacity: raw.count * times * times)
    let bytes = [UInt8](raw)
    for row in 0..<raw.count / (width * 3) {
      var line: [UInt8] = []
      for x in 0..<width {
        // The edge goes on beyond the picture; where nothing is padded, the network sees black there.
        let start = (row * width + min(x + 1, width - 1)) * 3
        let isBlack = x == width - 1 && !isPadded
        let pixel = bytes[start..<start + 3].map { UInt8(isBlack ? 32 : (Int($0) + 2) / 4 + 32) }
        for _ in 0..<times { line += pixel }
      }
      for _ in 0..<times { made.append(contentsOf: line) }
    }
    let file = workspace.file("expected.raw")
    try made.write(to: URL(fileURLWithPath: file))
    let listing = try Tool.ffmpeg.succeed([
      "-v", "error", "-nostdin", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s",
      "\(width * times)x\(height * times)", "-i", file, "-f", "framehash", "-hash", "sha256", "-",
    ])
    return try FrameHash(parsing: listing.output).hashes
  }

  @Test func runsANetworkOfOneSize() throws { try check(height: 128, width: 176, white: 255) }

  @Test func runsANetworkOfAnySize() throws {
    try check(height: 0, width: 0, white: 1)
    try check(height: 0, width: 168, white: 1)
  }

  @Test func runsANetworkThatEnlarges() throws {
    try check(height: 128, width: 176, white: 255, times: 2)
  }

  @Test func saysWhatIsMissing() throws {
    let python = try Self.python()
    let repository = try Workspace().split(.short)
    let recipe = SharedVideos.packageRoot + "/examples/filters/onnx-style.json"
    let programs = (python.path as NSString).deletingLastPathComponent
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    try Tool.vidgit.run(
      ["filter", recipe, "-b", "made"], in: repository.path,
      environment: ["PATH": "\(programs):\(path)"]
    ).expectError(Status.badInput, saying: ["model.onnx"])
  }
}
