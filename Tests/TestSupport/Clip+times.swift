import Foundation

// Clips whose times are out of the ordinary.
extension Clip {
  /// Constant rate, H.264 and AAC in MP4: 50 frames of 1/25 s.
  public static let cfr = Clip("cfr.mp4") {
    try $0.ffmpeg(
      ["-f", "lavfi", "-i", LavfiSource.moving(), "-f", "lavfi", "-i", LavfiSource.tone()]
        + EncoderArguments.x264
        + ["-c:a", "aac", $0.output])
  }

  /// Irregular times in 1/90000 s, a gap in the middle, in MP4.
  public static let vfr = Clip("vfr.mp4") {
    try $0.generate(
      [
        "-vf",
        "select='not(eq(mod(n,5),2))*not(between(n,20,27))',settb=1/90000,"
          + "setpts='PTS+if(eq(mod(N,3),1),700,0)'",
      ] + EncoderArguments.x264 + [
        "-fps_mode", "passthrough", "-enc_time_base", "1/90000", "-video_track_timescale", "90000",
      ])
  }

  /// The same in MPEG-TS, where no packet says how long it lasts.
  public static let vfrTransportStream = Clip("vfr-transport.ts") {
    try $0.ffmpeg(["-i", vfr.path(), "-c", "copy", $0.output])
  }

  /// B-frames and a key frame every 12 frames, with sound.
  public static let groups = Clip("groups.mp4") {
    try $0.ffmpeg(
      ["-f", "lavfi", "-i", LavfiSource.moving(), "-f", "lavfi", "-i", LavfiSource.tone()]
        + EncoderArguments.groups
        + ["-c:a", "aac", $0.output])
  }

  /// Cut without encoding, so that an edit list hides what comes before the cut.
  public static let editList = Clip("edit-list.mp4") {
    try $0.ffmpeg(["-ss", "0.7", "-i", groups.path(), "-c", "copy", $0.output])
  }

  /// Open groups cut at a key frame whose leading B-frames refer to what is gone, with an edit list.
  public static let bFramesAtStart = Clip("b-frames-at-start.mp4") {
    try openGroups($0)
    try $0.ffmpeg(["-ss", "1", "-i", $0.part("open.ts"), "-c", "copy", $0.output])
  }

  /// The same in Matroska, which has no edit list.
  public static let bFramesAtStartMatroska = Clip("b-frames-at-start-matroska.mkv") {
    try openGroups($0)
    try $0.ffmpeg(["-ss", "1", "-i", $0.part("open.ts"), "-c", "copy", $0.output])
  }

  /// A transport stream joined in the middle: no key frame at first.
  public static let joinedLate = Clip("joined-late.ts") {
    try openGroups($0)
    let packets = try $0.read($0.part("open.ts"))
    try $0.write(Data(packets.dropFirst(packets.count / 188 / 3 * 188)))
  }

  /// The sound starts 0.4 s before the picture.
  public static let audioEarly = Clip("audio-early.mkv") {
    try $0.ffmpeg([
      "-i", cfr.path(), "-itsoffset", "0.4", "-i", cfr.path(), "-map", "1:v", "-map", "0:a",
      "-c", "copy", $0.output,
    ])
  }

  /// The sound starts 0.4 s after the picture.
  public static let audioLate = Clip("audio-late.mp4") {
    try $0.ffmpeg([
      "-i", cfr.path(), "-itsoffset", "0.4", "-i", cfr.path(), "-map", "0:v", "-map", "1:a",
      "-c", "copy", $0.output,
    ])
  }

  /// A transport stream over the end of its 33 bit clock; libavformat makes the times before it negative.
  public static let negativePts = Clip("negative-pts.ts") {
    try $0.ffmpeg([
      "-i", groups.path(), "-map", "0:v", "-c", "copy", "-output_ts_offset", "95442.4",
      "-muxdelay", "0", "-muxpreload", "0", $0.output,
    ])
  }

  /// H.264 with B-frames in AVI, which has no presentation times: the packets have none, the first frames neither.
  public static let missingPts = Clip("missing-pts.avi") {
    try $0.ffmpeg(["-i", rawStream.path(), "-c", "copy", $0.output])
  }

  /// H.264 with no container: no times at all.
  public static let rawStream = Clip("raw-stream.h264") {
    try $0.ffmpeg(["-i", groups.path(), "-map", "0:v", "-c", "copy", "-f", "h264", $0.output])
  }

  private static func openGroups(_ maker: ClipMaker) throws {
    try maker.generate(
      source: LavfiSource.moving(seconds: 3),
      EncoderArguments.groups + [
        "-bf", "3", "-x264-params", "open-gop=1:keyint=12:min-keyint=12:scenecut=0",
      ], to: maker.part("open.ts"))
  }
}

extension Clip {
  /// Eight frames with sound, for tests that run a command hundreds of times.
  public static let short = Clip("short.mp4") {
    try $0.ffmpeg(
      ["-i", groups.path(), "-frames:v", "8"] + EncoderArguments.x264 + ["-shortest", $0.output])
  }

  /// 1,500 frames of 640x360, for tests that stop a command in the middle.
  public static let long = Clip("long.mp4") {
    try $0.generate(
      source: LavfiSource.moving(size: "640x360", seconds: 60), EncoderArguments.x264)
  }
}
