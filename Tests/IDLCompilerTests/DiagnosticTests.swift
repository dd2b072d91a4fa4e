import IDLCompiler
import Testing

@Suite struct DiagnosticTests {
  @Test func formatsPlaceMessageCodeAndNotes() {
    let place = SourceLocation(file: "a.idl", line: 3, column: 7)
    let diagnostic = Diagnostic(
      .error, DiagnosticCode(12), "'x' is bad", at: place,
      notes: [.init("first defined here", at: SourceLocation(file: "b.idl", line: 1, column: 2)), .init("rename it")])
    #expect(
      "\(diagnostic)" == """
        a.idl:3:7: error: 'x' is bad [IDL0012]
        b.idl:1:2: note: first defined here
        a.idl:3:7: note: rename it
        """)
  }
}
