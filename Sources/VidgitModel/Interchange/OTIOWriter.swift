/// The items of an OpenTimelineIO file, in the schema versions that its library reads since 0.15.
public enum OTIOWriter {
  /// A stretch of time with both its values whole numbers at one rate.
  ///
  /// - Parameters:
  ///   - start: seconds, and so are the others.
  ///   - frame: how long one frame shows, where all show equally long.
  /// - Throws: where no rate fits.
  public static func range(
    start: Rational, duration: Rational, frame: Rational?
  ) throws(ModelError) -> JSONValue {
    if let frame = frame?.reduced, let rate = rate(of: frame),
      let first = start.multiple(of: frame), let count = duration.multiple(of: frame)
    {
      return range(Double(first), Double(count), rate: rate)
    }
    // Ticks: a rate that is a whole number, in which both are.
    let tick = Rational(1, try Rational.commonUnit(start, duration).den)
    guard let first = start.multiple(of: tick), let length = duration.multiple(of: tick),
      first.magnitude < 1 << 53, length.magnitude < 1 << 53
    else {
      throw ModelError(
        "timeline", reason: "times of \(start) s do not fit OpenTimelineIO's numbers")
    }
    return range(Double(first), Double(length), rate: Double(tick.den))
  }

  /// Frames a second, where that is a rate that programs know: a whole number, or one of NTSC's.
  private static func rate(of frame: Rational) -> Double? {
    if frame.num == 1 { return Double(frame.den) }
    if frame.num == 1001, frame.den % 1000 == 0 { return Double(frame.den) / 1001 }
    return nil
  }

  private static func range(_ start: Double, _ duration: Double, rate: Double) -> JSONValue {
    [
      "OTIO_SCHEMA": "TimeRange.1", "start_time": time(start, rate),
      "duration": time(duration, rate),
    ]
  }

  private static func time(_ value: Double, _ rate: Double) -> JSONValue {
    ["OTIO_SCHEMA": "RationalTime.1", "rate": .double(rate), "value": .double(value)]
  }

  /// - Parameter metadata: what vidgit knows.
  public static func reference(to url: String, metadata: JSONValue) -> JSONValue {
    [
      "OTIO_SCHEMA": "ExternalReference.1", "target_url": .string(url), "available_range": .null,
      "available_image_bounds": .null, "name": "", "metadata": ["vidgit": metadata],
    ]
  }

  /// - Parameter references: by key; "DEFAULT_MEDIA" is what plays.
  public static func clip(
    name: String, range: JSONValue, references: JSONObject, metadata: JSONValue
  ) -> JSONValue {
    var clip = item("Clip.2", name: name, metadata: metadata)
    clip["source_range"] = range
    clip["media_references"] = .object(references)
    clip["active_media_reference_key"] = "DEFAULT_MEDIA"
    return .object(clip)
  }

  public static func gap(_ range: JSONValue) -> JSONValue {
    var gap = item("Gap.1", name: "", metadata: nil)
    gap["source_range"] = range
    return .object(gap)
  }

  /// All of a timeline before and after the children of its tracks.
  public static func timeline(name: String, metadata: JSONValue) -> (start: String, end: String) {
    let object: JSONObject = [
      "OTIO_SCHEMA": "Timeline.1", "name": .string(name), "global_start_time": .null,
      "metadata": ["vidgit": metadata],
    ]
    return (
      open(object, "tracks") + open(item("Stack.1", name: "tracks", metadata: nil), nil), "]}}\n"
    )
  }

  /// A track before and after its children.
  public static func track(name: String, kind: String) -> (start: String, end: String) {
    var track = item("Track.1", name: name, metadata: nil)
    track["kind"] = .string(kind)
    return (open(track, nil), "]}")
  }

  public static func text(_ value: JSONValue) -> String {
    String(decoding: value.compact(), as: UTF8.self)
  }

  /// An object that is not closed: its last member is `key`, or the array "children".
  private static func open(_ object: JSONObject, _ key: String?) -> String {
    String(text(.object(object)).dropLast()) + (key.map { ",\"\($0)\":" } ?? ",\"children\":[")
  }

  private static func item(_ schema: String, name: String, metadata: JSONValue?) -> JSONObject {
    [
      "OTIO_SCHEMA": .string(schema), "name": .string(name),
      "metadata": metadata.map { ["vidgit": $0] } ?? .object(JSONObject()), "source_range": .null,
      "effects": [], "markers": [], "enabled": true,
    ]
  }
}
