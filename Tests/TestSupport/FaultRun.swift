import Foundation

/// Runs one command again and again from the same start and breaks another of its disk calls each time.
///
/// Linux only, and only for dynamically linked programs: see `Tests/FaultInjection/fault.c`. The command always
/// runs in the same folder, which is put back to its start before each run, so absolute paths that the
/// start state remembers stay true.
public final class FaultRun {
  /// Why it cannot be done here, in words; nil where it can.
  public static var unavailable: String? {
    #if os(Linux)
      library == nil ? "libFaultInjection.so is not built beside the test bundle" : nil
    #else
      "fault injection works with LD_PRELOAD, on Linux only"
    #endif
  }

  private static let library = BuildProducts.find("libFaultInjection.so") {
    FileManager.default.fileExists(atPath: $0)
  }

  /// Where the command runs, and what is watched.
  public let folder: String
  private let tool: Tool
  private let arguments: [String]
  private let place: TemporaryFolder
  private let cp: Tool

  /// - Parameters:
  ///   - tool: the program.
  ///   - arguments: its arguments; paths in them are absolute, or relative to `folder`.
  ///   - prepare: makes the start state in the folder that it is given.
  public init(
    _ tool: Tool, _ arguments: [String], prepare: (_ folder: String) throws -> Void = { _ in }
  ) throws {
    if let reason = Self.unavailable { throw TestSupportError(reason) }
    self.tool = tool
    self.arguments = arguments
    place = try TemporaryFolder("fault")
    cp = try Tool.require("cp")
    folder = try place.folder("run")
    try prepare(folder)
    try cp.succeed(["-a", folder, place.file("start")])
  }

  /// How one run went.
  public struct Outcome {
    /// The number of the call that was to be broken.
    public let number: Int
    public let fault: Fault?
    public let result: ToolResult
    /// The calls that were made, with the broken one marked.
    public let calls: [FaultCall]

    /// Whether anything was broken; false when the run made fewer calls than `number`.
    public var isBroken: Bool { calls.contains(where: \.isBroken) }

    /// What to say when a check after it fails.
    public var description: String {
      let call = calls.first(where: \.isBroken).map(\.description) ?? "nothing was broken"
      return "\(fault?.rawValue ?? "undisturbed") at call \(number): \(call)\n\(result.snapshot)"
    }
  }

  /// Runs the command undisturbed from the start state and leaves the folder as the command left it.
  public func undisturbed() throws -> Outcome {
    try restore()
    return try run(nil, at: 0, sticky: false)
  }

  /// Runs the command from the start state with one fault and leaves the folder as that left it.
  ///
  /// - Parameters:
  ///   - number: the call, from 1.
  ///   - sticky: whether a full or broken disk stays so for the rest of the run.
  public func broken(_ fault: Fault, at number: Int, sticky: Bool = false) throws -> Outcome {
    try restore()
    return try run(fault, at: number, sticky: sticky)
  }

  /// Runs the command again, undisturbed and where the last run left the folder.
  public func again() throws -> Outcome { try run(nil, at: 0, sticky: false) }

  /// Breaks every call in turn, and hands what came of it to `check`.
  ///
  /// - Parameter step: 1 for every call; `VIDGIT_FAULT_STEP` overrides it, for a quick look.
  /// - Returns: how many runs there were in which a call was broken.
  @discardableResult
  public func each(
    _ fault: Fault, sticky: Bool = false, step: Int = 1, check: (Outcome) throws -> Void
  ) throws -> Int {
    let step = ProcessInfo.processInfo.environment["VIDGIT_FAULT_STEP"].flatMap(Int.init) ?? step
    let whole = try undisturbed()
    guard whole.result.status == 0 else {
      throw TestSupportError("the undisturbed run failed:\n\(whole.result.snapshot)")
    }
    var broken = 0
    for number in stride(from: 1, through: whole.calls.count, by: max(step, 1)) {
      let outcome = try self.broken(fault, at: number, sticky: sticky)
      // Threads take turns differently: a run may be over before the last numbers.
      guard outcome.isBroken else { continue }
      broken += 1
      try check(outcome)
    }
    return broken
  }

  private func restore() throws {
    // Emptied, not removed: the folder itself must stay the same one.
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    try cp.succeed(["-a", "\(place.file("start"))/.", folder])
  }

  private func run(_ fault: Fault?, at number: Int, sticky: Bool) throws -> Outcome {
    let counter = place.file("counter")
    let trace = place.file("trace")
    for path in [counter, trace] where FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
    let result = try tool.run(
      arguments, in: folder,
      environment: [
        "LD_PRELOAD": Self.library ?? "", "VIDGIT_FAULT_FOLDER": folder,
        "VIDGIT_FAULT_COUNTER": counter, "VIDGIT_FAULT_TRACE": trace,
        "VIDGIT_FAULT_MODE": fault?.rawValue ?? "count", "VIDGIT_FAULT_AT": "\(number)",
        "VIDGIT_FAULT_STICKY": sticky ? "1" : "0",
      ])
    let text = (try? String(contentsOfFile: trace, encoding: .utf8)) ?? ""
    return Outcome(
      number: number, fault: fault, result: result, calls: FaultCall.parse(text))
  }
}
