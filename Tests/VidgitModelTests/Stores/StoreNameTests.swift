import Testing

@testable import VidgitModel

@Suite struct StoreLocationTests {
  @Test func readsEveryForm() throws {
    let forms: [(String, StoreLocation, String)] = [
      ("file:/mnt/films", .folder(path: "/mnt/films"), "file:/mnt/films"),
      ("file:///mnt//films/", .folder(path: "/mnt/films"), "file:/mnt/films"),
      ("file:/mnt/a b?c", .folder(path: "/mnt/a b?c"), "file:/mnt/a b?c"),
      ("s3://films", .s3(bucket: "films", prefix: ""), "s3://films"),
      ("s3://films//a/b/", .s3(bucket: "films", prefix: "a/b"), "s3://films/a/b"),
      ("https://h.example/x/", .web(base: "https://h.example/x"), "https://h.example/x"),
      ("http://[::1]:8080", .web(base: "http://[::1]:8080"), "http://[::1]:8080"),
      ("rclone:nas:a/b", .rclone(remote: "nas", path: "a/b"), "rclone:nas:a/b"),
      ("rclone:nas:/a", .rclone(remote: "nas", path: "/a"), "rclone:nas:/a"),
      ("dropbox:films", .rclone(remote: "dropbox", path: "films"), "rclone:dropbox:films"),
      ("gdrive:a/b", .rclone(remote: "gdrive", path: "a/b"), "rclone:gdrive:a/b"),
      (
        "github-release:ada/films",
        .gitHubRelease(owner: "ada", repository: "films", tag: "vidgit"),
        "github-release:ada/films"
      ),
      (
        "github-release:ada/films.x/v1",
        .gitHubRelease(owner: "ada", repository: "films.x", tag: "v1"),
        "github-release:ada/films.x/v1"
      ),
    ]
    for (text, expected, canonical) in forms {
      let location = try StoreLocation(parsing: text)
      #expect(location == expected)
      #expect(location.text == canonical)
      #expect(try StoreLocation(parsing: canonical) == expected)
    }
    #expect(
      Set(forms.map { String($0.0.prefix { $0 != ":" }) }) == Set(StoreLocation.schemes))
  }

  @Test(arguments: [
    "", "films", "/mnt/films", "file:films", "file://host/films", "file:/", "file:/a/../b",
    "file:/a/./b", "file:/a\u{0}b", "file:/a\nb", "s3:films", "s3://", "s3://Films", "s3://ab",
    "s3://a_b_c", "s3://-abc", "s3://a..b", "s3://films/../x", "s3://films/a b", "s3://films/a%2fb",
    "s3://key:secret@films", "ftp://h/x", "https://", "https://u:p@h/x", "https://h/x?y",
    "https://h/x#y",
    "https://h/ä", "rclone:nas", "rclone::sftp,ssh=touch:x", "rclone:-o:x", "rclone:a b:x",
    "rclone:nas:../x", "dropbox:a/../../b", "github-release:ada", "github-release:ada/films/a/b",
    "github-release:ada/..", "github-release:../films", "github-release:a?b/films",
  ])
  func refusesWhatIsNone(_ text: String) {
    #expect(throws: ModelError.self) { try StoreLocation(parsing: text) }
  }
}

@Suite struct StoreNameTests {
  private let digest = Digest(of: [1, 2, 3])

  @Test func namesSayWhatTheyAre() throws {
    let key = FrameKey(
      digest: digest, shape: FrameShape(width: 1920, height: 1080, pixelFormat: "yuv420p10le"))
    let object = try #require(StoreName.object(key))
    #expect(object.text == "objects/03/\(digest.hex)-1920x1080-yuv420p10le.nut")
    #expect(object.kind == .object(key))
    #expect(StoreName.pack(digest).text == "packs/\(digest.hex).pack")
    #expect(StoreName.pack(digest).kind == .pack(digest))
    #expect(StoreName.index(of: digest).kind == .index(digest))
    #expect(StoreName.media(digest).kind == .media(digest))
    #expect(StoreName.packList.kind == .packList)
    for name in [object, .pack(digest), .index(of: digest), .media(digest), .packList] {
      #expect(StoreName(name.text) == name)
    }
    #expect(StoreName("media/x")?.kind == nil)
    #expect(StoreName("objects/04/\(digest.hex)-1920x1080-yuv420p.nut")?.kind == nil)
  }

  @Test(arguments: [
    "", "/", "/etc/passwd", "a/", "a//b", "..", "../x", "a/../b", "a/..", "a/./b", ".git/config",
    "a/.hidden", "A", "a\\b", "a b", "a%2fb", "a:b", "a?b", "a#b", "a\u{0}", "a\nb", "ä", "-o",
    "a/-o",
    "~", "a*", "$(x)", String(repeating: "a", count: 201),
  ])
  func nothingLeadsOut(_ text: String) {
    #expect(StoreName(text) == nil)
  }

