import Testing
import VidgitModel

@Suite struct LoginURLTests {
  @Test(arguments: [
    ("https://ann:a%3Ab%40@h:1/x?y@z", "https://h:1/x?y@z", "ann", "a:b@"),
    ("HTTP://ann@h/x", "HTTP://h/x", "ann", nil), ("https://:t@h/x", "https://h/x", nil, "t"),
    ("https://ann:@h/x", "https://h/x", "ann", ""), ("https://a:b:c@h", "https://h", "a", "b:c"),
    ("https://h/a@b", "https://h/a@b", nil, nil), ("https://h", "https://h", nil, nil),
    ("ftp://a:b@h/x", "ftp://h/x", "a", "b"), ("ssh://git@h/x", "ssh://git@h/x", nil, nil),
    ("ssh://git:b@h/x", "ssh://h/x", "git", "b"), ("git@h:x", "git@h:x", nil, nil),
    ("/a:b@c", "/a:b@c", nil, nil), ("", "", nil, nil),
  ])
  func isTakenApart(_ text: String, _ url: String, _ user: String?, _ password: String?) {
    let made = LoginURL(text)
    #expect(made.url == url)
    #expect(made.user == user)
    #expect(made.password == password)
  }

  @Test(arguments: ["https://ann:hidden@h/x", "ftp://ann:hidden@h/x", "ssh://ann:hidden@h/x"])
  func aRefusalShowsNoPassword(_ text: String) {
    let error = #expect(throws: ModelError.self) { try RepositoryAddress(text) }
    #expect(error.map { "\($0)".contains("hidden") } == false)
  }
}
