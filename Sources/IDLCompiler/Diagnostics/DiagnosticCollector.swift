/// Takes the diagnostics of all stages of one compilation.
final class DiagnosticCollector {
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var errorCount = 0

  /// Set when going on makes no sense, for example at a limit: the source of tokens then ends.
  private(set) var isStopped = false

  private let errorLimit: Int

  init(errorLimit: Int) { self.errorLimit = errorLimit }

  func error(_ code: DiagnosticCode, _ message: String, at location: SourceLocation, notes: [Diagnostic.Note] = []) {
    // What comes after a limit is only noise of the missing rest.
    guard !isStopped else { return }
    errorCount += 1
    diagnostics.append(Diagnostic(.error, code, message, at: location, notes: notes))
    if errorCount == errorLimit {
      diagnostics.append(Diagnostic(.error, .tooManyErrors, "more than \(errorLimit) errors; the rest is not shown", at: location))
      isStopped = true
    }
  }

  func error(_ code: DiagnosticCode, _ message: String, at location: SourceLocation, hint: String) {
    error(code, message, at: location, notes: [.init(hint)])
  }

  func warning(_ code: DiagnosticCode, _ message: String, at location: SourceLocation, notes: [Diagnostic.Note] = []) {
    guard diagnostics.count < 2 * errorLimit else { return }
    diagnostics.append(Diagnostic(.warning, code, message, at: location, notes: notes))
  }

  /// Reports an error after which no more tokens are delivered.
  func stop(_ code: DiagnosticCode, _ message: String, at location: SourceLocation) {
    error(code, message, at: location)
    isStopped = true
  }

  /// The diagnostics in reading order: by file as first entered, line and column; those of one place as they were found.
  func sorted(filesInOrder files: [String]) -> [Diagnostic] {
    let ranks = Dictionary(files.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    func key(_ diagnostic: Diagnostic) -> (Int, Int, Int) {
      (ranks[diagnostic.location.file] ?? -1, diagnostic.location.line, diagnostic.location.column)
    }
    return diagnostics.enumerated().sorted { left, right in
      let (first, second) = (key(left.element), key(right.element))
      return first == second ? left.offset < right.offset : first < second
    }.map(\.element)
  }
}
