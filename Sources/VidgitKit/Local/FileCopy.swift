import Foundation

/// Copies of large files, as cheap as the file system allows.
enum FileCopy {
  /// Makes `target` hold the bytes of `source`: a clone, else a hard link, else a copy.
  ///
  /// A clone or a copy is the repository's own. A hard link shares the bytes with the source, so
  /// it is taken only where a clone is not to be had; the digest is checked when it is used.
  static func make(from source: String, to target: String) throws {
    let temporary = target + ".tmp-\(getpid())"
    unlink(temporary)
    if clone(source, temporary) || link(source, temporary) == 0 {
      try DurableFile.rename(temporary, to: target)
      return
    }
    do {
      try FileManager.default.copyItem(atPath: source, toPath: temporary)
      let file = open(temporary, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { throw VidgitError.system("open", temporary) }
      defer { close(file) }
      try DurableFile.sync(file, temporary)
    } catch let error as CocoaError {
      unlink(temporary)
      let code: Int32 = error.code == .fileWriteOutOfSpace ? ENOSPC : EIO
      throw VidgitError.system("copy", source, code)
    } catch {
      unlink(temporary)
      throw error
    }
    try DurableFile.rename(temporary, to: target)
  }

  private static func clone(_ source: String, _ target: String) -> Bool {
    #if canImport(Darwin)
      return clonefile(source, target, 0) == 0
    #else
      let from = open(source, O_RDONLY | O_CLOEXEC)
      guard from >= 0 else { return false }
      defer { close(from) }
      let to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard to >= 0 else { return false }
      defer { close(to) }
      // FICLONE of <linux/fs.h>: _IOW(0x94, 9, int).
      let cloned = ioctl(to, 0x4004_9409, from) == 0 && fsync(to) == 0
      if !cloned { unlink(target) }
      return cloned
    #endif
  }
}
