/// Reads the main file and what it includes, and delivers the tokens that are left after preprocessing.
///
/// Object-like macros, conditions, `#include` and the pragmas of OMG CORBA 3.0, 10.7.5 are known; function-like macros are refused.
final class Preprocessor {
  /// What the parser receives.
  enum Element {
    case token(Token)
    case marker(Marker)
  }

  /// A file being read.
  struct Frame {
    var scanner: Scanner
    var conditions: [Condition] = []
    var isAtLineStart = true
  }

  /// An `#if` whose `#endif` is still to come.
  struct Condition {
    let location: SourceLocation
    /// Whether the text around the `#if` is active.
    let isParentActive: Bool
    /// Whether a branch was chosen already.
    var isTaken: Bool
    var isActive: Bool
    var hasElse = false
  }

  let loader: any SourceLoader
  let includePaths: [String]
  let limits: CompilerLimits
  let diagnostics: DiagnosticCollector

  var frames: [Frame] = []
  var files: [SourceFile] = []
  var macros: [String: [Token]] = [:]
  var filesToIncludeOnce: Set<String> = []
  var inclusions = 0
  var expandedTokens = 0
  private var queue: [Element] = []
  private var comments = PendingDocumentation()
  private var lastLocation: SourceLocation

  init(
    mainFile: String, loader: any SourceLoader, includePaths: [String], defines: [String], diagnostics: DiagnosticCollector,
    limits: CompilerLimits
  ) {
    self.loader = loader
    self.includePaths = includePaths
    self.limits = limits
    self.diagnostics = diagnostics
    lastLocation = SourceLocation(file: mainFile, line: 1, column: 1)
    for definition in defines { define(commandLine: definition) }
    files.append(SourceFile(path: mainFile, isMain: true, includes: []))
    if let source = load(mainFile, named: mainFile, at: lastLocation) {
      frames.append(Frame(scanner: Scanner(source, path: mainFile, diagnostics: diagnostics, limits: limits)))
    }
  }

  /// The next token or marker; at the end `.token` of kind `end`, again and again.
  func next() -> Element {
    while queue.isEmpty { step() }
    return queue.removeLast()
  }

  /// Reads until something is in the queue, or one line is done.
  private func step() {
    guard let top = frames.indices.last, !diagnostics.isStopped else {
      return deliver(Token(kind: .end, text: "", location: lastLocation, end: lastLocation))
    }
    if let condition = frames[top].conditions.last, !condition.isActive {
      if let hash = frames[top].scanner.skipToDirective() { return directive(at: hash) }
    }
    let token = frames[top].scanner.next()
    lastLocation = token.location
    switch token.kind {
    case .newline: frames[top].isAtLineStart = true
    case .documentation(let lines, let isTrailing, let isLine):
      comments.take(lines, isTrailing: isTrailing, isLine: isLine, from: token.location.line, to: token.end.line)
    case .end: leaveFile()
    case .punctuation(.hash) where frames[top].isAtLineStart: directive(at: token.location)
    default:
      frames[top].isAtLineStart = false
      deliver(token)
    }
  }

  private func deliver(_ token: Token) {
    var tokens = expand(token)
    if !tokens.isEmpty { comments.give(to: &tokens[0]) }
    queue = tokens.reversed().map { .token($0) }
  }

  func deliver(_ marker: Marker) { queue = [.marker(marker)] }

  /// Separates a comment in front of a directive from the declaration behind it.
  func dropDocumentation() { comments.dropLeading() }

  private func leaveFile() {
    let frame = frames.removeLast()
    for condition in frame.conditions {
      diagnostics.error(.unterminatedConditional, "'#if' without '#endif'", at: condition.location)
    }
    if !frames.isEmpty { deliver(Marker.leaveFile) }
  }
}
