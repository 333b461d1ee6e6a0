import Foundation
import TestSupport
import Testing

@testable import VidgitKit

/// A lock on a file that its holder moves away.
@Suite struct FileLockTests {
  @Test func isOfTheFileThatHasTheName() throws {
    let folder = try TemporaryFolder("lock")
    let (part, whole) = (folder.file("part"), folder.file("whole"))
    let first = try #require(try FileLock.passing(part))
    #expect(try FileLock.passing(part) == nil)
    try Data("film".utf8).write(to: URL(fileURLWithPath: part), options: [])
    #expect(rename(part, whole) == 0)
    // The name is free while the first one still holds its lock, and what was moved stays as it is.
    let second = try FileLock.passing(part)
    #expect(second != nil)
    withExtendedLifetime(first) {}
    #expect(try String(contentsOfFile: whole, encoding: .utf8) == "film")
  }
}
