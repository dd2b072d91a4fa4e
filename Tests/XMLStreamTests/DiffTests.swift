import Testing

@testable import XMLStream

@Suite struct DiffTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let expected: String
    let actual: String
    let differences: [String]
    var testDescription: String { "\(expected) against \(actual)" }

    init(_ expected: String, _ actual: String, _ differences: String...) {
      self.expected = expected
      self.actual = actual
      self.differences = differences
    }
  }

  static let cases: [Case] = [
    Case("<a/>", "<a></a>"),
    Case("<a b='1' c='2'/>", "<a c='2' b='1'/>"),
    Case("<a>\n  <b>x</b>\n</a>", "<a><b>x</b></a>"),
    Case("<a>\n</a>", "<a/>"),
    Case("<p:a xmlns:p='u'/>", "<a xmlns='u'/>"),
    Case("<a>x<!-- c -->y</a>", "<a>x<![CDATA[y]]></a>"),
    Case("<a>x  <b/>\n y</a>", "<a>x <b/> y</a>"),
    Case("<a>Bolt</a>", "<a>bolt</a>", "/a: is 'bolt', expected 'Bolt'"),
    Case("<a>x</a>", "<a> x </a>", "/a: is ' x ', expected 'x'"),
    Case("<a>x\u{202E}\n</a>", "<a>x</a>", "/a: is 'x', expected 'x\\u{202E}\\n'"),
    Case("<a>x</a>", "<a/>", "/a: is '', expected 'x'"),
    Case("<a/>", "<b/>", "/a: is <b/>, expected <a/>"),
    Case("<a/>", "<a xmlns='u'/>", "/a: is '{u}a', expected 'a'"),
    Case(
      "<a b='1' c='2'/>", "<a b='3' d='4'/>", "/a/@b: is '3', expected '1'", "/a/@c: is missing, expected '2'",
      "/a/@d: is not expected: '4'"),
    Case("<a><b/><c>x</c></a>", "<a><c>x</c></a>", "/a/b: is missing, expected <b/>"),
    Case("<a><c>x</c></a>", "<a><b n='1'>y</b><c>x</c></a>", "/a/b: is not expected: <b n=\"1\">y</b>"),
    Case(
      "<a><b>1</b><b>2</b><b>3</b></a>", "<a><b>1</b><b>3</b></a>", "/a/b[2]: is missing, expected <b>2</b>"),
    Case(
      "<a><b>1</b><b>2</b><b>3</b></a>", "<a><b>1</b><b>x</b><b>3</b></a>", "/a/b[2]: is 'x', expected '2'"),
    Case(
      "<a><b/><c/></a>", "<a><c/><b/></a>", "/a/b: is missing, expected <b/>", "/a/b: is not expected: <b/>"),
    Case(
      "<a><b><c>1</c></b><b><c>2</c></b></a>", "<a><b><c>1</c></b><b><c>3</c><d/></b></a>", "/a/b[2]/c: is '3', expected '2'",
      "/a/b[2]/d: is not expected: <d/>"),
  ]

  @Test(arguments: cases) func differencesReadAsSentences(example: Case) throws {
    let found = XMLDiff.differences(expected: try tree(example.expected), actual: try tree(example.actual))
    #expect(found.map(\.description) == example.differences)
  }

  @Test func aDifferencePointsToTheExpectation() throws {
    let expected = try tree("<a>\n <b c='1'/>\n <d/>\n</a>")
    let found = XMLDiff.differences(expected: expected, actual: try tree("<a><b c='2'/></a>"))
    #expect(found.map(\.position) == [.init(line: 2, column: 8), .init(line: 3, column: 2)])
  }

  @Test func theListHasALimit() throws {
    let expected = try tree("<a>\((0..<300).map { "<b>\($0)</b>" }.joined())</a>")
    #expect(XMLDiff.differences(expected: expected, actual: try tree("<a/>"), limit: 7).count == 7)
  }

  @Test func longListsAreCompared() throws {
    let items = (0..<1_500).map { "<b><c>\($0)</c></b>" }
    var changed = items
    changed.remove(at: 700)
    changed.swapAt(10, 1_200)
    let found = XMLDiff.differences(expected: try tree("<a>\(items.joined())</a>"), actual: try tree("<a>\(changed.joined())</a>"))
    #expect(!found.isEmpty)
  }
}
