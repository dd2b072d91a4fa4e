import Identity
import Testing

@Suite struct CanonicalFormTests {
  @Test(arguments: [
    (CanonicalForm(), " 007 ", "007"),
    (CanonicalForm(), "A 1\u{A0}\u{200B}", "A 1"),
    (CanonicalForm(), "\u{FEFF}\u{3000}ab", "ab"),
    (CanonicalForm(trims: false), "A1   ", "A1   "),
    (CanonicalForm(trims: false), "  A1", "  A1"),
    (CanonicalForm(dropsBlanks: true), " A 1\u{202F}2 ", "A12"),
    (CanonicalForm(foldsWidth: true), "Ａ－１\u{3000}", "A-1"),
    (CanonicalForm(ignoresCase: true), "straße", "STRASSE"),
    (CanonicalForm(dropsLeadingZeros: true), "000123", "123"),
    (CanonicalForm(dropsLeadingZeros: true), "0000", "0"),
    (CanonicalForm(dropsLeadingZeros: true), "00A1", "00A1"),
    (CanonicalForm(ignoresCase: true), "ab-ü", "AB-Ü"),
    (CanonicalForm(dropsLeadingZeros: true), "0042  ", "42"),
  ])
  func idsAreBroughtIntoTheDeclaredForm(form: CanonicalForm, text: String, expected: String) throws {
    #expect(try form.canonical(text) == ForeignID(expected))
  }

  @Test(arguments: [
    ("", CanonicalForm.Fault.empty),
    ("a\u{0}b", .controlCharacter("\u{0}")),
    (String(repeating: "x", count: 256), .tooLong(octets: 256)),
    (String(repeating: "ü", count: 128), .tooLong(octets: 256)),
  ])
  func whatIsNoIdIsRefused(text: String, fault: CanonicalForm.Fault) {
    #expect(throws: fault) { try CanonicalForm().canonical(text) }
  }

  @Test func blanksAloneAreNoId() {
    #expect(throws: CanonicalForm.Fault.empty) { try CanonicalForm().canonical(" \u{A0} ") }
  }

  @Test(arguments: [
    "exact", "trim", "no-blanks", "width", "no-zeros", "upper-case", "tax-id", "no-blanks width no-zeros upper-case",
  ])
  func formsAreWrittenAsTheyAreRead(text: String) throws {
    #expect(try #require(CanonicalForm(text: text)).text == text)
  }

  @Test(arguments: ["", "exact width", "tax-id trim", "lower-case"])
  func whatIsNoFormIsNone(text: String) { #expect(CanonicalForm(text: text) == nil) }

  @Test func idsOf255OctetsAreTaken() throws {
    #expect(try CanonicalForm().canonical(String(repeating: "x", count: 255)).text.utf8.count == 255)
  }

  @Test func composedAndDecomposedLettersAreDifferentIds() {
    #expect(ForeignID("\u{FC}") != ForeignID("u\u{308}"))
    #expect(Set([ForeignID("\u{FC}"), ForeignID("u\u{308}")]).count == 2)
  }

  @Test func commonIdsSortByTheirTime() throws {
    let early = CommonID(microseconds: 1_700_000_000_000_000, random: .max)
    let late = CommonID(microseconds: 1_700_000_000_001_000, random: 0)
    #expect(early < late)
    #expect(CommonID(late.description) == late)
    #expect(CommonID(octets: late.octets) == late)
    // Version 7 and variant 10 (RFC 9562, 5.7).
    let text = Array(late.description)
    #expect(text[14] == "7" && "89ab".contains(text[19]))
  }
}
