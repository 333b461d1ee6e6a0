import Foundation
import TestSupport
import Testing

@Suite struct LogTests {
  @Test func tellsThePassesOfAVariant() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir")
    try repository.succeed("filter", "graph:negate", "--range", "10..20")
    let result = try repository.succeed("log")
    #expect(result.output.contains("noir"), Comment(rawValue: result.snapshot))
    #expect(result.output.contains("negate"), Comment(rawValue: result.snapshot))
    // The newest first.
    let negate = try #require(result.output.range(of: "negate"))
    let noir = try #require(result.output.range(of: "noir-") ?? result.output.range(of: "noir"))
    #expect(negate.lowerBound < noir.lowerBound || result.output.hasPrefix("* noir"))
    // Another revision has its own.
    let main = try repository.succeed("log", "main")
    #expect(!main.output.contains("negate"))
  }

  @Test func readsWellInStockGit() throws {
    let repository = try Workspace().split(.groups)
    try repository.succeed("filter", "noir", "-b", "noir")
    let subjects = try repository.git("log", "--format=%s").split(separator: "\n")
    #expect(subjects.count == 2)
    #expect(subjects.allSatisfy { $0.count <= 72 && $0.first?.isUppercase == true }, "\(subjects)")
    #expect(subjects[0].contains("noir"))
    #expect(subjects[1].contains("groups"))
  }

  @Test func knowsNoSuchRevision() throws {
    let repository = try Workspace().split(.short)
    try repository.vidgit("log", "nowhere").expectError(Status.notFound, saying: ["nowhere"])
  }
}
