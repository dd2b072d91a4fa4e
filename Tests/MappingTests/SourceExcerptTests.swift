import Mapping
import Testing

@Suite struct SourceExcerptTests {
  @Test(
    arguments: [
      ("  <set fild='x'/>", 8, "  <set fild='x'/>\n         ^"), ("\tx y", 4, "\tx y\n  \t  ^"),
      ("a\u{202E}b", 3, "a\\u{202E}b\n           ^"), ("ab", 9, "ab\n    ^"),
    ] as [(Substring, Int, String)])
  func aShortLineIsShownWhole(line: Substring, column: Int, shown: String) { #expect(SourceExcerpt(line, column: column)?.lines == shown) }

  @Test func aLongLineIsCutAroundThePlace() throws {
    let line = String(repeating: "a", count: 100_000) + "X" + String(repeating: "b", count: 100_000)
    let lines = try #require(SourceExcerpt(line[...], column: 100_001)).lines.split(separator: "\n")
    #expect(lines[0].count < 330 && lines[0].hasPrefix("… a") && lines[0].hasSuffix("b …"))
    // The line of the caret is further in by the two blanks that stand before each line of an excerpt.
    #expect(Array(lines[0])[lines[1].count - 3] == "X")
  }

  @Test func whereNoPlaceIsKnownNothingIsShown() {
    #expect(SourceExcerpt(nil, column: 1) == nil)
    #expect(SourceExcerpt("a", column: 0) == nil)
  }
}
