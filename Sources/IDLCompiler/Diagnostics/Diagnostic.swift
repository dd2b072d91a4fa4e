/// One message about the source, as a value.
public struct Diagnostic: Hashable, Sendable {
  /// How grave it is.
  public enum Severity: String, Hashable, Sendable {
    /// There is no model.
    case error
    /// The model exists; something in the source has no effect or is likely not meant.
    case warning
  }

  /// A second place that explains the first, for example the earlier definition.
  public struct Note: Hashable, Sendable {
    /// What is to be seen there.
    public let message: String
    /// Where; nil when the note is advice.
    public let location: SourceLocation?

    /// Creates a note.
    public init(_ message: String, at location: SourceLocation? = nil) {
      self.message = message
      self.location = location
    }
  }

  /// How grave it is.
  public let severity: Severity
  /// Which rule is broken; stable over releases.
  public let code: DiagnosticCode
  /// One sentence that quotes the bad text.
  public let message: String
  /// Where.
  public let location: SourceLocation
  /// What to do, or where the other party of a conflict stands.
  public let notes: [Note]

  /// Creates a diagnostic.
  public init(_ severity: Severity, _ code: DiagnosticCode, _ message: String, at location: SourceLocation, notes: [Note] = []) {
    self.severity = severity
    self.code = code
    self.message = message
    self.location = location
    self.notes = notes
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: message [IDL0012]`, then one `note:` line for each note.
  public var description: String {
    var text = "\(Self.shown("\(location)")): \(severity.rawValue): \(Self.shown(message)) [\(code.identifier)]"
    for note in notes { text += "\n\(Self.shown("\(note.location ?? location)")): note: \(Self.shown(note.message))" }
    return text
  }

  /// Text that may quote a source or name a file: on one line, without what steers a terminal or hides, and not of any length.
  private static func shown(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == 4_096 { return String(scalars) + "…" }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        scalars.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
