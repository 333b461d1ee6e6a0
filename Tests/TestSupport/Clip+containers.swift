import Foundation

// Clips whose containers are out of the ordinary, damaged, or no video at all.
extension Clip {
  /// Two videos (the first is 160x120, the second larger), two sounds and a cover picture.
  public static let multiStream = Clip("multi-stream.mp4", encoders: ["libx264", "aac", "png"]) {
    try $0.generate(
      source: LavfiSource.moving(size: "96x64", seconds: 1), ["-frames:v", "1"],
      to: $0.part("cover.png"))
    let inputs = [
      LavfiSource.moving(), "mandelbrot=size=192x144:rate=20", LavfiSource.tone(),
      LavfiSource.tone(220),
    ].flatMap { ["-f", "lavfi", "-i", $0] }
    try $0.ffmpeg(
      inputs + [
        "-i", $0.part("cover.png"), "-t", "2",
        "-map", "0:v", "-map", "1:v", "-map", "2:a", "-map", "3:a", "-map", "4:v",
        "-c:v:0", "libx264", "-c:v:1", "libx264", "-preset", "ultrafast", "-threads", "1",
        "-pix_fmt:v:0", "yuv420p", "-pix_fmt:v:1", "yuv420p", "-c:v:2", "copy", "-c:a", "aac",
        "-disposition:v:2", "attached_pic", $0.output,
      ])
  }

  /// Subtitles, two chapters and a title in Matroska.
  public static let subtitlesAndChapters = Clip("subtitles-chapters.mkv") {
    try $0.write(
      Data("1\n00:00:00,200 --> 00:00:01,000\nHello\n".utf8), to: $0.part("text.srt"))
    let chapters = [("One", 0, 1000), ("Two", 1000, 2000)].map {
      "[CHAPTER]\nTIMEBASE=1/1000\nSTART=\($0.1)\nEND=\($0.2)\ntitle=\($0.0)\n"
    }
    try $0.write(
      Data((";FFMETADATA1\ntitle=Clip\n" + chapters.joined()).utf8), to: $0.part("chapters.txt"))
    try $0.ffmpeg([
      "-i", cfr.path(), "-i", $0.part("text.srt"), "-i", $0.part("chapters.txt"),
      "-map", "0", "-map", "1", "-map_metadata", "2", "-c", "copy", "-c:s", "srt", $0.output,
    ])
  }

  /// MP4 with its index first, cut at 60 %: the index promises frames that are not there.
  public static let truncatedMP4 = Clip("truncated.mp4") {
    try $0.ffmpeg([
      "-i", groups.path(), "-c", "copy", "-movflags", "+faststart", $0.part("whole.mp4"),
    ])
    let whole = try $0.read($0.part("whole.mp4"))
    try $0.write(whole.prefix(whole.count * 6 / 10))
  }

  /// MP4 with its index last, which is gone: nothing decodes.
  public static let withoutIndex = Clip("without-index.mp4") {
    let whole = try $0.read(groups.path())
    try $0.write(whole.prefix(whole.count * 6 / 10))
  }

  /// MP4 whose pictures are damaged in forty places, with its index whole.
  public static let damagedMP4 = Clip("damaged.mp4") {
    try $0.generate(
      source: LavfiSource.moving(size: "320x240", seconds: 4),
      ["-vf", "noise=alls=20:allf=t:all_seed=1", "-movflags", "+faststart"]
        + EncoderArguments.groups, to: $0.part("whole.mp4"))
    var data = try $0.read($0.part("whole.mp4"))
    guard let box = data.firstRange(of: Data("mdat".utf8)) else {
      throw TestSupportError("no 'mdat' in the clip")
    }
    var random: UInt64 = 1
    for _ in 0..<40 {
      random = (random &* 1_103_515_245 &+ 12345) & 0x7fff_ffff
      data[box.upperBound + Int(random) % (data.count - box.upperBound)] ^= 0x5a
    }
    try $0.write(data)
  }

