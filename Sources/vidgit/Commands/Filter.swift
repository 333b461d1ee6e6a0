import ArgumentParser
import Foundation
import VidgitKit
import VidgitModel

struct Filter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Apply recipes to frames: one pass, one commit.",
    discussion: """
      A recipe is a name of the palette (`vidgit palette list`), FFmpeg's own notation \
      (graph:hue=s=0,eq=contrast=1.4), a program ('command:sketch $INPUT $OUTPUT'), or a recipe \
      file, of a service on the web too. Results are remembered by hash, so that nothing is \
      computed or paid twice. What came with somebody's repository runs a program or calls a \
      service only after `vidgit trust`.
      """)

  @Argument(help: "The recipes, in the order of application.", completion: .recipe)
  var recipes: [String] = []

  @Option(
    help: ArgumentHelp(
      "Blend each frame with this many neighbours on each side, along the motion of the source, "
        + "to take flicker away: 1 to 8.", valueName: "n"))
  var smooth: Int?

  @Option(
    name: [.customShort("b"), .customLong("branch")],
    help: ArgumentHelp("Commit to a new branch, and switch to it.", valueName: "branch"),
    completion: .branch)
  var branch: String?

  @Option(help: "Only this part: 10s..20s, 1:00.., 100..200 (frame numbers), 10%..20%.")
  var range: String?

  @Option(help: "Only these frames: 0,100,250..260.")
  var frames: String?

  @Option(
    name: .customLong("param"),
    help: ArgumentHelp("A value for a parameter of a service's recipe.", valueName: "name=value"))
  var parameters: [String] = []

  @Flag(help: "Say how many calls a pass would make and what they cost, and send nothing.")
  var quote = false

  @Flag(help: "Send frames once more that carry a service's recipe already.")
  var again = false

  @Option(
    help: ArgumentHelp(
      "Stop before calls cost more than this, with those that no commit tells of yet: 5USD.",
      valueName: "amount"))
  var budget: String?

  @Option(
    help: ArgumentHelp(
      "Only look: make this many frames, evenly spread, draw them, and commit nothing.",
      valueName: "n"))
  var sample: Int?

  @Option(
    help: ArgumentHelp(
      "Where --sample draws before and after: .png, .jpg or .webp.", valueName: "file"),
    completion: .file())
  var sheet: String?

  @Option(
    help: ArgumentHelp(
      "Frames in flight, processes of a program, calls at once.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if range != nil, frames != nil {
      throw ValidationError("--range and --frames cannot be used together")
    }
    for text in parameters where RecipeParameter(text) == nil {
      throw ValidationError("'\(text)' is no parameter: name=value")
    }
    if let budget, Money(text: budget) == nil {
      throw ValidationError("'\(budget)' is no amount: a number and a currency, as in 5USD")
    }
    if quote, recipes.isEmpty { throw ValidationError("--quote needs a recipe: smoothing is free") }
    if quote, branch != nil || sample != nil {
      throw ValidationError("--quote goes with neither -b nor --sample")
    }
    guard !recipes.isEmpty || smooth != nil else {
      throw ValidationError("name a recipe, or --smooth N for the frames as they are")
    }
    if let smooth, !MotionRecipe.radii.contains(smooth) {
      throw ValidationError("--smooth takes a number from 1 to \(MotionRecipe.radii.upperBound)")
    }
    try validateSample()
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1") }
  }

  func run() async throws {
    var options = FilterOptions(
      directory: global.directory, recipes: recipes.map { RecipeSource(argument: $0) })
    options.paletteFolder = UserFolders.palette
    options.variables = ProcessInfo.processInfo.environment
    options.branch = branch
    options.range = try Notation.range(range)
    options.frames = try Notation.frames(frames)
    options.jobs = jobs
    options.appliesAgain = again
    options.parameters = parameters.compactMap { RecipeParameter($0) }
    options.budget = budget.flatMap { Money(text: $0) }
    if quote {
      QuoteReport.show(try await PassQuote(options).make(), json: global.json)
      return
    }
    if let smooth { options.recipes.append(.smooth(smooth)) }
    options.author = try Identity.author()
    if let sample { return try await draw(sample, options) }
    let result = try await FilterPass(options).run(progress: ProgressLine.show)
    ProgressLine.clear()
    report(result)
  }

  private func report(_ result: FilterResult) {
    for note in result.notes { Report.note("note: \(note)") }
    if global.json {
      Report.json([
        "commit": result.commit.map { .string($0) } ?? .null, "branch": .string(result.branch),
        "recipes": .array(result.recipes.map { .string($0) }),
        "selected": .int(Int64(result.selected)), "changed": .int(Int64(result.changed)),
        "made": .int(Int64(result.made)), "reused": .int(Int64(result.reused)),
        "spent": .array(result.spent.map { .string($0.description) }),
        "borrowed": BorrowedReport.json(result.borrowed),
        "repeated": .int(Int64(result.repeated)),
        "notes": .array(result.notes.map { .string($0) }),
      ])
      return
    }
    guard let commit = result.commit else {
      Report.line("No frame changed: nothing to commit (\(result.selected) frames looked at)")
      return
    }
    if result.wasFinished {
      Report.line("[\(result.branch) \(commit.prefix(10))] finished what was interrupted")
      return
    }
    Report.line(
      "[\(result.branch) \(commit.prefix(10))] \(result.recipes.joined(separator: " "))")
    let spent = result.spent.map { "; \($0) spent" }.joined()
    Report.line(
      "\(result.changed) of \(result.selected) frames changed; \(result.made) made, "
        + "\(result.reused) reused\(spent)")
    BorrowedReport.show(result.borrowed)
    if result.repeated > 0 {
      Report.note(
        "note: "
          + Counted.text(result.repeated, "frame has it twice now", "frames have it twice now"))
    }
  }
}
