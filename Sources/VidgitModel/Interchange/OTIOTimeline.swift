/// The cuts of an OpenTimelineIO file: the clips of its first video track.
///
/// Follows https://opentimelineio.readthedocs.io/en/latest/tutorials/otio-serialized-schema.html.
/// What would play otherwise than one clip after the other (gaps, transitions, retimings, nested
/// tracks) is refused.
public struct OTIOTimeline: Hashable, Sendable {
  public private(set) var pieces: [EditPiece] = []
  private let file: String

  private static let mostClips = 100_000

  /// - Throws: with the item's place and the reason.
  public init(json: JSONValue, file: String) throws(ModelError) {
    self.file = file
    guard schema(json) == "Timeline" else {
      throw failure("is no OpenTimelineIO timeline", "a file of the schema Timeline.1 is expected")
    }
    let tracks = json.object?["tracks"]?.object?["children"]?.array ?? []
    guard
      let track = tracks.first(where: {
        schema($0) == "Track" && ($0.object?["kind"]?.string ?? "Video") == "Video"
      })?.object
    else { throw failure("holds no video track") }
    try requireNone(track["source_range"], "track", "a source_range")
    try requireNoRetiming(track, "the video track")
    let children = track["children"]?.array ?? []
    guard children.count <= Self.mostClips else {
      throw failure("has more than \(Self.mostClips) clips")
    }
    for (index, child) in children.enumerated() {
      try add(child, "\(file): clip \(index + 1)")
    }
    guard !pieces.isEmpty else { throw failure("has a video track without clips") }
  }

  private mutating func add(_ child: JSONValue, _ place: String) throws(ModelError) {
    let name = child.object?["name"]?.string ?? ""
    let place = name.isEmpty ? place : "\(place) '\(TerminalText.escaped(String(name.prefix(80))))'"
    func failure(_ reason: String, _ hint: String? = nil) -> ModelError {
      ModelError(place, reason: reason, hint: hint)
    }
    switch schema(child) {
    case "Clip": break
    case "Gap":
      throw failure(
        "is a gap, and a timeline of frames has none",
        "put a clip of black there, or close the gap")
    case "Transition":
      throw failure(
        "is a transition", "render it in the program that made it, or remove it")
    case let other:
      throw failure(
        "is a \(TerminalText.escaped(other ?? "value without a schema")), and only clips are read",
        "flatten the track first")
    }
    guard let clip = child.object else { return }
    guard clip["enabled"]?.bool != false else {
      throw failure("is disabled", "enable it, or remove it and close the gap")
    }
    try requireNoRetiming(clip, place)
    let reference = try Self.reference(of: clip, failure)
    var piece = EditPiece(path: try Self.path(of: reference, failure), place: place)
    piece.clock = .stream
    let available = try Self.range(reference["available_range"], failure)
    if let range = try Self.range(clip["source_range"], failure) ?? available {
      // Source times count like the available ones; without those from the start of the video.
      let origin = available?.start ?? Rational(0, 1)
      piece.start = try range.start.adding(Rational(-origin.num, origin.den))
      piece.end = try piece.start!.adding(range.duration)
      piece.needsEnd = true
    }
    pieces.append(piece)
  }

  private static func reference(
    of clip: JSONObject, _ failure: (String, String?) -> ModelError
  ) throws(ModelError) -> JSONObject {
    let key = clip["active_media_reference_key"]?.string ?? "DEFAULT_MEDIA"
    let value = clip["media_references"]?.object?[key] ?? clip["media_reference"]
    guard let reference = value?.object,
      reference["OTIO_SCHEMA"]?.string?.hasPrefix("ExternalReference.") == true
    else {
      throw failure("does not name a media file", "link it to a file in the program that made it")
    }
    return reference
  }

