import CDR
import Testing

@testable import Mapping

@Suite("Digits as texts write them") struct DecimalMarksTests {
  private func read(_ text: String, _ decimal: Unicode.Scalar, _ group: Unicode.Scalar?) -> String {
    do throws(DecimalMarks.Fault) {
      return try DecimalMarks(decimal: decimal, group: group).number(text).normalized.description
    } catch { return "character \(error.character)" }
  }

  @Test(
    "Three digits between group marks, one to three before the first, none behind the decimal mark",
    arguments: [
      ("1.234,50", "1234.5"), ("-1.234.567,8", "-1234567.8"), ("+12", "12"), ("999,5", "999.5"), ("1234,5", "1234.5"), ("0,99", "0.99"),
      (" 1.234 ", "1234"), ("\u{2212}1,5", "-1.5"), (",5", "0.5"), ("5,", "5"),
      // What is written with the other marks is no number, rather than one that is a thousand times too large.
      ("13.75", "character 6"), ("0.99", "character 2"), ("0.123", "character 2"), ("-012.345", "character 5"), ("1.5", "character 4"),
      ("1.2345", "character 6"), ("1234.567", "character 5"),
      ("1.23.456", "character 5"), ("1..234", "character 3"), (".234", "character 1"), ("1.234.", "character 7"),
      ("1.234,567.8", "character 10"), ("1,234,5", "character 6"), ("1 234,5", "character 2"), ("--1", "character 2"),
      ("1-", "character 2"),
      ("", "character 1"), (" ", "character 1"), ("-", "character 2"), ("1,5 EUR", "character 4"), ("١", "character 1"),
    ]) func german(_ text: String, _ number: String)
  {
    #expect(read(text, ",", ".") == number)
  }

  @Test(
    "Both orders of the marks, blanks and apostrophes between groups",
    arguments: [
      ("1,234.50", ".", ",", "1234.5"), ("13,75", ".", ",", "character 6"), ("1,234,567", ".", ",", "1234567"),
      ("1 234 567,5", ",", " ", "1234567.5"), ("1\u{A0}234,5", ",", " ", "1234.5"), ("1\u{202F}234", ",", " ", "1234"),
      ("13 75", ",", " ", "character 6"), ("1'234.5", ".", "'", "1234.5"), ("1\u{2019}234.5", ".", "'", "1234.5"),
      ("13'75", ".", "'", "character 6"), ("1_234", ".", "_", "1234"),
    ] as [(String, Unicode.Scalar, Unicode.Scalar, String)])
  func others(_ text: String, _ decimal: Unicode.Scalar, _ group: Unicode.Scalar, _ number: String) {
    #expect(read(text, decimal, group) == number)
  }

  @Test("Without a declared group mark none is read", arguments: [("1,234", "character 2"), ("1234.5", "1234.5"), (" 7 ", "7")])
  func plain(_ text: String, _ number: String) { #expect(read(text, ".", nil) == number) }
}
