import Foundation
import TestSupport
import Testing

/// A program for frames that behaves as it is told, and notes every picture that it gets.
struct TestProgram {
  let workspace: Workspace
  let folder: String
  /// One line for each picture that the program was given.
  var log: String { "\(folder)/log" }
  /// The number of a process that it started.
  var child: String { "\(folder)/child" }

  init(_ workspace: Workspace) throws {
    self.workspace = workspace
    folder = workspace.file("program")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(Self.source.utf8).write(to: URL(fileURLWithPath: "\(folder)/program.py"))
    _ = try Tool.require("python3")
  }

  /// Writes a recipe file and returns its path.
  func recipe(
    _ mode: String, protocol name: String = "files", timeout: Int = 60, extra: String = "",
    file: String = "recipe.json"
  ) throws -> String {
    let files = name == "files" ? #", "$INPUT", "$OUTPUT""# : ""
    let text = """
      {"name": "made", "engine": "command", "scope": "frame", "protocol": "\(name)",
       "argv": ["python3", "program.py", "\(name)", "\(mode)"\(files)],
       "environment": ["LOG"], "timeout": \(timeout), "startup": 0\(extra)}
      """
    let path = "\(folder)/\(file)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Runs `vidgit` with the log's place in the environment.
  func run(
    _ repository: Repository, _ arguments: String..., interruption: Interruption? = nil,
    variables: [String: String] = [:]
  ) throws -> ToolResult {
    try Tool.vidgit.run(
      arguments, in: repository.path, environment: ["LOG": log].merging(variables) { $1 },
      interruption: interruption)
  }

  func succeed(
    _ repository: Repository, _ arguments: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let result = try Tool.vidgit.succeed(
      arguments + ["--json"], in: repository.path, environment: ["LOG": log])
    try repository.expectWhole(sourceLocation: sourceLocation)
    return try object(result.output)
  }

  /// How many pictures the program was given.
  var calls: Int {
    (try? String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count) ?? 0
  }

  /// Processes that still run it.
  var running: [String] {
    get throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: "/proc")
      return names.filter { name in
        guard Int(name) != nil,
          let words = FileManager.default.contents(atPath: "/proc/\(name)/environ")
        else { return false }
        return String(decoding: words, as: UTF8.self).contains("LOG=\(log)\0")
      }
    }
  }

  /// Waits a little for processes to be gone.
  func expectNothingRuns(sourceLocation: SourceLocation = #_sourceLocation) throws {
    for _ in 0..<50 {
      if try running.isEmpty { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
    #expect(try running == [], sourceLocation: sourceLocation)
  }

  private static let source = #"""
    import os, signal, struct, subprocess, sys, time, zlib

    wire, mode = sys.argv[1], sys.argv[2]
    mode, _, number = mode.partition(":")
    number = float(number or 0)
    out = sys.stdout.buffer

    def note():
        with open(os.environ["LOG"], "a") as log:
            log.write("%d\n" % os.getpid())
        with open(os.environ["LOG"]) as log:
            return len(log.readlines())

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    def negative(png):
        place, packed = 8, b""
        while place < len(png):
            length, kind = struct.unpack(">I4s", png[place:place + 8])
            body = png[place + 8:place + 8 + length]
            if kind == b"IHDR":
                header = body
                width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            if kind == b"IDAT":
                packed += body
            place += 12 + length
        assert (depth, colour) == (8, 2), "not rgb24"
        raw, size, rows = zlib.decompress(packed), 3 * width, []
        table = bytes(255 - value for value in range(256))
        for start in range(0, height * (size + 1), size + 1):
            assert raw[start] == 0
            rows.append(b"\0" + raw[start + 1:start + 1 + size].translate(table))
        return image(header, b"".join(rows))

    def image(header, rows):
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1))
                + chunk(b"IEND", b""))

    def size(width, height):
        return struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def cursed(count, data):
        """From call `number` on, the picture of that call is one that kills, until there is a blessing."""
        path = os.path.join(os.path.dirname(os.environ["LOG"]), "cursed")
        if count == number and not os.path.exists(path):
            with open(path, "w") as file:
                file.write(str(zlib.crc32(data)))
        if os.path.exists(path) and not os.path.exists(path + "-blessed"):
            with open(path) as file:
                return file.read() == str(zlib.crc32(data))
        return False

    def misbehave(count, data, send):
        """What modes do in place of an answer, or before it; whether they have answered."""
        if mode == "sleep":
            time.sleep(number)
        elif mode == "crash" and count == number:
            sys.exit("this frame is beyond me\nreally")
        elif mode == "cursed" and cursed(count, data):
            sys.exit("this frame is cursed")
        elif mode == "never":
            sys.exit("no frame is good enough")
        elif mode == "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif mode == "flood":
            for _ in range(200):
                os.write(2, b"words " * 10000)
        elif mode == "hang":
            child = subprocess.Popen(["sleep", "300"])
            with open(os.path.join(os.path.dirname(os.environ["LOG"]), "child"), "w") as file:
                file.write(str(child.pid))
            time.sleep(300)
        elif mode == "garbage":
            send(b"this is no picture, but words\n" * 10)
            return True
        elif mode == "large":
            send(image(size(9000, 16), b""))
            return True
        elif mode == "bomb":
            send(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size(16, 16)) + struct.pack(">I", 1 << 30) + b"IDAT")
            return True
        elif mode == "rows":
            send(image(size(16, 16), b"\0" * 49 * 3))
            return True
        return False

    def files(source, target):
        def send(data):
            with open(target, "wb") as file:
                file.write(data)
        count = note()
        with open(source, "rb") as file:
            data = file.read()
        if misbehave(count, data, send):
            return
        if mode == "nothing":
            return
        if mode == "folder":
            return os.mkdir(target)
        if mode == "link":
            return os.symlink(source, target)
        made = negative(data)
        if mode == "half":
            made = made[:len(made) // 2]
        if mode == "small":
            made = image(size(16, 8), (b"\0" + b"\x20" * 48) * 8)
        send(made)

    def stream():
        def read(count):
            data = sys.stdin.buffer.read(count)
            return data if len(data) == count else sys.exit(0)
        def send(data):
            out.write(data)
            out.flush()
        if mode == "deaf":
            time.sleep(300)
        if mode == "mute":
            os.close(1)
        if mode == "closed":
            os.close(0)
            time.sleep(300)
        served = 0
        while True:
            data = read(8)
            while not data.endswith(b"IEND\xae\x42\x60\x82"):
                head = read(8)
                data += head + read(struct.unpack(">I", head[:4])[0] + 4)
            count = note()
            if misbehave(count, data, send):
                continue
            made = negative(data)
            if mode == "half":
                send(made[:len(made) // 2])
                time.sleep(300)
            elif mode == "twice":
                send(made + made)
            elif mode == "later":
                send(made)
                time.sleep(0.3)
                send(made)
            else:
                send(made)
            served += 1
            if mode == "mortal" and served == number:
                sys.exit("that was enough")

    def y4m():
        source = sys.stdin.buffer
        header = source.readline()
        words = dict((word[:1], word[1:]) for word in header.decode().split()[1:])
        width, height = int(words["W"]), int(words["H"])
        layout = words["C"]
        assert layout.startswith("420"), layout
        size = width * height * 3 // 2 * (2 if "p10" in layout else 1)
        if mode == "half":
            header = header.replace(b"W%d" % width, b"W%d" % (width // 2))
        out.write(header)
        while source.readline() == b"FRAME\n":
            data = source.read(size)
            note()
            if mode == "half":
                data = data[:width // 2 * height * 3 // 2]
            if mode == "unknown":
                out.write(b"YUV4MPEG2 W16 H16 Cweird\n")
            out.write(b"FRAME\n" + data.translate(bytes(255 - value for value in range(256))))
            out.flush()

    {"files": lambda: files(*sys.argv[3:5]), "png-stream": stream, "y4m": y4m}[wire]()
    """#
}
