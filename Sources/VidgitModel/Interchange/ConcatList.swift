/// A script of FFmpeg's concat demuxer: the files that play one after the other.
///
/// Follows https://ffmpeg.org/ffmpeg-formats.html#concat; directives that would change streams,
/// packets or options are refused.
public struct ConcatList: Hashable, Sendable {
  public let pieces: [EditPiece]

  public static let signature = "ffconcat version 1.0"
  /// Whether a file that begins so is a script; the first line may be left out, as many do.
  public static func isLikely(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: signature.utf8) || bytes.starts(with: "file ".utf8)
  }

  private static let mostPieces = 100_000

  /// - Throws: with the line and the reason.
  public init(parsing text: String, file: String) throws(ModelError) {
    var pieces: [EditPiece] = []
    var number = 0
    func failure(_ reason: String, _ hint: String? = nil) -> ModelError {
      ModelError(file, line: number, reason: reason, hint: hint)
    }
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      guard let words = Self.words(line) else { throw failure("a quote is not closed") }
      guard let directive = words.first else { continue }
      if directive == "ffconcat" {
        guard words == ["ffconcat", "version", "1.0"] else {
          throw failure("is not '\(Self.signature)'")
        }
        continue
      }
      if directive == "file" {
        guard words.count == 2, !words[1].isEmpty else {
          throw failure("'file' takes one path", "a path with spaces needs quotes: file 'a b.mp4'")
        }
        guard !Self.isAddress(words[1]) else {
          throw failure(
            "'\(TerminalText.escaped(words[1]))' is an address, and only files are read",
            "download it first")
        }
        guard pieces.count < Self.mostPieces else {
          throw failure("more than \(Self.mostPieces) files")
        }
        pieces.append(EditPiece(path: words[1], place: "\(file):\(number)"))
        continue
      }
      guard ["duration", "inpoint", "outpoint"].contains(directive) else {
        throw failure(
          "the directive '\(TerminalText.escaped(directive))' is not supported",
          "file, duration, inpoint and outpoint are")
      }
      guard var piece = pieces.last else { throw failure("'\(directive)' stands before any file") }
      guard words.count == 2, let time = Rational(clock: words[1]) else {
        throw failure("'\(directive)' takes a time", "seconds, or HH:MM:SS.micros")
      }
      switch directive {
      case "inpoint": piece.start = time
      case "outpoint": piece.end = time
      default:
        guard time.num > 0 else { throw failure("a duration is above 0") }
        piece.duration = time
      }
      if let start = piece.start, let end = piece.end, end <= start {
        throw failure("the out point \(words[1]) is not behind the in point")
      }
      pieces[pieces.count - 1] = piece
    }
    guard !pieces.isEmpty else { throw failure("names no file") }
    self.pieces = pieces
  }

  /// "https://..." or "pipe:": what libavformat takes for a protocol.
  static func isAddress(_ path: String) -> Bool {
    let scheme = path.utf8.prefix { $0.isASCIIAlphanumeric || "+-.,".utf8.contains($0) }
    return scheme.count > 1 && path.utf8.dropFirst(scheme.count).first == UInt8(ascii: ":")
  }

  /// The words of a line by the rules of `av_get_token`: 'quoted' literally, \ before one character.
  /// `nil` where a quote is open at the end.
  private static func words(_ line: Substring) -> [String]? {
    var words: [String] = []
    var word: String?
    var rest = line[...]
    while let character = rest.popFirst() {
      if character == " " || character == "\t" {
        if let done = word { words.append(done) }
        word = nil
      } else if character == "#", word == nil, words.isEmpty {
        break
      } else if character == "'" {
        guard let end = rest.firstIndex(of: "'") else { return nil }
        word = (word ?? "") + rest[..<end]
        rest = rest[rest.index(after: end)...]
      } else if character == "\\" {
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? "") + String(next)
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return words
  }
}
