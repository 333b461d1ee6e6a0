import TestSupport
import Testing

/// What the package manager does not stop: an import of what a layer only gets through another one, and the
/// few things that a library must never do.
@Suite struct LayeringTests {
  /// What every layer may import: the language's own modules and the C library.
  static let system: Set = ["Foundation", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin"]

  /// What each layer may import beside that.
  static let allowed: [String: Set<String>] = [
    "Git2": ["CGit2", "CZlib", "Crypto"],
    "FFmpeg": ["CFFmpeg", "CFFmpegLog"],
    "Curl": ["CCurl"],
    "VidgitModel": ["Crypto"],
    "VidgitKit": [
      "CSpawn", "Curl", "FFmpeg", "Git2", "VidgitModel", "Crypto", "GRDB", "Logging",
    ],
    "vidgit": ["CMalloc", "VidgitKit", "VidgitModel", "ArgumentParser", "Logging"],
  ]

  /// The model is pure: no locks, no queues, no C library.
  static let deniedToModel: Set = ["Synchronization", "Dispatch", "Glibc", "Musl", "Darwin"]

  static let libraries: Set = ["Git2", "FFmpeg", "Curl", "VidgitModel", "VidgitKit"]

  /// Longer files, each with its reason.
  static let longFiles: [String: String] = [:]

  static func files(of targets: Set<String> = libraries) -> [SourceFile] {
    SourceFile.all.filter { targets.contains($0.target) }
  }

  @Test func everyLayerIsInTheTable() {
    let targets = Set(SourceFile.all.map(\.target))
    #expect(targets.count >= 5)
    #expect(targets.subtracting(Self.allowed.keys) == [])
  }

  @Test func layersImportOnlyWhatTheyMay() {
    var faults: [String] = []
    for file in SourceFile.all {
      var allowed = Self.system.union(Self.allowed[file.target] ?? [])
      if file.target == "VidgitModel" { allowed.subtract(Self.deniedToModel) }
      faults += file.imports.filter { !allowed.contains($0.module) }
        .map { "\(file.path):\($0.line): \(file.target) may not import \($0.module)" }
    }
    #expect(faults == [])
  }

  @Test func filesAreShort() {
    let long = SourceFile.all.filter { $0.code.count > 301 && Self.longFiles[$0.path] == nil }
      .map { "\($0.path): \($0.code.count - 1) lines" }
    #expect(long == [])
    let gone = Self.longFiles.keys.filter { path in
      !SourceFile.all.contains { $0.path == path && $0.code.count > 301 }
    }
    #expect(gone == [], "these exceptions are not needed any more")
  }

  @Test func nothingTriesByForce() {
    #expect(SourceFile.all.flatMap { $0.lines(matching: #/\btry!/#) } == [])
  }

  @Test func librariesDoNotPrint() {
    let pattern = #/\b(print|debugPrint|dump|puts|printf|fputs|NSLog)\(|FileHandle\.standard/#
    #expect(Self.files().flatMap { $0.lines(matching: pattern) } == [])
  }

  @Test func librariesDoNotExit() {
    let pattern = #/\b(exit|_exit|abort|quick_exit|fatalError)\(/#
    #expect(Self.files().flatMap { $0.lines(matching: pattern) } == [])
  }

  @Test func librariesDoNotReadTheEnvironment() {
    let pattern =
      #/\b(getenv|secure_getenv|setenv)\(|\.environment\b(?! =)|\benviron\b|CommandLine\./#
    #expect(Self.files().flatMap { $0.lines(matching: pattern) } == [])
  }

  @Test func theModelDoesNoInputOrOutput() {
    let pattern =
      #/\b(FileManager|FileHandle|URLSession|Process|Pipe)\b|\b(Data|String)\(contentsOf/#
    #expect(Self.files(of: ["VidgitModel"]).flatMap { $0.lines(matching: pattern) } == [])
  }
}

/// The reader of source files must see what it is there to see.
@Suite struct SourceFileTests {
  @Test func findsImportsOfEveryForm() {
    let file = SourceFile(
      path: "Sources/X/y.swift",
      text: """
        import A
        public import B
        @preconcurrency internal import C
        import struct D.E
        // import F
        let text = "import G"
        #if canImport(H)
          import H
        #endif
        /* import I
           /* nested */ import J */ import K
        """)
    #expect(file.imports.map(\.module) == ["A", "B", "C", "D", "H", "K"])
    #expect(file.imports.map(\.line) == [1, 2, 3, 4, 8, 11])
  }

  @Test func passesOverCommentsAndLiterals() {
    let file = SourceFile(
      path: "Sources/X/y.swift",
      text: #"""
        let a = "try! \(value("x")) print(" + b // try!
        let c = """
          try!
          """
        let d = try! f()
        """#)
    #expect(file.lines(matching: #/try!/#) == ["Sources/X/y.swift:5: let d = try! f()"])
    #expect(file.lines(matching: #/print\(/#) == [])
  }
}
