import IDLCompiler
import Testing

/// A diagnostic quotes sources and names files that may hold anything.
@Suite struct DiagnosticTextTests {
  @Test func whatWouldSteerATerminalIsSpelledOut() {
    let place = SourceLocation(file: "a\nb.idl", line: 1, column: 2)
    let text = Diagnostic(.error, DiagnosticCode(1), "'\u{1B}[2J\u{202E}' is nothing", at: place).description
    #expect(text == #"a\u{A}b.idl:1:2: error: '\u{1B}[2J\u{202E}' is nothing [IDL0001]"#)
  }

  @Test func aLongQuoteIsCut() {
    let place = SourceLocation(file: "a.idl", line: 1, column: 1)
    let name = String(repeating: "x", count: 1_000_000)
    let note = Diagnostic.Note("'\(name)' is here")
    #expect(Diagnostic(.error, DiagnosticCode(1), "'\(name)' is unknown", at: place, notes: [note]).description.utf8.count < 10_000)
  }
}
