import Identity
import Testing

@Suite struct SpellingTests {
  @Test(arguments: [
    ("C-1", "c-1"), ("C-1", " C-1\u{A0}"), ("C-1", "C -1"), ("C-1", "Ｃ－１"), ("C-1", "C–1"), ("C-1", "C\u{2212}1"), ("C-1", "C\u{AD}-1"),
    ("C-1", "C-1\u{200B}"), ("C-1", "\u{2066}C-1\u{2069}"), ("Ü", "u\u{308}"), ("カ", "ｶ"), ("ガ", "ｶﾞ"), ("FI", "ﬁ"),
    ("STRASSE", "straße"), ("Я-1", "я-1"),
  ])
  func spellingsOfOneTextFoldToOne(left: String, right: String) {
    #expect(ForeignID(Spelling.fold(left)) == ForeignID(Spelling.fold(right)))
    #expect(ForeignID(Spelling.fold(Spelling.fold(right))) == ForeignID(Spelling.fold(right)))
  }

  @Test(arguments: [("C-1", "C1"), ("C-1", "C-01"), ("C-1", "C_1"), ("C.1", "C-1"), ("O", "0"), ("А", "A")])
  func othersDoNot(left: String, right: String) { #expect(ForeignID(Spelling.fold(left)) != ForeignID(Spelling.fold(right))) }

  @Test func visibleASCIIWithoutLowerCaseIsItsOwnFold() {
    for value in UInt8(0)...127 {
      let text = String(decoding: [UInt8(ascii: "A"), value], as: UTF8.self)
      if Spelling.isOwnFold(text) { #expect(Spelling.fold(text + "\u{A0}") == text) }
      #expect(Spelling.isOwnFold(text) == (value > 0x20 && value < 0x7F && !(0x61...0x7A).contains(value)))
    }
    #expect(Spelling.trimmed("") == "" && Spelling.trimmed(" \u{200B}") == "")
  }

  @Test(arguments: [
    ("9131 0115-MA1K4Y2X3r", "CN", "91310115MA1K4Y2X3R"), ("DE 123.456.789", "DE", "DE123456789"), ("123456789", "DE", "DE123456789"),
    ("12/345/67890", "DE", "1234567890"), ("EL094259216", "", "EL094259216"), ("GR094259216", "", "EL094259216"),
    ("094259216", "gr", "EL094259216"), ("CHE-123.456.789 TVA", "", "CHE123456789"), ("CHE-123.456.789", "CH", "CHE123456789"),
    ("NO 923 609 016 MVA", "", "NO923609016"), ("DE 123456789", "FR", "DE123456789"), ("923609016", "NO", "NO923609016"),
    ("T1234567890123", "JP", "JP1234567890123"),
    ("12.345.678/0001-95", "BR", "12345678000195"), ("51 824 753 556", "AU", "51824753556"), ("12-3456789", "US", "123456789"),
    ("732 829 320", "FR", "732829320"), ("40303265045", "FR", "FR40303265045"), ("NL 8099.18.484.B01", "NL", "NL809918484B01"),
    ("Ññ-&1", "MX", "ÑÑ&1"), ("-", "DE", "-"), ("", "DE", ""), (" \u{A0}", "", ""),
  ])
  func taxIDsHaveTheFormOfTheirCountry(text: String, country: String, expected: String) {
    let canonical = TaxID.canonical(text, country: country)
    #expect(canonical == expected)
    #expect(TaxID.canonical(canonical, country: country) == expected)
  }
}
