import Git2
public import VidgitModel

extension VidgitError {
  /// What a failure of libgit2 means to a person.
  init(_ error: Git2Error) {
    let message = "cannot \(error.operation): \(error.message)"
    if error.isModified {
      self.init(
        .conflict, "the branch has moved while this ran: \(error.message)",
        hint: "nothing was lost: run the same command again on the new tip", underlying: error)
    } else if error.isLocked {
      self.init(
        .conflict, message,
        hint: "another program is using the repository; try again when it is done",
        underlying: error)
    } else if error.isNotFound {
      self.init(.notFound, message, hint: Self.shallowHint(error), underlying: error)
    } else if error.message.contains("failed to parse config file") {
      self.init(
        .badInput, message, hint: "mend that file: `git config --list` says the same",
        underlying: error)
    } else if error.isInvalidSpec {
      self.init(.usage, message, underlying: error)
    } else if error.isExists {
      self.init(.conflict, message, underlying: error)
    } else {
      self.init(.system, message, underlying: error)
    }
  }

  /// What helps where an object is missing that others name; nil for anything else.
  static func shallowHint(_ error: Git2Error) -> String? {
    error.isNotFound && error.message.contains("no match for id")
      ? "a part of the history is not here: in a shallow clone `git fetch --unshallow` gets it"
      : nil
  }

  /// Runs `body` and turns an error of libgit2 into one for a person.
  static func git<T: ~Copyable>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as Git2Error {
      throw VidgitError(error)
    }
  }

  /// A file of a manifest, or a notation, that does not say what it should.
  public init(_ error: ModelError, kind: Kind = .badInput) {
    self.init(kind, error.description, hint: error.hint ?? kind.modelHint, underlying: error)
  }

  /// Runs `body` and turns an error of the format into one for a person.
  static func model<T>(_ kind: Kind = .badInput, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as ModelError {
      throw VidgitError(error, kind: kind)
    }
  }
}

extension VidgitError.Kind {
  /// What helps against a file or a notation that does not say what it should.
  fileprivate var modelHint: String? {
    switch self {
    case .usage:
      "ranges are written 10s..20s, 1:00.., 100..200 (frames) or 10%..20%; the end is not in them"
    case .badInput:
      "where it was edited by hand, `git diff` shows how, and `git checkout -- FILE` puts it back"
    default: nil
    }
  }
}
