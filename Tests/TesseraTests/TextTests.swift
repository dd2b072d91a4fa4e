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
  func instants(microseconds: Int64, text: String) { #expect(Instant.text(microseconds) == text) }
}
