import FFmpeg
import Foundation
import Git2
import VidgitModel

/// A folder of pictures on its way into a repository: the files go into one archive as they are,
/// which becomes the medium, and every picture is a frame.
struct PictureImport {
  private let folder: String
  /// In the order of play.
  private let files: [FolderName]
  private let timebase: Rational
  private let start: Int64
  /// Ticks of each picture.
  private let durations: [Int64]
  private let notes: [String]

  /// - Throws: `VidgitError`: usage where it is not said how long the pictures show.
  init(folder: String, _ options: ImportOptions) throws {
    self.folder = folder
    (files, notes) = try Self.list(folder)
    switch (options.rate, options.timecodes) {
    case (let rate?, nil):
      timebase = Rational(rate.den, rate.num).reduced
      guard timebase.num <= Int32.max, timebase.den <= Int32.max else {
        throw VidgitError(.usage, "the rate \(rate) is beyond what a video can have")
      }
      start = 0
      durations = Array(repeating: 1, count: files.count)
    case (nil, let path?):
      let file = try Self.timecodes(path)
      timebase = file.timebase
      start = file.starts[0]
      durations = try Self.durations(file.starts, count: files.count, path)
    default:
      throw VidgitError(
        .usage, "say how long the pictures show, in one way",
        hint: "--fps 25, or --timecodes FILE with the start of each in milliseconds")
    }
  }

  /// Every file that is not hidden, in natural order. What is left out is said.
  private static func list(_ folder: String) throws -> ([FolderName], notes: [String]) {
    var (files, folders, hidden) = ([FolderName](), 0, 0)
    for name in try FolderName.all(in: folder) {
      switch name.kind(in: folder) {
      case _ where name.isHidden: hidden += 1
      case .file: files.append(name)
      case .folder: folders += 1
      case .other:
        throw VidgitError(
          .badInput,
          "'\(name.shown)' in the folder '\(TerminalText.escaped(folder))' is no file: a link to "
            + "nothing, or a device",
          hint: "mend it or take it out: no picture is left out silently")
      }
    }
    files.sort { NaturalOrder.precedes($0.bytes, $1.bytes) }
    guard !files.isEmpty else {
      throw VidgitError(
        .badInput, "the folder '\(TerminalText.escaped(folder))' holds no file",
        hint: "name the folder that the pictures are in; those within it are not looked at")
    }
    var notes: [String] = []
    if folders > 0 { notes.append("\(Counted.text(folders, "folder")) in it: not looked at") }
    if hidden > 0 { notes.append("\(Counted.text(hidden, "hidden file")): left out") }
    return (files, notes)
  }

  private static func timecodes(_ path: String) throws -> TimecodeFile {
    guard let size = FileStatus(path: path)?.size, size <= 256 << 20,
      let data = FileManager.default.contents(atPath: path)
    else {
      throw VidgitError(
        .notFound, "the file of timecodes '\(TerminalText.escaped(path))' cannot be read",
        hint: "look at the path; it is a text of at most 256 MiB")
    }
    return try VidgitError.foreign {
      try TimecodeFile(
        parsing: String(decoding: data, as: UTF8.self), file: (path as NSString).lastPathComponent)
    }
  }

  /// A time more than there are pictures is where the last one ends; without it the last one shows
  /// as long as the one before.
  private static func durations(_ starts: [Int64], count: Int, _ path: String) throws -> [Int64] {
    guard starts.count == count || starts.count == count + 1, starts.count > 1 else {
      throw VidgitError(
        .badInput,
        "'\(TerminalText.escaped(path))' has \(starts.count) times, and there are \(count) pictures",
        hint: "one for each is needed, and one more for the end of the last where it is known")
    }
    var durations = zip(starts.dropFirst(), starts).map { $0 - $1 }
    if durations.count < count { durations.append(durations.last!) }
    return durations
  }

  /// Packs, decodes and hashes every picture.
  func write(
    in repository: VideoRepository, jobs: Int?, _ pack: inout PackWriter,
    _ progress: ProgressHandler
  ) async throws -> ImportedTimeline {
    let name = (folder as NSString).lastPathComponent
    let uri = FileNames.media(FileNames.safe(name)) ?? FileNames.mediaFolder + "pictures.json"
    try DurableFile.makeFolder(repository.local.media)
    let archive = try PictureArchiveWriter("\(repository.local.media)/pictures.tmp-\(getpid())")
    var timeline = ImportedTimeline(notes: notes)
    let firstPart = try archive.add(files[0], in: folder)
    let first = try picture(files[0], in: archive.path, firstPart).decode()
    let header = Header(
      name: name, timebase: timebase, start: start, first: first, stream: nil, audio: [])
    timeline.writer.header = header
    var next = 0
    try await mapInOrder(
      width: Width.of(frameBytes: first.byteCount, jobs: jobs),
      next: { () throws -> PictureArchive.Picture? in
        guard next < files.count else { return nil }
        defer { next += 1 }
        let part = next == 0 ? firstPart : try archive.add(files[next], in: folder)
        return picture(files[next], in: archive.path, part)
      },
      transform: { picture in try picture.decode().key },
      consume: { key in
        let number = timeline.writer.frameCount
        var line = FrameLine(
          pts: Int64(number), dur: durations[number], hash: key.digest, uri: uri)
        line.setShape(key.shape, in: header)
        try timeline.writer.append(line, to: &pack)
        progress(OperationProgress(phase: "import", done: number + 1, total: files.count))
      })
    let codec = try codec(of: archive.path, firstPart)
    let (digest, size) = try archive.finish()
    try DurableFile.rename(archive.path, to: repository.media.copyPath(of: digest))
    try repository.media.rememberCopy(of: digest)
    var stream = MediaStream(index: 0, type: "video", codec: codec)
    (stream.width, stream.height) = (first.width, first.height)
    stream.pixelFormat = first.pixelFormat.name
    timeline.media[uri] = MediaDescriptor(
      name: name + ".tar", sha256: digest, size: size, container: PictureArchive.container,
      videoStream: 0, streams: [stream])
    return timeline
  }

  private func picture(
    _ name: FolderName, in path: String, _ part: Range<Int64>
  ) -> PictureArchive.Picture {
    PictureArchive.picture(in: path, part: part, name: "'\(name.shown)'")
  }

  private func codec(of path: String, _ part: Range<Int64>) throws -> String {
    var options = VideoReader.Options()
    options.part = part
    return try VidgitError.reading {
      try VideoReader(path: path, options: options).stream.codec
    }
  }
}