  /// Matroska cut at 60 %.
  public static let truncatedMatroska = Clip("truncated-matroska.mkv") {
    try $0.ffmpeg(["-i", groups.path(), "-c", "copy", $0.part("whole.mkv")])
    let whole = try $0.read($0.part("whole.mkv"))
    try $0.write(whole.prefix(whole.count * 6 / 10))
  }

  /// Sound only.
  public static let noVideo = Clip("no-video.m4a", encoders: ["aac"]) {
    try $0.generate(source: LavfiSource.tone(), ["-c:a", "aac"])
  }

  /// An MP4 with a video stream and not one sample: the head of a fragmented file.
  public static let zeroFrames = Clip("zero-frames.mp4") {
    try $0.ffmpeg([
      "-i", cfr.path(), "-map", "0:v", "-c", "copy",
      "-movflags", "+frag_keyframe+empty_moov+default_base_moof", $0.part("fragments.mp4"),
    ])
    let data = try $0.read($0.part("fragments.mp4"))
    guard let fragment = data.firstRange(of: Data("moof".utf8)) else {
      throw TestSupportError("no fragment in the fragmented file")
    }
    // Four bytes of length stand before the box's name.
    try $0.write(data.prefix(fragment.lowerBound - 4))
  }

  /// A sample description that names a codec nobody has.
  public static let unknownCodec = Clip("unknown-codec.mp4") {
    var data = try $0.read(cfr.path())
    guard let table = data.firstRange(of: Data("stsd".utf8)),
      let codec = data[table.upperBound...].firstRange(of: Data("avc1".utf8))
    else { throw TestSupportError("no sample description in '\(cfr.fileName)'") }
    data.replaceSubrange(codec, with: Data("zzzz".utf8))
    try $0.write(data)
  }

  public static let emptyFile = Clip("empty.mp4", encoders: []) { try $0.write(Data()) }

  public static let text = Clip("text.mp4", encoders: []) {
    try $0.write(Data(String(repeating: "This is no video.\n", count: 200).utf8))
  }

  /// An HLS playlist that names a real video beside it, under the name of an MP4.
  public static let disguisedPlaylist = Clip("playlist.mp4") {
    try $0.ffmpeg(["-i", cfr.path(), "-c", "copy", $0.part("segment.ts")])
    try $0.write(
      Data(
        """
        #EXTM3U
        #EXT-X-VERSION:3
        #EXT-X-TARGETDURATION:2
        #EXTINF:2.0,
        \($0.part("segment.ts"))
        #EXT-X-ENDLIST

        """.utf8))
  }

  /// A script of the concat demuxer that names a real video, under the name of an MP4.
  public static let disguisedConcat = Clip("concat.mp4") {
    // A name in the same folder passes the demuxer's own check of names.
    let name = try URL(fileURLWithPath: cfr.path()).lastPathComponent
    try $0.write(Data("ffconcat version 1.0\nfile '\(name)'\n".utf8))
  }

  /// Clips whose every frame `ffmpeg` decodes, all of one size.
  public static let decodable: [Clip] = [
    cfr, vfr, vfrTransportStream, groups, editList, bFramesAtStart, bFramesAtStartMatroska,
    audioEarly, audioLate, negativePts, missingPts, rawStream,
    rotated90, rotated180, rotated270, flippedHorizontally, flippedVertically, transposed,
    tenBit, interlaced, oddSize, oddSize444, alpha, alphaPacked, palette, gif, nv12, rgb24,
    fullRange, hdr, sampleAspectRatio, multiStream, subtitlesAndChapters,
  ]

  /// Files that no frame can come from.
  public static let undecodable: [Clip] = [
    withoutIndex, noVideo, zeroFrames, unknownCodec, emptyFile, text, disguisedPlaylist,
    disguisedConcat,
  ]

  /// Files that some frames can be saved from, or whose frames differ in size.
  public static let damaged: [Clip] = [truncatedMP4, truncatedMatroska, joinedLate, sizeChange]
}
