import Testing

@testable import VidgitModel

@Suite struct ExpressionTests {
  static let variables: Set<String> = ["t", "n", "X", "Y", "iw", "ih", "val"]

  @Test(
    arguments: [
      ("1", []), ("-1.5e-3", []), (".5", []), ("2*PI", []), ("iw/2", ["iw"]),
      ("if(gt(X, 10), Y, -t)", ["X", "Y", "t"]), ("(1+2)^-2", []), ("2--3", []),
      ("clip(val*1.2, 0, 255)", ["val"]), ("ifnot(n,1)", ["n"]), ("hypot(X-1,Y-1)", ["X", "Y"]),
      (" ( 1 ) ", []), ("3*4^2/5-6", []), ("between(n,1,20)", ["n"]), ("0e0", []),
    ] as [(String, Set<String>)])
  func accepts(text: String, used: Set<String>) throws {
    #expect(try Expression.validate(text, variables: Self.variables) == used)
  }

  @Test(arguments: [
    ("", 1, "a value is expected at the end"),
    ("1+", 3, "a value is expected at the end"),
    ("1 2", 3, "an operator or the end is expected, not '2'"),
    ("while(1,1)", 1, "the function 'while' is not allowed in a recipe"),
    ("1+print(1)", 3, "the function 'print' is not allowed in a recipe"),
    ("st(0,1)", 1, "the function 'st' is not allowed in a recipe"),
    ("random(0)", 1, "the function 'random' is not allowed in a recipe"),
    ("taylor(1,1)", 1, "the function 'taylor' is not allowed in a recipe"),
    ("root(1,1)", 1, "the function 'root' is not allowed in a recipe"),
    ("lum(X,Y)", 1, "the function 'lum' is not allowed in a recipe"),
    ("1;2", 2, "an operator or the end is expected, not ';'"),
    ("foo", 1, "'foo' is not known here"),
    ("T", 1, "'T' is not known here"),
    ("min(1)", 1, "'min' takes 2 arguments, not 1"),
    ("if(1)", 1, "'if' takes 2 or 3 arguments, not 1"),
    ("abs()", 5, "a number, a name or '(' is expected, not ')'"),
    ("(1", 3, "')' is expected here"),
    ("min(1,2", 8, "',' or ')' is expected here"),
    ("2k", 2, "an operator is expected after a number, not 'k'"),
    ("0x10", 2, "an operator is expected after a number, not 'x'"),
    ("1.2.3", 4, "an operator is expected after a number, not '.'"),
    ("1e", 1, "a number's exponent has 1 to 3 digits"),
    ("--1", 2, "a number, a name or '(' is expected, not '-'"),
    (".", 1, "a number is expected here"),
    ("é", 1, "a character that is not ASCII"),
    ("a\nb", 1, "a character that is not ASCII"),
    ("1:2", 2, "an operator or the end is expected, not ':'"),
  ])
  func refuses(text: String, column: Int, reason: String) {
    let error = failure { () throws(ModelError) in
      try Expression.validate(text, variables: Self.variables)
    }
    #expect(error.column == column)
    #expect(error.reason == reason)
  }

  @Test func isBounded() {
    let deep = String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500)
    for text in [deep, String(repeating: "1+", count: 600) + "1"] {
      #expect(throws: ModelError.self) { try Expression.validate(text, variables: []) }
    }
  }

  @Test func saysWhatIsUsed() throws {
    let usage = try Expression.inspect("sin(t)+max(t,n)", variables: Self.variables)
    #expect(usage.variables == ["t", "n"])
    #expect(usage.functions == ["sin", "max"])
  }
}
