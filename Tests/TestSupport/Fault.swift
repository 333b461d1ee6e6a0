/// A way to break one of the calls that change the disk.
public enum Fault: String, Sendable, CaseIterable {
  /// The process is killed (SIGKILL) instead of the call.
  case killBefore = "before"
  /// The process is killed when the call is made.
  case killAfter = "after"
  /// The process is killed when half of a write is made; for other calls the same as `killBefore`.
  case killInWrite = "torn"
  /// The disk is full: the first call from the given one on that needs space fails with ENOSPC.
  case diskFull = "enospc"
  /// The call fails with EIO.
  case readWriteError = "eio"

  /// Whether the process ends by this, whatever it does about errors.
  public var kills: Bool { self == .killBefore || self == .killAfter || self == .killInWrite }
}

/// One call that changed the disk below the watched folder.
public struct FaultCall: Sendable, Equatable, CustomStringConvertible {
  /// From 1, in the order in which the processes made them.
  public let number: Int
  /// "write", "fsync", "rename", "open-create", ...
  public let operation: String
  /// The absolute path; for a rename or link the old one.
  public let path: String
  /// The new path of a rename or link.
  public let newPath: String?
  /// Whether this is the call that was broken.
  public let isBroken: Bool

  public var description: String {
    "\(isBroken ? "!" : "")\(number) \(operation) \(path)\(newPath.map { " -> \($0)" } ?? "")"
  }

  static func parse(_ trace: String) -> [FaultCall] {
    trace.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 3 else { return nil }
      let isBroken = fields[0].hasPrefix("!")
      guard let number = Int(isBroken ? fields[0].dropFirst() : fields[0][...]) else { return nil }
      return FaultCall(
        number: number, operation: fields[1], path: fields[2],
        newPath: fields.count > 3 ? fields[3] : nil, isBroken: isBroken)
    }
  }
}

extension [FaultCall] {
  /// Files that got their final name before their content was forced to disk: a loss of power between the two
  /// leaves a name without its content, which no kill of a process shows.
  public var renamedBeforeSync: [FaultCall] {
    var unsynced: Set<String> = []
    var faults: [FaultCall] = []
    for call in self {
      switch call.operation {
      case "write", "pwrite", "writev", "pwritev", "ftruncate", "copy_file_range", "sendfile":
        unsynced.insert(call.path)
      case "fsync", "fdatasync":
        unsynced.remove(call.path)
      case "unlink":
        unsynced.remove(call.path)
      case "rename", "link":
        guard unsynced.contains(call.path), let newPath = call.newPath else { continue }
        faults.append(call)
        if call.operation == "rename" { unsynced.remove(call.path) }
        unsynced.insert(newPath)
      default: break
      }
    }
    return faults
  }

  /// Folders that got a new name in them and were not forced to disk afterwards.
  public var unsyncedFolders: [String] {
    var unsynced: [String] = []
    for call in self {
      switch call.operation {
      case "rename", "link":
        guard let folder = call.newPath?.split(separator: "/").dropLast().joined(separator: "/")
        else { continue }
        if !unsynced.contains("/" + folder) { unsynced.append("/" + folder) }
      case "fsync", "fdatasync": unsynced.removeAll { $0 == call.path }
      default: break
      }
    }
    return unsynced
  }
}
