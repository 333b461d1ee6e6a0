/// The members of a JSON object in the order of the file, with lookup by key.
public struct JSONObject: Sendable {
  public struct Member: Sendable {
    public var key: String
    public var value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  public private(set) var members: [Member]

  public init() { members = [] }

  /// - Precondition: no key stands twice.
  public init(_ members: [Member]) {
    self.members = members
    assert(Set(members.map { ByteKey($0.key) }).count == members.count, "a key stands twice")
  }

  public var isEmpty: Bool { members.isEmpty }
  public var count: Int { members.count }
  public var keys: [String] { members.map(\.key) }

  /// The value of `key`. A new key goes to the end; setting `nil` removes the member.
  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key.hasSameBytes(as: key) }?.value }
    set {
      let index = members.firstIndex { $0.key.hasSameBytes(as: key) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The members whose keys are not in `keys`, in order.
  func without(_ keys: [String]) -> JSONObject {
    JSONObject(members.filter { member in !keys.contains { $0.hasSameBytes(as: member.key) } })
  }

  /// Adds the members of `other` whose keys are not here yet.
  mutating func append(contentsOf other: JSONObject) {
    guard !other.isEmpty else { return }
    let known = Set(members.map { ByteKey($0.key) })
    members += other.members.filter { !known.contains(ByteKey($0.key)) }
  }
}

extension JSONObject.Member: Hashable {
  public static func == (left: Self, right: Self) -> Bool {
    left.key.hasSameBytes(as: right.key) && left.value == right.value
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ByteKey(key))
    hasher.combine(value)
  }
}

extension JSONObject: Hashable {}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(elements.map { Member(key: $0.0, value: $0.1) })
  }
}
