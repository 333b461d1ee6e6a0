import Testing

@testable import VidgitModel

@Suite struct JSONWriterTests {
  /// RFC 8785, appendix B.
  @Test(
    arguments: [
      (0x0000_0000_0000_0000, "0"),
      (0x8000_0000_0000_0000, "0"),
      (0x0000_0000_0000_0001, "5e-324"),
      (0x8000_0000_0000_0001, "-5e-324"),
      (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
      (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
      (0x4340_0000_0000_0000, "9007199254740992"),
      (0xc340_0000_0000_0000, "-9007199254740992"),
      (0x4430_0000_0000_0000, "295147905179352830000"),
      (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
      (0x44b5_2d02_c7e1_4af6, "1e+23"),
      (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
      (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
      (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
      (0x444b_1ae4_d6e2_ef50, "1e+21"),
      (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
      (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
      (0x41b3_de43_5555_5553, "333333333.3333332"),
      (0x41b3_de43_5555_5554, "333333333.33333325"),
      (0x41b3_de43_5555_5555, "333333333.3333333"),
      (0x41b3_de43_5555_5556, "333333333.3333334"),
      (0x41b3_de43_5555_5557, "333333333.33333343"),
      (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
      (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
      (0x7fff_ffff_ffff_ffff, "null"),
      (0x7ff0_0000_0000_0000, "null"),
    ] as [(UInt64, String)])
  func numbers(bits: UInt64, expected: String) {
    #expect(JSONNumber.text(Double(bitPattern: bits)) == expected)
  }

  /// RFC 8785, section 3.2.2.
  @Test func theExampleOfTheRFC() throws {
    let value = try json(
      #"""
      {
        "numbers": [333333333.33333329, 1E30, 4.50,
                    2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
      }
      """#)
    #expect(
      text(value.canonical()) == #"{"literals":[null,true,false],"#
        + #""numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
        + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
  }

  /// RFC 8785, section 3.2.3: by UTF-16, where emoji come before U+FB33.
  @Test func keysAreSortedByUTF16() throws {
    let value = try json(
      #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#)
    #expect(
      text(value.canonical())
        == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}")
  }

  @Test func canonicalNumbersAreDoubles() throws {
    #expect(text(try json("[1.0, 1, 10e0]").canonical()) == "[1,1,10]")
    #expect(text(try json("9007199254740993").canonical()) == "9007199254740992")
    #expect(text(try json("9007199254740993").pretty()) == "9007199254740993\n")
  }

  @Test func doublesReadBackTheSame() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      #expect(Double(JSONNumber.text(value)) == value)
    }
  }

  @Test func prettyForm() throws {
    let value = try json(
      #"{"timebase":[1,30000],"e":[],"o":{},"p":[[1,2],[3,4]],"n":[{"a":1}],"s":"a\tb"}"#)
    #expect(
      text(value.pretty()) == #"""
        {
          "timebase": [1, 30000],
          "e": [],
          "o": {},
          "p": [[1, 2], [3, 4]],
          "n": [
            {
              "a": 1
            }
          ],
          "s": "a\tb"
        }

        """#)
  }

  @Test func longArraysTakeALineEach() throws {
    let value = JSONValue.array((0..<4).map { .string(String(repeating: "\($0)", count: 30)) })
    #expect(text(value.pretty()).split(separator: "\n").count == 6)
    #expect(try JSONValue(parsing: value.pretty(), what: "t.json") == value)
  }
}
