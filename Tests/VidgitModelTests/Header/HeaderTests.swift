import Testing

@testable import VidgitModel

@Suite struct HeaderTests {
  static func full() -> Header {
    var header = Header(
      name: "falls", timebase: Rational(1, 30000), start: -1001, width: 1920, height: 1080,
      sampleAspectRatio: Rational(1, 1), pixelFormat: "yuv420p10le",
      audio: [AudioSource(media: "media/falls.json", stream: 1)],
      stores: ["https://example.org/objects/"])
    header.colorRange = "tv"
    header.colorMatrix = "bt2020nc"
    header.colorPrimaries = "bt2020"
    header.colorTransfer = "smpte2084"
    header.chromaLocation = "topleft"
    header.fieldOrder = "progressive"
    func color(_ x: Int64, _ y: Int64) -> MasteringDisplay.Chromaticity {
      .init(x: Rational(x, 50000), y: Rational(y, 50000))
    }
    header.masteringDisplay = MasteringDisplay(
      primaries: .init(
        red: color(35400, 14600), green: color(8500, 39850), blue: color(6550, 2300),
        whitePoint: color(15635, 16450)),
      luminance: .init(minimum: Rational(1, 10000), maximum: Rational(1000, 1)))
    header.contentLight = ContentLight(maximum: 1000, frameAverage: 400)
    return header
  }

  @Test func goldenBytes() {
    let header = Header(
      name: "falls", timebase: Rational(1, 30000), width: 1920, height: 1080,
      pixelFormat: "yuv420p")
    #expect(
      text(header.fileBytes()) == """
        {
          "format": "vidgit/1",
          "name": "falls",
          "timebase": [1, 30000],
          "start": 0,
          "width": 1920,
          "height": 1080,
          "sampleAspectRatio": [0, 1],
          "pixelFormat": "yuv420p",
          "audio": [],
          "stores": []
        }

        """)
  }

  @Test func roundTripsWithUnknownKeys() throws {
    var header = Self.full()
    header.extra = ["later": ["x": [1, 2.5, nil]], "zz": "\u{e9}"]
    header.audio[0].extra = ["gain": -3]
    let read = try Header(json: JSONValue(parsing: header.fileBytes(), what: "video.json"))
    #expect(read == header)
    #expect(read.fileBytes() == header.fileBytes())
    #expect(read.masteringDisplay?.primaries?.green.y == Rational(797, 1000))
  }

  @Test(arguments: [
    (
      "format", "\"vidgit/2\"",
      "'format' is \"vidgit/2\": the repository was made by a newer vidgit"
    ),
    ("format", "\"vidgit/0\"", "'format' is \"vidgit/0\", which never was a version"),
    ("format", "\"vidgit/\"", "'format' is not \"vidgit/1\""),
    ("format", "\"vidgit/1x\"", "'format' is not \"vidgit/1\""),
    ("format", "\"vidgit/01\"", "'format' is not \"vidgit/1\""),
    ("format", "\"git/1\"", "'format' is not \"vidgit/1\""),
    ("name", "\"\"", "'name' must be a name of 1 to 255 bytes, and is \"\""),
    (
      "timebase", "[0, 1]",
      "'timebase' must be [num, den] of 32-bit whole numbers above 0, and is an array"
    ),
    (
      "timebase", "[1, 3000000000]",
      "'timebase' must be [num, den] of 32-bit whole numbers above 0, and is an array"
    ),
    ("start", "0.0", "'start' must be a whole number, and is 0"),
    ("width", "0", "'width' must be a whole number from 1 to 65535, and is 0"),
    ("pixelFormat", "\"a/b\"", "'pixelFormat' must be the name of a pixel format, and is \"a/b\""),
    ("colorRange", "7", "'colorRange' must be a name, and is 7"),
    ("audio", "{}", "'audio' must be an array, and is an object"),
    (
      "audio", #"[{"media": "x.json", "stream": 1}]"#,
      "'audio[0].media' must be \"media/<name>.json\", and is \"x.json\""
    ),
    (
      "stores", #"["/srv/objects"]"#, "'stores[0]': a local path may not stand in a commit"
    ),
    (
      "contentLight", "[1]",
      "'contentLight' must be [maximum, frame average] in whole cd/m2, and is an array"
    ),
    (
      "masteringDisplay", #"{"red": [[1, 2], [1, 2]]}"#,
      "'masteringDisplay' has some of red, green, blue and whitePoint, not all"
    ),
  ])
  func refuses(key: String, value: String, reason: String) throws {
    var object = try #require(Self.full().json.object)
    object[key] = try json(value)
    let error = failure { () throws(ModelError) in try Header(json: .object(object)) }
    #expect(error.what == "video.json")
    #expect(error.reason == reason)
  }

  @Test func theVersionComesFirst() {
    let error = failure { () throws(ModelError) in
      try Header(json: ["width": "what it means by then", "format": "vidgit/7"])
    }
    #expect(error.hint == "install a newer version of vidgit; this one reads vidgit/1")
    let array = failure { () throws(ModelError) in try Header(json: []) }
    #expect(array.reason == "the file is an array where an object is expected")
  }

  @Test func minorVersionsAreKept() throws {
    var header = Self.full()
    header.format = "vidgit/1.3"
    #expect(try Header(json: header.json).format == "vidgit/1.3")
  }
}

