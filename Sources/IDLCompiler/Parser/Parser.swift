/// Reads the definitions of a translation unit by recursive descent (OMG CORBA 3.0, 3.4).
///
/// An error is reported where it is found, then the parser goes on behind the next `;` or `}` that closes the damaged definition,
/// so that all errors of a file are shown at once.
final class Parser {
  /// Leaves a definition after its error was reported.
  struct Abandoned: Error {}

  let preprocessor: Preprocessor
  let diagnostics: DiagnosticCollector
  let limits: CompilerLimits

  /// The token to look at.
  private(set) var current = Token(
    kind: .end, text: "", location: SourceLocation(file: "", line: 1, column: 1), end: SourceLocation(file: "", line: 1, column: 1))
  /// The place behind the last token that was read.
  private(set) var previousEnd = SourceLocation(file: "", line: 1, column: 1)
  /// How many `{` are open.
  private(set) var braceDepth = 0
  /// The name of the definition being read, once it is known.
  var definedName: Identifier?
  /// What a trailing comment describes.
  var lastName: Identifier?
  private var pendingMarkers: [Marker] = []
  private var nesting = 0

  init(_ preprocessor: Preprocessor) {
    self.preprocessor = preprocessor
    diagnostics = preprocessor.diagnostics
    limits = preprocessor.limits
    load()
    previousEnd = current.location
  }

  /// Reads everything.
  func parseFile() -> [DefinitionSyntax] {
    var definitions: [DefinitionSyntax] = []
    while true {
      definitions += parseDefinitions(of: .file)
      guard !sees(.end) else { return definitions }
      diagnostics.error(.unexpectedToken, "'}' without '{'", at: current.location)
      advance()
      braceDepth = 0
      _ = take(.semicolon)
    }
  }

  // MARK: Tokens

  /// Moves to the next token.
  func advance() {
    if sees(.openBrace) { braceDepth += 1 } else if sees(.closeBrace) { braceDepth -= 1 }
    previousEnd = current.end
    load()
  }

  private func load() {
    while true {
      switch preprocessor.next() {
      case .marker(let marker): pendingMarkers.append(marker)
      case .token(let token):
        current = token
        lastName?.documentation += token.trailingDocumentation
        return
      }
    }
  }

  /// Gives the markers that stood in front of the current token, once.
  func takeMarkers() -> [DefinitionSyntax] {
    defer { pendingMarkers = [] }
    return pendingMarkers.map { .marker($0) }
  }

  func sees(_ sign: Punctuation) -> Bool { current.kind == .punctuation(sign) }
  func sees(_ keyword: Keyword) -> Bool { current.kind == .keyword(keyword) }
  func sees(_ kind: Token.Kind) -> Bool { current.kind == kind }

  /// Moves over a sign if it is there.
  func take(_ sign: Punctuation) -> Bool {
    guard sees(sign) else { return false }
    advance()
    return true
  }

  /// Moves over a keyword if it is there.
  func take(_ keyword: Keyword) -> Bool {
    guard sees(keyword) else { return false }
    advance()
    return true
  }

  // MARK: Errors

  /// Reports what was expected instead of the current token.
  func unexpected(_ expected: String, notes: [Diagnostic.Note] = []) -> Abandoned {
    diagnostics.error(.unexpectedToken, "expected \(expected), found \(current.quoted)", at: current.location, notes: notes)
    return Abandoned()
  }

  func expect(_ sign: Punctuation, _ context: String) throws(Abandoned) {
    guard take(sign) else { throw unexpected("'\(sign.rawValue)' \(context)") }
  }

  /// Moves over the `;` that ends a definition. A missing one is reported behind the last word, and harms nothing more.
  func expectSemicolon(after what: String) throws(Abandoned) {
    if take(.semicolon) { return }
    // A literal without its closing quote has swallowed the `;`.
    if diagnostics.diagnostics.last?.code != .unterminatedLiteral {
      diagnostics.error(.unexpectedToken, "expected ';' after \(what)", at: previousEnd)
    }
    if current.location.file != previousEnd.file || current.location.line > previousEnd.line || sees(.closeBrace) || sees(.end) { return }
    throw Abandoned()
  }

  /// Moves behind the end of the damaged definition: its `;`, or up to the `}` of the scope around it.
  func recover(to depth: Int) {
    while !sees(.end) {
      if sees(.semicolon), braceDepth <= depth {
        advance()
        return
      }
      if sees(.closeBrace) {
        if braceDepth <= depth { return }
        advance()
        if braceDepth <= depth {
          _ = take(.semicolon)
          return
        }
        continue
      }
      advance()
    }
  }

  /// Runs a part of the grammar that may contain itself.
  func nested<Result>(_ body: () throws(Abandoned) -> Result) throws(Abandoned) -> Result {
    guard nesting < limits.nesting else {
      diagnostics.stop(.nestingTooDeep, "more than \(limits.nesting) levels of nesting", at: current.location)
      throw Abandoned()
    }
    nesting += 1
    defer { nesting -= 1 }
    return try body()
  }
}
