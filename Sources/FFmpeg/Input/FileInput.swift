import CFFmpeg
import Foundation

/// A file that is open for reading, offered to libavformat through callbacks.
///
/// Media is a stranger's input: libavformat gets the bytes of one opened file and no way to open
/// another, whatever the file's contents ask for.
final class FileInput {
  let context: UnsafeMutablePointer<AVIOContext>
  let size: Int64
  let descriptor: Int32
  private let gaps: (any FileGaps)?
  private var position: Int64 = 0
  /// The `errno` of the first read that failed; libavformat may go on as if the file had ended.
  private(set) var failure: Int32 = 0

  /// Where in the file what is offered begins.
  let base: Int64

  private static let bufferSize = 1 << 16

  /// - Parameter part: the bytes that are offered as if they were a file; nil offers all.
  init(path: String, part: Range<Int64>? = nil) throws(FFmpegError) {
    let name = "open '\(path)'"
    // A FIFO must not wait for its writer; for a regular file the flag means nothing.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw FFmpegError(code: vg_averror(errno), operation: name)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FFmpegError(invalid: name, detail: "not a regular file")
    }
    guard let buffer = av_malloc(Self.bufferSize),
      let context = avio_alloc_context(
        buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferSize), 0, nil,
        { Unmanaged<FileInput>.fromOpaque($0!).takeUnretainedValue().read($1!, Int($2)) }, nil,
        { Unmanaged<FileInput>.fromOpaque($0!).takeUnretainedValue().seek($1, $2) })
    else {
      close(descriptor)
      throw FFmpegError(code: vg_averror(ENOMEM), operation: name)
    }
    self.descriptor = descriptor
    self.gaps = PartialFiles.gaps(of: path)
    let whole = 0..<Int64(status.st_size)
    self.base = (part ?? whole).clamped(to: whole).lowerBound
    self.size = Int64((part ?? whole).clamped(to: whole).count)
    self.context = context
    context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    context.pointee.seekable = AVIO_SEEKABLE_NORMAL
  }

  deinit {
    // libavformat may have replaced the buffer: free the one the context holds now.
    av_freep(&context.pointee.buffer)
    var context: UnsafeMutablePointer<AVIOContext>? = context
    avio_context_free(&context)
    close(descriptor)
  }

  private func read(_ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int32 {
    let count = Int(min(Int64(count), max(0, size - position)))
    // libavformat seeks to wherever a file says.
    guard count > 0 else { return vg_AVERROR_EOF }
    guard fill(position, count) else {
      failure = EIO
      return vg_averror(EIO)
    }
    while true {
      let read = pread(descriptor, buffer, count, off_t(base + position))
      if read > 0 {
        position += Int64(read)
        return Int32(read)
      }
      if read == 0 { return vg_AVERROR_EOF }
      if errno == EINTR { continue }
      failure = errno
      return vg_averror(errno)
    }
  }

  /// Whether these bytes are in the file now, where it has gaps.
  func fill(_ position: Int64, _ count: Int) -> Bool {
    guard let gaps, count > 0 else { return true }
    return (try? gaps.fill(base + position..<base + position + Int64(count))) != nil
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    switch whence & ~AVSEEK_FORCE {
    case AVSEEK_SIZE: return size
    case SEEK_SET: position = offset
    case SEEK_CUR: position += offset
    case SEEK_END: position = size + offset
    default: return Int64(vg_averror(EINVAL))
    }
    return position
  }
}
