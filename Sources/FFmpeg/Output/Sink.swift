import CFFmpeg

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where a muxer's bytes go: never through libavformat's own protocols.
///
/// A class, since libavformat holds a pointer to it.
class Sink {
  fileprivate(set) var position: Int64 = 0
  /// The number of bytes from the start to the end of what is written.
  fileprivate(set) var size: Int64 = 0
  /// The errno of the first write that failed.
  fileprivate(set) var failure: Int32?

  /// Writes all bytes at `position`; an errno where it cannot.
  func write(_ bytes: UnsafeRawBufferPointer) -> Int32? { nil }

  private func append(_ bytes: UnsafeRawBufferPointer) -> Int32 {
    if let failure { return vg_averror(failure) }
    if let code = write(bytes) {
      failure = code
      return vg_averror(code)
    }
    position += Int64(bytes.count)
    size = max(size, position)
    return Int32(bytes.count)
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    let target: Int64
    switch whence & ~AVSEEK_FORCE {
    case AVSEEK_SIZE: return size
    case SEEK_SET: target = offset
    case SEEK_CUR: target = position + offset
    case SEEK_END: target = size + offset
    default: return Int64(vg_averror(EINVAL))
    }
    guard target >= 0 else { return Int64(vg_averror(EINVAL)) }
    position = target
    return target
  }

  /// A context that writes here. Free it with `vg_avio_free`, and keep the sink alive until then.
  func context() throws(FFmpegError) -> UnsafeMutablePointer<AVIOContext> {
    try allocated(
      "open an output",
      vg_avio_alloc_writer(
        1 << 18, Unmanaged.passUnretained(self).toOpaque(),
        { opaque, bytes, count in
          Unmanaged<Sink>.fromOpaque(opaque!).takeUnretainedValue()
            .append(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
        },
        { opaque, offset, whence in
          Unmanaged<Sink>.fromOpaque(opaque!).takeUnretainedValue().seek(offset, whence)
        }))
  }
}

/// A sink in memory.
final class MemorySink: Sink {
  private(set) var bytes: [UInt8] = []

  override func write(_ new: UnsafeRawBufferPointer) -> Int32? {
    let start = Int(position)
    if start > bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: start - bytes.count))
    }
    let overlap = min(bytes.count - start, new.count)
    bytes.replaceSubrange(start..<start + overlap, with: new[..<overlap])
    bytes.append(contentsOf: new[overlap...])
    return nil
  }
}

/// A file that a muxer writes: created or emptied when it is opened.
final class FileSink: Sink {
  private var descriptor: Int32

  init(path: String) throws(FFmpegError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    super.init()
    if descriptor < 0 {
      throw FFmpegError(code: vg_averror(errno), operation: "create '\(path)'")
    }
  }

  deinit {
    if descriptor >= 0 { _ = Self.closed(descriptor) }
  }

  override func write(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(position) + off_t(done))
      if written > 0 {
        done += written
      } else if written == 0 {
        return EIO
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }

  /// Brings the bytes to the disk and closes the file; the errno of what failed.
  func sync() -> Int32? {
    #if canImport(Darwin)
      // fsync alone leaves the bytes in the drive's cache there.
      var failed = fcntl(descriptor, F_FULLFSYNC) < 0 && fsync(descriptor) < 0 ? errno : nil
    #else
      var failed = fsync(descriptor) < 0 ? errno : nil
    #endif
    // Pipes and character devices have nothing to sync.
    if failed == EINVAL || failed == ENOTSUP { failed = nil }
    let closing = Self.closed(descriptor)
    descriptor = -1
    failure = failure ?? failed ?? closing
    return failure
  }

  private static func closed(_ descriptor: Int32) -> Int32? {
    close(descriptor) < 0 && errno != EINTR ? errno : nil
  }
}

extension FFmpegError {
  /// The errno behind the code, where it is one: `ENOSPC`, `EIO`, ...
  public var posixCode: Int32? {
    // libav's own codes are four characters, far below.
    (1..<4096).contains(-Int(code)) ? -code : nil
  }
}
