public import VidgitModel

/// How far an operation is.
public struct OperationProgress: Sendable {
  /// What is being done: "split", "filter", "render", ...
  public var phase: String
  /// Units done, and how many there are where that is known.
  public var done: Int
  public var total: Int?
  /// What is counted: "frames", "bytes", "files", ...
  public var unit: String
  /// Of those done: what was known already, and what could not be made.
  public var reused = 0
  public var failed = 0
  /// Calls of services that are on their way.
  public var inFlight = 0
  /// What was paid so far, by currency.
  public var spent: [Money] = []

  public init(phase: String, done: Int, total: Int? = nil, unit: String = "frames") {
    self.phase = phase
    self.done = done
    self.total = total
    self.unit = unit
  }
}

/// Takes an operation's progress as it goes; called from the operation's own task.
public typealias ProgressHandler = @Sendable (OperationProgress) -> Void
