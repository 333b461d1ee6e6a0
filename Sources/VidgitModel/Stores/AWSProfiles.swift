/// The files `~/.aws/credentials` and `~/.aws/config`: sections of settings, as AWS's own tools
/// read them.
public struct AWSProfiles: Sendable {
  private var sections: [String: [String: String]] = [:]

  /// - Parameters:
  ///   - credentials: the text of the one file, with sections `[name]`.
  ///   - config: the text of the other, with sections `[profile name]` and `[default]`.
  public init(credentials: String = "", config: String = "") {
    read(config) {
      $0 == "default" ? $0 : $0.hasPrefix("profile ") ? trimmed($0.dropFirst(8)) : nil
    }
    // What stands in both is taken from the credentials.
    read(credentials) { $0 }
  }

  /// A setting of a profile, such as "region"; nil where there is none.
  public func value(_ key: String, of profile: String) -> String? { sections[profile]?[key] }

  public func has(_ profile: String) -> Bool { sections[profile] != nil }

  /// The key of a profile; nil where it has none.
  public func key(of profile: String) -> SigV4.Credentials? {
    guard let access = value("aws_access_key_id", of: profile),
      let secret = value("aws_secret_access_key", of: profile)
    else { return nil }
    return SigV4.Credentials(
      accessKey: access, secretKey: secret, sessionToken: value("aws_session_token", of: profile))
  }

  private mutating func read(_ text: String, name: (String) -> String?) {
    var section: String?
    for line in text.split(whereSeparator: \.isNewline) {
      let isNested = line.first == " " || line.first == "\t"
      let line = trimmed(line)
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
        section = name(trimmed(line[line.index(after: line.startIndex)..<end]))
        if let section { sections[section, default: [:]] = sections[section] ?? [:] }
        continue
      }
      // Lines that are set in belong to the setting above ("s3 =").
      guard !isNested, let section, let equals = line.firstIndex(of: "=") else { continue }
      let key = trimmed(line[..<equals]).lowercased()
      sections[section]![key] = trimmed(line[line.index(after: equals)...])
    }
  }
}

private func trimmed(_ text: some StringProtocol) -> String {
  let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
  return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
}
