import Foundation
import Git2
import VidgitModel

extension VideoRepository {
  /// Takes the lock that every command which changes the repository holds, and clears away what a
  /// crash has left.
  ///
  /// - Throws: `VidgitError`: conflict where another process has it.
  func lockExclusively() throws -> FileLock {
    guard let lock = try FileLock(path: local.lock) else {
      throw VidgitError(
        .conflict, "another vidgit is working in the repository of '\(path)'",
        hint: "wait until it is done; reading commands work meanwhile")
    }
    try begin(under: lock)
    return lock
  }

  /// Clears away what a crash has left, and sees to it that the next one can.
  private func begin(under lock: FileLock) throws {
    if let left = try lock.mark() {
      let noted = NotedLocks(names: left.texts, time: left.time)
      // Without the lock some process may be fetching: its pack is none that is left.
      try VidgitError.git {
        let swept = try local.use.alone { try git.sweepStaleFiles(olderThan: 0, noted: noted) }
        if swept == nil { try git.sweepStaleFiles(olderThan: 3600, noted: noted) }
      }
      try lock.note([])
    } else {
      _ = try VidgitError.git { try git.sweepStaleFiles(olderThan: 3600) }
    }
    git.noteLocks { [weak lock] names in
      do {
        try lock?.note(names)
        return nil
      } catch {
        return (error as? VidgitError)?.message ?? "\(error)"
      }
    }
  }

  /// Finishes a commit that a crash has left half visible in this work tree, if there is one and nobody
  /// is at work in the repository.
  func recover() throws {
    guard database.isWritable, try PendingCommit.read(from: local.pending) != nil,
      let lock = try FileLock(path: local.lock)
    else { return }
    try withExtendedLifetime(lock) {
      try begin(under: lock)
      try finishPending()
    }
  }

  /// Finishes a commit that a crash has left half visible in this work tree. The lock must be held.
  ///
  /// The note of it is kept: see `takeFinished`.
  func finishPending() throws {
    guard let pending = try PendingCommit.read(from: local.pending) else { return }
    // Where the crash came before the ref moved the commit never was. Where somebody has gone to
    // another branch since, what the work tree shows is theirs.
    let here = try currentBranch()
    guard try git.reference(named: pending.reference) == pending.to,
      here == pending.branch || here == pending.head
    else { return try clearPending() }
    try show(pending)
    guard rename(local.pending, local.finished) == 0 else {
      throw VidgitError.system("write", local.finished)
    }
    try DurableFile.syncFolder(of: local.finished)
  }

  /// Whether an interrupted run of the same request has made the commit that HEAD is on, and anybody,
  /// such as a command that only looks, has finished it since. It is so once: who asks a second time
  /// means it.
  func takeFinished(request: String, at head: ObjectID) throws -> Bool {
    guard let note = try PendingCommit.read(from: local.finished), note.request == request,
      note.to == head, try currentBranch() == note.branch
    else { return false }
    try DurableFile.remove(local.finished)
    return true
  }

  /// Makes a commit visible: the note, the ref, HEAD, the work tree, in this order, so that a crash
  /// at any instant leaves a whole history and a note by which the next command ends the work.
  func publish(_ pending: PendingCommit, log: String, by signature: Signature) throws {
    var pending = pending
    pending.head = try currentBranch()
    try requireFreePlaces(for: pending)
    try local.makeOwn()
    try pending.write(to: local.pending)
    // From here on another request is the last one.
    if FileStatus.exists(local.finished) { try DurableFile.remove(local.finished) }
    do {
      if pending.from != pending.to {
        try VidgitError.git {
          try git.updateReference(
            pending.reference, to: pending.to, expecting: pending.from, signature: signature,
            message: log)
        }
      }
    } catch {
      try clearPending()
      throw error
    }
    try show(pending)
    try clearPending()
  }

  /// Refuses to begin where files that Git does not know are in the way of the new work tree.
  private func requireFreePlaces(for pending: PendingCommit) throws {
    let paths = try VidgitError.git {
      try git.conflicts(
        tree: git.commit(pending.to).tree,
        baseline: pending.workTree.map { try git.commit($0).tree })
    }
    guard paths.isEmpty else {
      throw VidgitError(
        .conflict,
        "these files are in the way, and Git does not keep them: "
          + paths.prefix(5).joined(separator: ", ")
          + (paths.count > 5 ? " and \(paths.count - 5) more" : ""),
        hint: "nothing was changed: move them away and run the same command again")
    }
  }

  private func show(_ pending: PendingCommit) throws {
    try VidgitError.git {
      if pending.switchesHead {
        try git.setHead(branch: pending.branch)
      }
      let target = try git.commit(pending.to).tree
      let baseline = try pending.workTree.map { try git.commit($0).tree }
      do {
        try git.checkout(tree: target, baseline: baseline)
      } catch let conflict as CheckoutConflict {
        throw VidgitError(
          .conflict,
          "the commit \(pending.to.short) is made, but these files have changes of "
            + "yours and were left alone: \(conflict.paths.joined(separator: ", "))",
          hint: "compare with `git diff`, then keep them with a commit or drop them with "
            + "`git checkout -- PATH`")
      }
    }
  }

  private func clearPending() throws {
    try DurableFile.remove(local.pending)
  }

  /// Refuses to go on where the work tree holds changes that a checkout would have to keep.
  func requireCleanWorkTree() throws {
    guard !git.isBusy else {
      throw VidgitError(
        .conflict, "git is in the middle of a merge, a rebase or the like here",
        hint: "`git status` says of what, and how to finish it or give it up")
    }
    let changed = try VidgitError.git { try git.status() }
      .filter { $0.kind != .untracked }.map(\.path)
    guard changed.isEmpty else {
      let list = changed.prefix(5).joined(separator: ", ")
      throw VidgitError(
        .conflict,
        "there are changes that are not committed: \(list)"
          + (changed.count > 5 ? " and \(changed.count - 5) more" : ""),
        hint: "commit them with `git commit -a`, or put them away with `git stash`")
    }
  }
}
