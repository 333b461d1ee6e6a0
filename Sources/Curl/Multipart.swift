/// A body of `multipart/form-data` (RFC 7578).
public struct Multipart: Sendable {
  public struct Part: Sendable {
    /// The name of the form's field.
    public var name: String
    /// Where it is a file.
    public var fileName: String?
    /// "image/png"; none where nil.
    public var type: String?
    public var content: [UInt8]

    public init(
      _ name: String, _ content: [UInt8], fileName: String? = nil, type: String? = nil
    ) {
      self.name = name
      self.content = content
      self.fileName = fileName
      self.type = type
    }

    public init(_ name: String, text: String) { self.init(name, Array(text.utf8)) }
  }

  /// The value of the header `Content-Type`.
  public let contentType: String
  public let bytes: [UInt8]

  /// Joins the parts in order. The same parts make the same bytes, so that a journal can name a
  /// request by its digest: the boundary is not random, but one that stands in no part.
  ///
  /// - Throws: `invalidRequest` for a name or type with a control byte in it.
  public init(_ parts: [Part]) throws(HTTPError) {
    let boundary = Self.boundary(parts)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.content.count + 300 })
    for part in parts {
      var head =
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(try Self.quoted(part.name))\""
      if let fileName = part.fileName { head += "; filename=\"\(try Self.quoted(fileName))\"" }
      if let type = part.type {
        try Self.check(type)
        head += "\r\nContent-Type: \(type)"
      }
      bytes += Array("\(head)\r\n\r\n".utf8)
      bytes += part.content
      bytes += Array("\r\n".utf8)
    }
    bytes += Array("--\(boundary)--\r\n".utf8)
    self.bytes = bytes
    contentType = "multipart/form-data; boundary=\(boundary)"
  }

  private static func check(_ text: String) throws(HTTPError) {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw HTTPError(.invalidRequest, "a form's field holds a line break or control byte")
    }
  }

  /// As browsers do it: the quote is percent-encoded.
  private static func quoted(_ text: String) throws(HTTPError) -> String {
    try check(text)
    return text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "%22")
  }

  /// Counts up until the boundary stands in none of the parts.
  private static func boundary(_ parts: [Part]) -> String {
    var number = 0
    while true {
      let boundary = "------------------------form\(String(number, radix: 36))"
      let bytes = Array(boundary.utf8)
      if !parts.contains(where: { $0.content.holds(bytes) }) {
        return boundary
      }
      number += 1
    }
  }
}

extension [UInt8] {
  /// Looks at every `needle.count`th byte only, which is enough for a needle that starts with a
  /// long run of one byte: where that byte is not, the needle is not either.
  fileprivate func holds(_ needle: [UInt8]) -> Bool {
    guard let first = needle.first, count >= needle.count else { return false }
    let run = needle.prefix { $0 == first }.count
    return withUnsafeBufferPointer { bytes in
      // A run covers one of the places looked at; the needle starts less than a run before it.
      for place in stride(from: run - 1, to: bytes.count, by: run) where bytes[place] == first {
        for start in (place - run + 1)...place where start + needle.count <= bytes.count {
          if bytes[start..<start + needle.count].elementsEqual(needle) { return true }
        }
      }
      return false
    }
  }
}