@Suite struct MediaDescriptorTests {
  static func full() -> MediaDescriptor {
    var video = MediaStream(index: 0, type: "video", codec: "h264")
    video.timebase = Rational(1, 30000)
    video.start = 0
    (video.width, video.height) = (1920, 1080)
    video.pixelFormat = "yuv420p"
    video.sampleAspectRatio = Rational(1, 1)
    video.rotation = 90
    video.frameRate = Rational(30000, 1001)
    video.disposition = ["default"]
    var audio = MediaStream(index: 1, type: "audio", codec: "aac")
    audio.timebase = Rational(1, 48000)
    audio.start = -1024
    (audio.sampleRate, audio.channels, audio.channelLayout) = (48000, 6, "5.1(side)")
    (audio.language, audio.title) = ("eng", "Commentary\n2")
    return MediaDescriptor(
      name: "My falls \u{e9}.mp4", sha256: Digest(of: Array("abc".utf8)), size: 3,
      container: "mov,mp4,m4a,3gp,3g2,mj2", videoStream: 0, streams: [video, audio],
      locations: ["https://example.org/falls.mp4"])
  }

  @Test func roundTripsWithUnknownKeys() throws {
    var media = Self.full()
    media.extra = ["etag": "x"]
    media.streams[1].extra = ["bits": 16]
    let read = try MediaDescriptor(
      json: JSONValue(parsing: media.fileBytes(), what: "m"), file: "m")
    #expect(read == media)
    #expect(read.fileBytes() == media.fileBytes())
    #expect(read.video?.rotation == 90)
  }

  @Test func saysThatItWasSalvaged() throws {
    var media = Self.full()
    #expect(!text(media.fileBytes()).contains("salvaged"))
    media.isSalvaged = true
    #expect(text(media.fileBytes()).contains("\"videoStream\": 0,\n  \"salvaged\": true,\n"))
    let read = try MediaDescriptor(
      json: JSONValue(parsing: media.fileBytes(), what: "m"), file: "m")
    #expect(read == media)
    #expect(read.extra.isEmpty)
  }

  @Test(arguments: [
    (
      "name", "\"/home/me/falls.mp4\"",
      "'name' must be a file's name without its folder, and is \"/home/me/falls.mp4\""
    ),
    (
      "sha256", "\"sha256:00\"",
      "'sha256' must be 'sha256:' and 64 lower-case hexadecimal digits, and is \"sha256:00\""
    ),
    ("size", "-1", "'size' must be a number of bytes, and is -1"),
    ("salvaged", "1", "'salvaged' must be true or false, and is 1"),
    ("videoStream", "1", "'videoStream' is 1, which is no video stream"),
    ("videoStream", "9", "'videoStream' is 9, which is no video stream"),
    (
      "locations", "[\"file:///a\"]",
      "'locations[0]': the scheme 'file' is not one of https, http, s3, gs, az, ipfs"
    ),
    (
      "streams", #"[{"index": 0, "type": "film", "codec": "h264"}]"#,
      "'streams[0].type' must be one of video, audio, subtitle, data, attachment, and is \"film\""
    ),
    (
      "streams",
      #"[{"index":0,"type":"video","codec":"a"},{"index":0,"type":"video","codec":"a"}]"#,
      "'streams' holds two streams of the same index"
    ),
  ])
  func refuses(key: String, value: String, reason: String) throws {
    var object = try #require(Self.full().json.object)
    object[key] = try json(value)
    let error = failure { () throws(ModelError) in
      try MediaDescriptor(json: .object(object), file: "media/falls.json")
    }
    #expect(error.reason == reason)
    object["streams"] = nil
    #expect(throws: ModelError.self) { try MediaDescriptor(json: .object(object), file: "m") }
  }
}