  /// The file of a target_url: a file: URL, or a path relative to the list.
  private static func path(
    of reference: JSONObject, _ failure: (String, String?) -> ModelError
  ) throws(ModelError) -> String {
    let target = reference["target_url"]?.string ?? ""
    var path = target
    if target.hasPrefix("file:") {
      let rest = target.dropFirst("file:".count)
      // file:///path, file://localhost/path, file:/path
      path =
        rest.hasPrefix("//localhost/")
        ? String(rest.dropFirst(11))
        : rest.hasPrefix("///") ? String(rest.dropFirst(2)) : String(rest)
      guard let decoded = percentDecoded(path), !decoded.hasPrefix("//") else {
        throw failure("names '\(TerminalText.escaped(target))', which is no file here", nil)
      }
      path = decoded
    } else if ConcatList.isAddress(target) {
      throw failure(
        "names '\(TerminalText.escaped(target))', and only files are read", "download it first")
    } else if target.contains("%"), let decoded = percentDecoded(target) {
      path = decoded
    }
    guard !path.isEmpty, !path.utf8.contains(0) else { throw failure("names no media file", nil) }
    return path
  }

  private static func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension OTIOTimeline {
  private static func range(
    _ value: JSONValue?, _ failure: (String, String?) -> ModelError
  ) throws(ModelError) -> (start: Rational, duration: Rational)? {
    guard let value, value != .null else { return nil }
    guard let start = OTIOTime.seconds(value.object?["start_time"]),
      let duration = OTIOTime.seconds(value.object?["duration"]), duration.num > 0
    else { throw failure("has a time range that cannot be read", nil) }
    return (start, duration)
  }

  /// "Clip" of "Clip.2".
  private func schema(_ value: JSONValue) -> String? {
    value.object?["OTIO_SCHEMA"]?.string.map { String($0.prefix { $0 != "." }) }
  }

  private func failure(_ reason: String, _ hint: String? = nil) -> ModelError {
    ModelError(file, reason: reason, hint: hint)
  }

  private func requireNone(_ value: JSONValue?, _ what: String, _ name: String) throws(ModelError) {
    guard value == nil || value == .null else {
      throw failure("the \(what) has \(name), which is not supported", "flatten the track first")
    }
  }

  private func requireNoRetiming(_ item: JSONObject, _ place: String) throws(ModelError) {
    for effect in item["effects"]?.array ?? [] {
      let name = schema(effect) ?? ""
      guard !["TimeEffect", "LinearTimeWarp", "FreezeFrame"].contains(name) else {
        throw ModelError(
          place, reason: "is retimed by a \(name), which is not supported",
          hint: "import it without, and change its speed then")
      }
    }
  }
}

/// Times of OpenTimelineIO, whose numbers are floats: taken back to the fractions they stand for.
public enum OTIOTime {
  /// Seconds of a RationalTime; `nil` where it is none.
  static func seconds(_ value: JSONValue?) -> Rational? {
    guard let time = value?.object, let ticks = number(time["value"]),
      let rate = number(time["rate"]).flatMap(rate)
    else { return nil }
    return try? fraction(ticks).multiplied(by: Rational(rate.den, rate.num))
  }

  /// 24 for 24.0, and 24000/1001 for 23.976 however it was rounded.
  public static func rate(_ value: Double) -> Rational? {
    guard value.isFinite, value >= 0.001, value <= 1e9 else { return nil }
    if value == value.rounded() { return Rational(Int64(value), 1) }
    let whole = (value * 1.001).rounded()
    if whole >= 10, abs(whole / 1.001 - value) < 0.006 {
      return Rational(Int64(whole) * 1000, 1001)
    }
    return fraction(value)
  }

  /// To a millionth.
  private static func fraction(_ value: Double) -> Rational {
    value == value.rounded()
      ? Rational(Int64(value), 1) : Rational(Int64((value * 1e6).rounded()), 1_000_000).reduced
  }

  private static func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .int(let whole): abs(Double(whole)) < 1e12 ? Double(whole) : nil
    case .double(let number): abs(number) < 1e12 ? number : nil
    default: nil
    }
  }
}