  @Test(arguments: [
    "../../x", "a/b", "YUV", "", "a-b", "a b", String(repeating: "a", count: 33), "yuv420p.nut",
  ])
  func aStrangersPixelFormatIsNoPath(_ format: String) {
    let key = FrameKey(
      digest: digest, shape: FrameShape(width: 2, height: 2, pixelFormat: format))
    #expect(StoreName.object(key) == nil)
    #expect(FrameKey(text: key.text) == nil)
  }

  @Test func keysAreWrittenInOneWay() {
    let hex = digest.hex
    #expect(FrameKey(text: "\(hex)-2x2-gray") != nil)
    for text in [
      "\(hex)-02x2-gray", "\(hex)-+2x2-gray", "\(hex)-0x2-gray", "\(hex)-2x70000-gray",
      "\(hex)2x2-gray", "\(hex.uppercased())-2x2-gray", "\(hex.dropLast())-2x2-gray",
    ] {
      #expect(FrameKey(text: text) == nil, "\(text)")
    }
  }
}

@Suite struct PackIndexTests {
  private static func key(_ number: UInt8) -> FrameKey {
    FrameKey(
      digest: Digest(of: [number]), shape: FrameShape(width: 4, height: 2, pixelFormat: "gray"))
  }

  @Test func goldenBytes() throws {
    var index = PackIndex()
    index.append(Self.key(1), size: 10, digest: Digest(of: [9]))
    index.append(Self.key(2), size: 7, digest: Digest(of: [8]))
    let text = """
      vidgit-pack/1
      4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a-4x2-gray 10 \
      2b4c342f5433ebe591a1da77e013d1b72475562d48578dca8b84bac6651c3cb9
      dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986-4x2-gray 7 \
      beead77994cf573341ec17b58bbf7eb34d2711c993c1d976b128b3188dc1829a

      """
    #expect(String(decoding: index.encoded(), as: UTF8.self) == text)
    let read = try PackIndex(parsing: Array(text.utf8), what: "x")
    #expect(read == index)
    #expect(read.packSize == 17)
    #expect(read.entries.map(\.offset) == [0, 10])
  }

  @Test func refusesWhatIsNone() {
    let good = "\(Self.key(1).text) 10 \(Digest(of: []).hex)\n"
    let bad = [
      "", "\n", "vidgit-pack/2\n", "vidgit-pack/1", "vidgit-pack/1\n\n",
      "vidgit-pack/1\n\(good.dropLast())",
      "vidgit-pack/1\n" + good.replacing(" 10 ", with: " -1 "),
      "vidgit-pack/1\n" + good.replacing(" 10 ", with: " 0 "),
      "vidgit-pack/1\n" + good.replacing(" 10 ", with: " 9223372036854775807 "),
      "vidgit-pack/1\n" + good.replacing(" 10 ", with: "  10 "),
      "vidgit-pack/1\n" + good.replacing("-4x2", with: "-4x2/.."),
    ]
    for text in bad {
      #expect(throws: ModelError.self, "\(text)") {
        try PackIndex(parsing: Array(text.utf8), what: "x")
      }
    }
  }

  @Test func listsPacks() throws {
    let list = PackList([Digest(of: [1]): 5, Digest(of: [2]): 9])
    #expect(try PackList(parsing: list.encoded(), what: "x") == list)
    #expect(try PackList(parsing: [], what: "x").packs.isEmpty)
    for text in ["x\n", "\(Digest(of: []).hex) 5", "\(Digest(of: []).hex) 0\n"] {
      #expect(throws: ModelError.self) { try PackList(parsing: Array(text.utf8), what: "x") }
    }
  }
}

@Suite struct XMLElementTests {
  private func parse(_ text: String) throws -> XMLElement {
    try XMLElement(parsing: Array(text.utf8), what: "x")
  }

  @Test func readsAListOfS3() throws {
    let root = try parse(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- a > comment --><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
      <IsTruncated>true</IsTruncated><Contents><Key>a&amp;b&#x41;&#66;</Key><Size>12</Size></Contents>
      <Contents><Key>c</Key></Contents><Empty/></ListBucketResult>
      """)
    #expect(root.name == "ListBucketResult")
    #expect(root["IsTruncated"]?.text == "true")
    #expect(
      root.children.filter { $0.name == "Contents" }.map { $0["Key"]?.text } == ["a&bAB", "c"])
    #expect(root["Empty"]?.children == [])
  }

  @Test(arguments: [
    "", "x", "<a>", "<a></b>", "<a><b></a></b>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
    "<a>&x;</a>",
    "<a>&#xD800;</a>", "<a>&amp</a>", "</a>", "<1/>", "<a", "text<a/>", "<!-- <a/>",
    String(repeating: "<a>", count: 20) + String(repeating: "</a>", count: 20),
  ])
  func refusesWhatIsNone(_ text: String) {
    #expect(throws: ModelError.self) { try parse(text) }
  }
}
