/// Why a document, or a field of it, could not be mapped.
public struct MappingProblem: Error, Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable {
    /// The whole item is refused.
    case reject
    /// The whole item waits for a person.
    case hold
    /// Recorded only.
    case note
  }

  /// Stable names of the kinds of problem. A `require` brings its own.
  public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }
  }

  public let code: Code
  public var severity: Severity
  /// The field of the target: `packagings[2]/code`; empty where the problem concerns no field.
  public let field: String
  /// The expression in the mapping.
  public let path: String
  /// The bad value as the document has it.
  public let value: String
  public let message: String
  public let hint: String
  /// Where the mapping says what was tried.
  public let place: SourcePlace

  public init(
    _ code: Code, severity: Severity = .reject, field: String = "", path: String = "", value: String = "", message: String,
    hint: String = "", place: SourcePlace = .unknown
  ) {
    self.code = code
    self.severity = severity
    self.field = field
    self.path = path
    self.value = value
    self.message = message
    self.hint = hint
    self.place = place
  }
}

extension MappingProblem: CustomStringConvertible {
  /// `CODE field: message (file:line:column)`.
  public var description: String {
    let subject = field.isEmpty ? "" : " \(field)"
    return "\(code)\(subject): \(message)\(place.line > 0 ? " (\(place))" : "")"
  }
}

extension MappingProblem.Code {
  /// The document is no record of the type that the mapping reads.
  public static let shape = Self(rawValue: "WRONG_SHAPE")
  /// A number, truth value, enumerator or id is needed, and there is nothing.
  public static let emptyValue = Self(rawValue: "EMPTY_VALUE")
  public static let notANumber = Self(rawValue: "NOT_A_NUMBER")
  public static let notABoolean = Self(rawValue: "NOT_A_BOOLEAN")
  public static let notADate = Self(rawValue: "NOT_A_DATE")
  public static let notAnEnumerator = Self(rawValue: "NOT_AN_ENUMERATOR")
  /// The number has more digits, before or behind the point, than its field.
  public static let doesNotFit = Self(rawValue: "NUMBER_DOES_NOT_FIT")
  /// `exact` would lose digits.
  public static let inexact = Self(rawValue: "INEXACT")
  public static let overflow = Self(rawValue: "NUMBER_OVERFLOW")
  public static let divisionByZero = Self(rawValue: "DIVISION_BY_ZERO")
  public static let textTooLong = Self(rawValue: "TEXT_TOO_LONG")
  public static let severalNodes = Self(rawValue: "SEVERAL_NODES")
  public static let tooManyElements = Self(rawValue: "TOO_MANY_ELEMENTS")
  /// A value map does not have the value.
  public static let unmappedValue = Self(rawValue: "UNMAPPED_VALUE")
  /// A value map that the mapping names is not loaded.
  public static let missingTable = Self(rawValue: "MISSING_TABLE")
  /// No link has the id.
  public static let unknownReference = Self(rawValue: "UNKNOWN_REFERENCE")
  public static let idTooLong = Self(rawValue: "ID_TOO_LONG")
  /// A line was left out, as its mapping says.
  public static let lineDropped = Self(rawValue: "LINE_DROPPED")
  /// More problems than are recorded for one document.
  public static let tooManyProblems = Self(rawValue: "TOO_MANY_PROBLEMS")
}
