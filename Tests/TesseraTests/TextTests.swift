import Testing

@testable import tessera

@Suite("Text for terminals")
struct TextTests {
  @Test("Columns align by the cells that a terminal gives to each character")
  func alignment() {
    var table = TextTable("name", ">count")
    table.add("螺栓", "7")
    table.add("bolt M8", "12")
    table.add("", "1")
    #expect(
      table.text(whenEmpty: "nothing") == """
        NAME     COUNT
        螺栓         7
        bolt M8     12
        -            1

        """)
  }

  @Test("An empty table is a sentence") func empty() { #expect(TextTable("a").text(whenEmpty: "Nothing.") == "Nothing.\n") }

  @Test(
    "What a foreign system sends cannot steer a terminal",
    arguments: [("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\nb", "a\\nb"), ("a\u{202E}b", "a\\u{202E}b"), ("é字", "é字")])
  func controls(text: String, shown: String) { #expect(Terminal.visible(text) == shown) }

  @Test(
    "Instants are ISO 8601 in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"), (1_774_944_000_000_001, "2026-03-31T08:00:00.000001Z"),
    ] as [(Int64, String)])
  func instants(microseconds: Int64, text: String) {
    #expect(Instant.text(microseconds) == text)
    #expect(Instant.microseconds(text) == microseconds)
  }

  @Test("An instant is read with fewer decimals, and refused where it is none")
  func readInstants() {
    #expect(Instant.microseconds("1970-01-01T00:00:01.5Z") == 1_500_000)
    #expect(Instant.microseconds("1970-01-01T00:00:01Z") == 1_000_000)
    for text in ["1970-01-01", "1970-02-30T00:00:00Z", "1970-01-01T24:00:00Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00+01:00"] {
      #expect(Instant.microseconds(text) == nil)
    }
  }
}
