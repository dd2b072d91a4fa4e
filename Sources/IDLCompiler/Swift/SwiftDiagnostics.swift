extension DiagnosticCode {
  /// A construct that the Swift mapping does not cover.
  static let swiftUnsupported = DiagnosticCode(900)
  /// Two IDL names that become one Swift name.
  static let swiftNameCollision = DiagnosticCode(901)
  /// A declaration of an included file that no Swift module is named for.
  static let swiftModuleMissing = DiagnosticCode(902)
  /// An array that is too large to be kept in line.
  static let swiftArrayTooLarge = DiagnosticCode(903)
  /// An interface that is declared and used, but never defined.
  static let swiftInterfaceUndefined = DiagnosticCode(904)
  /// Something wrong in `idl-swift.json`.
  static let swiftConfiguration = DiagnosticCode(905)
  /// A description of structs that hold one another that would become too large.
  static let swiftDescriptionTooLarge = DiagnosticCode(906)
}

/// Collects the diagnostics of one run; each place is reported once for each rule.
struct SwiftDiagnostics {
  private struct Key: Hashable {
    let code: DiagnosticCode
    let location: SourceLocation
  }

  private(set) var all: [Diagnostic] = []
  private var reported: Set<Key> = []

  mutating func report(
    _ severity: Diagnostic.Severity, _ code: DiagnosticCode, _ message: String, at location: SourceLocation, notes: [Diagnostic.Note] = []
  ) {
    guard reported.insert(Key(code: code, location: location)).inserted else { return }
    all.append(Diagnostic(severity, code, message, at: location, notes: notes))
  }
}
