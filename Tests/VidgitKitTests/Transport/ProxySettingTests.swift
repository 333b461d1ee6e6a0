import Foundation
import TestSupport
import Testing
import VidgitModel

@testable import VidgitKit

/// Git's setting `http.proxy` counts from the first question on.
@Suite struct ProxySettingTests {
  @Test func thatOfTheRepositoryCounts() async throws {
    _ = HostileHome.path
    let folder = try TemporaryFolder("proxy")
    try Tool.git.succeed(["init", "-q", folder.path])
    // Nobody listens there.
    try Tool.git.succeed(["config", "http.proxy", "http://127.0.0.1:1"], in: folder.path)
    let repository = try VideoRepository.open(at: folder.path)
    let settings = try ShareSettings(repository, variables: [:])
    let transport = try GitTransport(.url("https://films.invalid/x.git"), settings)
    let error = await #expect(throws: VidgitError.self) { try await transport.branches() }
    let said = error?.message ?? ""
    #expect(said.contains("127.0.0.1"), Comment(rawValue: said))
  }
}
