/// The parameters of a recipe of the engine "command": a program of the user's that makes the
/// pixels.
///
/// There is no shell: `argv` is what the program gets, word by word.
public struct CommandRecipe: Hashable, Sendable {
  /// How pictures go to the program and come back.
  public enum Transfer: String, Hashable, Sendable, CaseIterable {
    /// A process for each picture: `$INPUT` and `$OUTPUT` in `argv` become the names of PNG files.
    case files
    /// A process that stays: PNG images one after the other on its standard input and output.
    case pngStream = "png-stream"
    /// A process that stays: YUV4MPEG2 on its standard input and output.
    case y4m
  }

  /// A file that the program needs and that decides what it makes, by its place in the folder of
  /// the recipe.
  public struct File: Hashable, Sendable {
    public let path: String
    public let digest: Digest

    public init(path: String, digest: Digest) {
      self.path = path
      self.digest = digest
    }
  }

  public static let inputWord = "$INPUT"
  public static let outputWord = "$OUTPUT"
  public static let mostWords = 256
  public static let mostFiles = 64
  /// Seconds.
  public static let longestTimeout = 3600

  /// The program and its arguments.
  public let argv: [String]
  public let transfer: Transfer
  /// Names of the variables that the program gets beside `PATH`, `HOME`, `TMPDIR` and `LANG`.
  public let variables: [String]
  /// Seconds that one picture may take.
  public let timeout: Int
  /// Seconds more for the first picture of a process that stays.
  public let startup: Int
  public let files: [File]

  /// Reads the keys of a recipe that belong to this engine; others are left alone.
  init(json: JSONValue, file: String) throws(ModelError) {
    var reader = try ObjectReader(json, what: file)
    let argv = try reader.list("argv", limit: Self.mostWords) { (value, place) throws(ModelError) in
      guard let word = value.string, Self.isWord(word) else {
        throw ModelError(file, reason: "'\(place)' must be a string of at most 65536 bytes")
      }
      return word
    }
    guard let program = argv.first, !program.isEmpty else {
      throw ModelError(file, reason: "'argv' must begin with the name of a program")
    }
    let transfer =
      try reader.optional("protocol", #""files", "png-stream" or "y4m""#) {
        $0.string.flatMap(Transfer.init(rawValue:))
      } ?? .files
    // Other forms of input may come; until then a reader must not take them for this one.
    let input = try reader.optional("input", #""png""#) { $0.string == "png" ? true : nil }
    if input != nil, transfer == .y4m {
      throw ModelError(file, reason: "'input' does not go with the protocol \"y4m\"")
    }
    timeout = try reader.seconds("timeout", from: 1) ?? 60
    startup = try reader.seconds("startup", from: 0) ?? 60
    variables = try reader.list("environment", limit: 64) { (value, place) throws(ModelError) in
      guard let name = value.string, Self.isVariable(name) else {
        throw ModelError(
          file, reason: "'\(place)' must be the name of a variable",
          hint: "its value comes from the environment of who runs the recipe, and is never stored")
      }
      return name
    }
    files = try Self.files(reader.optional("files", "an object", \.object), file: file)
    self.argv = argv
    self.transfer = transfer
    try checkPlaceholders(file: file)
  }

  private func checkPlaceholders(file: String) throws(ModelError) {
    for word in [Self.inputWord, Self.outputWord] {
      let isThere = argv.contains { $0.contains(word) }
      if transfer == .files, !isThere {
        throw ModelError(
          file, reason: "'argv' must hold \(word)",
          hint: "the program reads the file \(Self.inputWord) and writes \(Self.outputWord)")
      }
      if transfer != .files, isThere {
        throw ModelError(
          file,
          reason: "\(word) in 'argv' does not go with the protocol \"\(transfer.rawValue)\"")
      }
      if argv[0].contains(word) {
        throw ModelError(file, reason: "'argv' must begin with the name of a program")
      }
    }
  }

  private static func files(
    _ object: JSONObject?, file: String
  ) throws(ModelError) -> [File] {
    guard let members = object?.members else { return [] }
    guard members.count <= mostFiles else {
      throw ModelError(file, reason: "'files' has more than \(mostFiles) members")
    }
    var files: [File] = []
    for member in members {
      guard !member.key.isEmpty, isWord(member.key), let digest = Field.digest(member.value) else {
        let name = TerminalText.escaped(member.key)
        throw ModelError(file, reason: "'files.\(name)' must be \"sha256:\" and 64 digits")
      }
      files.append(File(path: member.key, digest: digest))
    }
    return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func isWord(_ text: String) -> Bool {
    text.utf8.count <= 65_536 && !text.utf8.contains(0)
  }

  /// `^[A-Za-z_][A-Za-z0-9_]{0,127}$`
  private static func isVariable(_ text: String) -> Bool {
    guard (1...128).contains(text.utf8.count), !text.utf8.first!.isASCIIDigit else { return false }
    return text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
  }
}

extension ObjectReader {
  fileprivate mutating func seconds(_ key: String, from least: Int64) throws(ModelError) -> Int? {
    let most = Int64(CommandRecipe.longestTimeout)
    return try optional(key, "a whole number of seconds from \(least) to \(most)") {
      $0.int.flatMap { (least...most).contains($0) ? Int($0) : nil }
    }
  }
}

extension CommandRecipe {
  /// The command as one would type it, on one line: for people, never for a shell.
  public var text: String { argv.map(Self.quoted).joined(separator: " ") }

  private static func quoted(_ word: String) -> String {
    let plain = "_-./:=,@%+$"
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { $0.isASCIIAlphanumeric || plain.utf8.contains($0) }
    if isPlain { return word }
    return "'" + TerminalText.escaped(word.replacing("'", with: #"'\''"#)) + "'"
  }
}
