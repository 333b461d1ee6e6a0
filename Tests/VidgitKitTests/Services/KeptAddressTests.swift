import Curl
import Foundation
import Testing

@testable import VidgitKit

/// What is kept of the addresses of a job holds no key.
@Suite struct KeptAddressTests {
  private let secrets = ["KEY": "sk-12345/x", "LONG": "sk-12345/xyz", "TINY": "abc"]

  @Test(arguments: [
    ("https://api.example/poll/7", "https://api.example/poll/7"),
    ("https://api.example/poll?api_key=sk-12345/x", "https://api.example/poll?api_key={ENV:KEY}"),
    (
      "https://api.example/poll?a=sk-12345%2Fx&b=sk-12345/xyz&c=d",
      "https://api.example/poll?a={ENV:KEY%}&b={ENV:LONG}&c=d"
    ),
    ("https://api.example/poll?a=sk%2d12345%2fx", "https://api.example/poll?a={ENV:KEY%}"),
    ("https://api.example/%C3%A9%?a=abc", "https://api.example/%C3%A9%?a=abc"),
  ])
  func aWordStandsForAKey(_ address: String, _ kept: String) throws {
    let text = KeptAddress.text(address, without: secrets)
    #expect(text == kept)
    let filled = KeptAddress.filled(kept, with: secrets)
    #expect(
      filled.removingPercentEncoding == address.removingPercentEncoding, "\(filled), \(address)")
  }

  @Test(arguments: [
    // A word of the service's own.
    "https://evil.example/{ENV:KEY}", "https://evil.example/}",
    // base64 of "user:sk-12345/x", and of the key alone.
    "https://api.example/poll?auth=dXNlcjpzay0xMjM0NS94", "https://api.example/c2stMTIzNDUveA",
    "https://api.example/poll?a=sk%252d12345%252fx", "https://api.example/736b2d31323334352F78",
    "https://ann:pw@api.example/poll", "poll/7", "https://sk-12345/x",
  ])
  func whatHidesAKeyIsNotKept(_ address: String) {
    #expect(KeptAddress.text(address, without: secrets) == nil)
    let job = CallJournal.Job(poll: "https://api.example/7", result: address, cancel: nil)
    #expect(job.kept(without: secrets) == nil)
  }

  @Test func aJobIsFoundAgain() {
    let job = CallJournal.Job(
      poll: "https://api.example/7?k=sk-12345/x", result: "https://api.example/7/r",
      cancel: "https://api.example/{ENV:KEY}")
    let kept = job.kept(without: secrets)
    #expect(kept?.poll == "https://api.example/7?k={ENV:KEY}" && kept?.cancel == nil)
    let again = kept?.filled(with: secrets)
    #expect(again?.poll == job.poll && again?.result == job.result)
  }
}
