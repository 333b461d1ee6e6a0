import Foundation
import Testing

@testable import VidgitModel

let nines = String(repeating: "9f", count: 32)
let fours = String(repeating: "4c", count: 32)

@Suite struct FrameLineTests {
  static let plain =
    #"{"pts":1001,"dur":1001,"hash":"sha256:\#(nines)","uri":"media/falls.json","filters":[]}"#
  static let filtered =
    #"{"pts":1001,"dur":1001,"hash":"sha256:\#(fours)","uri":"media/falls.json","#
    + #""source":"sha256:\#(nines)","filters":["noir-3f2a9c1d0b7e"]}"#

  @Test func goldenBytes() throws {
    let frame = FrameLine(
      pts: 1001, dur: 1001, hash: try #require(Digest(hex: nines)), uri: "media/falls.json")
    #expect(text(Shard.encode([frame])) == Self.plain + "\n")
    let made = FrameLine(
      pts: 1001, dur: 1001, hash: try #require(Digest(hex: fours)), uri: "media/falls.json",
      source: frame.hash, filters: ["noir-3f2a9c1d0b7e"])
    #expect(text(Shard.encode([made])) == Self.filtered + "\n")
    let odd = FrameLine(
      pts: .min, dur: .max, hash: frame.hash, uri: "https://example.org/a.png", format: "gray",
      width: 64, height: 48, extra: ["note": "\u{e9}\n", "x": [1, nil]])
    #expect(
      text(Shard.encode([odd])) == #"{"pts":-9223372036854775808,"dur":9223372036854775807,"#
        + #""hash":"sha256:\#(nines)","uri":"https://example.org/a.png","filters":[],"#
        + #""format":"gray","width":64,"height":48,"note":"é\n","x":[1,null]}"# + "\n")
    for line in [frame, made, odd] {
      #expect(try Shard.parse(Shard.encode([line]), file: "f") == [line])
    }
  }

  @Test func takesLittleMemory() {
    #expect(MemoryLayout<FrameLine>.stride <= 120)
  }

  /// The same values in any order and spacing, as another program may write them.
  @Test(arguments: [
    #"{"filters": [], "uri": "media/falls.json", "hash": "sha256:\#(nines)", "dur": 1001, "pts": 1001}"#,
    #"  {"pts":1001,"dur":1001,"hash":"sha256:\#(nines)","uri":"media\/falls.json","filters":[]}"#
      + "\r",
    #"{"pts":1001,"dur":1001,"hash":"sha256:\#(nines)","uri":"m\u0065dia/falls.json","filters":[ ]}"#,
  ])
  func readsAnyForm(line: String) throws {
    let lines = try Shard.parse(Array((line + "\n").utf8), file: "f")
    #expect(text(Shard.encode(lines)) == Self.plain + "\n")
  }

  @Test func shapeOverrides() throws {
    let header = Header(
      name: "a", timebase: Rational(1, 25), width: 64, height: 48, pixelFormat: "yuv420p")
    var line = try Shard.parse(Array(Self.plain.utf8), file: "f")[0]
    #expect(line.shape(in: header) == header.shape)
    line.setShape(FrameShape(width: 64, height: 50, pixelFormat: "gray"), in: header)
    #expect(line.width == nil && line.height == 50 && line.format == "gray")
    #expect(line.key(in: header).shape == FrameShape(width: 64, height: 50, pixelFormat: "gray"))
    line.setShape(header.shape, in: header)
    #expect(text(Shard.encode([line])) == Self.plain + "\n")
  }

  @Test(arguments: [
    (#""pts":1001"#, #""pts":1.5"#, "'pts' must be a whole number, and is 1.5"),
    (#""pts":1001"#, #""pts":"1""#, "'pts' must be a whole number, and is \"1\""),
    (#""pts":1001,"#, "", "the key 'pts' is missing"),
    (#""pts":1001"#, #""pts":01"#, "a number may not begin with 0"),
    (#""pts":1001"#, #""pts":1001,"pts":1"#, "the key 'pts' stands twice"),
    (
      #""pts":1001"#, #""pts":9223372036854775808"#,
      "the whole number 9223372036854775808 does not fit 64 bits"
    ),
    (#""dur":1001"#, #""dur":0"#, "'dur' is 0, and a frame shows for at least one tick"),
    (#""dur":1001"#, #""dur":-5"#, "'dur' is -5, and a frame shows for at least one tick"),
    (
      "sha256:9f", "sha256:9F",
      "'hash' must have 64 lower-case hexadecimal digits after 'sha256:'"
    ),
    (
      "sha256:9f", "sha256:9",
      "'hash' must have 64 lower-case hexadecimal digits after 'sha256:'"
    ),
    (
      "sha256:9f", "blake3:9f",
      "'hash' has the unknown hash algorithm 'blake3'; only sha256 is known"
    ),
    (
      #""hash":"sha256:\#(nines)""#, #""hash":"x""#,
      "'hash' must be 'sha256:' and 64 hexadecimal digits"
    ),
    (#""hash":"sha256:\#(nines)""#, #""hash":7"#, "'hash' must be a digest, and is 7"),
    (
      "media/falls.json", "file:///etc/passwd",
      "'uri': the scheme 'file' is not one of https, http, s3, gs, az, ipfs"
    ),
    (
      "media/falls.json", "/home/me/falls.mp4",
      "'uri': a local path may not stand in a commit"
    ),
    (
      "media/falls.json", "media/../video.json",
      "'uri': 'media/../video.json' is not media/<name>.json"
    ),
    (
      "media/falls.json", "https://u:p@example.org/a",
      "'uri': the address holds a user name or password"
    ),
    (
      #""filters":[]"#, #""filters":{}"#,
      "'filters' must be an array of recipe ids, and is an object"
    ),
    (
      #""filters":[]"#, #""filters":[1]"#,
      "'filters' must be an array of recipe ids, and holds a whole number"
    ),
    (#""filters":[]"#, #""filters":["noir"]"#, "'filters' names 'noir', which is no recipe id"),
    (
      #""filters":[]"#, #""filters":["../x-0123456789ab"]"#,
      "'filters' names '../x-0123456789ab', which is no recipe id"
    ),
    (
      #""filters":[]"#, #""filters":["noir-0123456789ab"]"#,
      "'filters' is not empty, so 'source' must be there"
    ),
    (
      #","filters""#, #","source":"sha256:\#(nines)","filters""#,
      "'source' is there, but 'filters' is empty"
    ),
    (
      #""filters":[]"#, #""filters":[],"width":0"#,
      "'width' must be a whole number from 1 to 65535, and is 0"
    ),
    (
      #""filters":[]"#, #""filters":[],"height":65536"#,
      "'height' must be a whole number from 1 to 65535, and is 65536"
    ),
    (
      #""filters":[]"#, #""filters":[],"format":"a b""#,
      "'format' must be the name of a pixel format, and is \"a b\""
    ),
    ("}", "}}", "text follows after the end of the value"),
    ("}", "", "',' or '}' is expected here"),
  ])
  func refuses(old: String, new: String, reason: String) throws {
    let range = try #require(Self.plain.range(of: old))
    var line = Self.plain
    line.replaceSubrange(range, with: new)
    let bytes = Array((Self.filtered + "\n" + line + "\n" + Self.plain + "\n").utf8)
    let error = failure { () throws(ModelError) in
      try Shard.parse(bytes, file: "frames/000003.jsonl")
    }
    #expect(error.what == "frames/000003.jsonl")
    #expect(error.line == 2)
    #expect(error.reason == reason)
  }

  @Test func refusesTooManyFilters() throws {
    let ids = [String](repeating: "\"noir-3f2a9c1d0b7e\"", count: 65).joined(separator: ",")
    let line = Self.filtered.replacing("\"noir-3f2a9c1d0b7e\"", with: ids)
    let error = failure { () throws(ModelError) in try Shard.parse(Array(line.utf8), file: "f") }
    #expect(error.reason == "'filters' has more than 64 elements")
  }
}
