import Identity

/// One thing that is wrong with a mapping or value map, found before it is used.
public struct MappingDiagnostic: Error, Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable { case error, warning }

  /// Stable names of the kinds of fault.
  public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
  }

  public let severity: Severity
  public let code: Code
  /// What is wrong, in one line that quotes the bad value.
  public let message: String
  public let place: SourcePlace
  /// What to do about it; may be empty.
  public let hint: String
  /// The line of the file around the place; nil where it is not known.
  public var excerpt: SourceExcerpt?

  public init(
    _ code: Code, _ message: String, at place: SourcePlace, hint: String = "", severity: Severity = .error, excerpt: SourceExcerpt? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.place = place
    self.hint = hint
    self.excerpt = excerpt
  }
}

extension MappingDiagnostic: CustomStringConvertible {
  /// `file:line:column: error: message [CODE]`, the line with a caret below its column, and the hint.
  public var description: String {
    var text = place.description
    if !text.isEmpty { text += ": " }
    text += "\(severity.rawValue): \(Self.shown(message)) [\(code)]"
    if let excerpt { text += "\n  \(excerpt.lines)" }
    if !hint.isEmpty { text += "\n  hint: \(Self.shown(hint))" }
    return text
  }

  /// Both quote what stands in the file.
  private static func shown(_ text: String) -> String {
    VisibleText.line(VisibleText.beginning(text, scalars: 2_000))
  }
}

extension MappingDiagnostic.Code {
  /// The expression breaks the grammar.
  public static let syntax = Self(rawValue: "MAPPING_SYNTAX")
  /// A path names a field that the type does not have, or enters what has no fields.
  public static let unknownPath = Self(rawValue: "MAPPING_UNKNOWN_PATH")
  /// `field` names what the target does not have.
  public static let unknownField = Self(rawValue: "MAPPING_UNKNOWN_FIELD")
  /// `<match>` names a field by which nothing is recognised.
  public static let unmatchedField = Self(rawValue: "MAPPING_UNMATCHED_FIELD")
  /// `from` or `to` names a type that no dialect has.
  public static let unknownType = Self(rawValue: "MAPPING_UNKNOWN_TYPE")
  public static let unknownFunction = Self(rawValue: "MAPPING_UNKNOWN_FUNCTION")
  public static let unknownTable = Self(rawValue: "MAPPING_UNKNOWN_TABLE")
  public static let unknownEntity = Self(rawValue: "MAPPING_UNKNOWN_ENTITY")
  /// A function is called with too few or too many arguments, or with one that must be a literal.
  public static let arguments = Self(rawValue: "MAPPING_ARGUMENTS")
  /// A value of one type stands where another is needed.
  public static let type = Self(rawValue: "MAPPING_TYPE")
  /// A path may have several nodes where one is needed.
  public static let severalNodes = Self(rawValue: "MAPPING_SEVERAL_NODES")
  /// A literal that its field or function cannot take.
  public static let literal = Self(rawValue: "MAPPING_LITERAL")
  /// A field that the target needs is not set.
  public static let missingField = Self(rawValue: "MAPPING_MISSING_FIELD")
  public static let duplicateField = Self(rawValue: "MAPPING_DUPLICATE_FIELD")
  /// Attributes that do not go together, or one that lacks another.
  public static let attributes = Self(rawValue: "MAPPING_ATTRIBUTES")
  public static let missingIdentity = Self(rawValue: "MAPPING_MISSING_IDENTITY")
  /// Larger than the bounds of the language.
  public static let tooLarge = Self(rawValue: "MAPPING_TOO_LARGE")
  public static let duplicateName = Self(rawValue: "MAPPING_DUPLICATE_NAME")
}
