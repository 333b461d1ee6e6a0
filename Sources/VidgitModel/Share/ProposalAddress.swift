/// A proposal, as people name it.
public struct ProposalAddress: Hashable, Sendable {
  public let number: Int
  /// The repository that is to take it, on GitHub; nil is the usual one.
  public let repository: Repository?

  public struct Repository: Hashable, Sendable {
    public let owner: String
    public let name: String
  }

  /// Reads "12", "#12", "OWNER/NAME#12", or the address of its page.
  ///
  /// - Parameter webHost: the host of the GitHub in use.
  /// - Throws: for what is none of these.
  public init(_ text: String, webHost: String = "github.com") throws(ModelError) {
    let error = ModelError(
      "the proposal '\(TerminalText.escaped(text))'", reason: "it names none",
      hint: "its number, OWNER/NAME#12, or https://\(webHost)/OWNER/NAME/pull/12")
    var digits = text[...]
    var place: String?
    if text.contains("://") {
      let parts = text.prefix { !"?#".contains($0) }.split(
        separator: "/", omittingEmptySubsequences: false)
      guard parts.count >= 7, parts[5] == "pull" else { throw error }
      digits = parts[6]
      place = parts[..<5].joined(separator: "/")
    } else if let hash = text.firstIndex(of: "#") {
      digits = text[hash...].dropFirst()
      if hash != text.startIndex { place = String(text[..<hash]) }
    }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(digits), (1...Int(Int32.max)).contains(number)
    else { throw error }
    self.number = number
    guard let place else {
      repository = nil
      return
    }
    guard let address = try? RepositoryAddress(place, webHost: webHost),
      case .gitHub(let owner, let name) = address
    else { throw error }
    repository = Repository(owner: owner, name: name)
  }
}
