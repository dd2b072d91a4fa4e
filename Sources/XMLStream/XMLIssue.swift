/// One fault of a document, with its place and what to do about it.
public struct XMLIssue: Error, Sendable, Hashable, CustomStringConvertible {
  /// The stable name of a kind of fault.
  public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name as it stands in reports and logs.
    public let rawValue: String
    /// Creates a code; codes of this target are the static members.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name as it stands in reports and logs.
    public var description: String { rawValue }
  }

  /// The kind of fault.
  public var code: Code
  /// What is wrong, in one line; text quoted from the document is shortened and free of control characters.
  public var message: String
  /// The document's file or name, empty if it has none.
  public var file: String
  /// The line, from 1; 0 where no place is known.
  public var line: Int
  /// The column in Unicode scalars, from 1; 0 where no place is known.
  public var column: Int
  /// The innermost element, as ``XMLPath`` writes it; empty outside the root.
  public var elementPath: String
  /// What to do about it; may be empty.
  public var hint: String

  /// Creates an issue. The message is made safe to print, whatever it quotes.
  public init(
    _ code: Code, _ message: String, file: String = "", position: XMLPosition = .unknown, elementPath: String = "", hint: String = ""
  ) {
    self.code = code
    self.message = message.sanitised()
    self.file = file
    self.line = position.line
    self.column = position.column
    self.elementPath = elementPath
    self.hint = hint
  }

  /// The line and column.
  public var position: XMLPosition { XMLPosition(line: line, column: column) }

  /// `file:line:column: error: message [CODE]`, and the hint in a second line.
  public var description: String {
    var text = file.isEmpty ? "" : "\(file.sanitised(limit: 4_096)):"
    if line > 0 { text += "\(line):\(column):" }
    if !text.isEmpty { text += " " }
    text += "error: \(message) [\(code)]"
    if !hint.isEmpty { text += "\n  hint: \(hint)" }
    return text
  }
}

extension XMLIssue.Code {
  /// The document has more bytes than its bound.
  public static let documentTooLarge = Self(rawValue: "XML_DOCUMENT_TOO_LARGE")
  /// A start tag or document type declaration has more bytes than its bound.
  public static let startTagTooLarge = Self(rawValue: "XML_START_TAG_TOO_LARGE")
  /// An element has too many attributes.
  public static let tooManyAttributes = Self(rawValue: "XML_TOO_MANY_ATTRIBUTES")
  /// An element declares too many namespaces.
  public static let tooManyNamespaces = Self(rawValue: "XML_TOO_MANY_NAMESPACES")
  /// Elements are nested too deeply.
  public static let tooDeep = Self(rawValue: "XML_TOO_DEEP")
  /// The document has too many different names.
  public static let tooManyNames = Self(rawValue: "XML_TOO_MANY_NAMES")
  /// A run of text has more bytes than its bound.
  public static let textTooLarge = Self(rawValue: "XML_TEXT_TOO_LARGE")
  /// A comment or processing instruction has more bytes than its bound.
  public static let commentTooLarge = Self(rawValue: "XML_COMMENT_TOO_LARGE")
  /// The document type declaration has an internal subset, which is always refused.
  public static let internalSubset = Self(rawValue: "XML_INTERNAL_SUBSET")
  /// A reference to an entity other than the five predefined ones, which is always refused.
  public static let entityReference = Self(rawValue: "XML_ENTITY_REFERENCE")
  /// The document is in an encoding that is not supported, or declares another than it has.
  public static let encodingUnsupported = Self(rawValue: "XML_ENCODING_UNSUPPORTED")
  /// The bytes are not valid in the document's encoding.
  public static let encodingInvalid = Self(rawValue: "XML_ENCODING_INVALID")
  /// The document is not well-formed (XML 1.0, fifth edition).
  public static let notWellFormed = Self(rawValue: "XML_NOT_WELL_FORMED")
  /// The document breaks a rule of Namespaces in XML 1.0.
  public static let namespace = Self(rawValue: "XML_NAMESPACE")
  /// The file cannot be read.
  public static let fileUnreadable = Self(rawValue: "XML_FILE_UNREADABLE")
  /// The document breaks a rule of its schema.
  public static let schemaViolation = Self(rawValue: "XML_SCHEMA_VIOLATION")
  /// A schema cannot be compiled.
  public static let schemaInvalid = Self(rawValue: "XML_SCHEMA_INVALID")
  /// A schema includes or imports a document that is not registered.
  public static let schemaNotRegistered = Self(rawValue: "XML_SCHEMA_NOT_REGISTERED")
  /// Text to be written holds a character that XML 1.0 cannot carry.
  public static let illegalCharacter = Self(rawValue: "XML_ILLEGAL_CHARACTER")
  /// A name to be written is no name of XML, or its prefix is not declared.
  public static let illegalName = Self(rawValue: "XML_ILLEGAL_NAME")
  /// Elements are written in an order that gives no well-formed document.
  public static let illegalStructure = Self(rawValue: "XML_ILLEGAL_STRUCTURE")
}

/// All faults found in one document, in the order of the document.
public struct XMLIssues: Error, Sendable, Hashable, CustomStringConvertible {
  /// The faults; never empty when thrown.
  public var issues: [XMLIssue]
  /// Whether there may be more faults than were recorded.
  public var isTruncated: Bool

  /// Creates a list of faults.
  public init(_ issues: [XMLIssue], isTruncated: Bool = false) {
    self.issues = issues
    self.isTruncated = isTruncated
  }

  /// One issue after the other, a line each and one for each hint.
  public var description: String {
    let lines = issues.map(\.description) + (isTruncated ? ["further errors are not shown"] : [])
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// The text on one line without control characters, at most about 320 scalars: the middle is left out, since what libxml2 says of
  /// a value stands after the quoted value.
  func sanitised(limit: Int = 320) -> String {
    var scalars = String.UnicodeScalarView()
    var blank = false
    // Characters that reorder or hide text (bidirectional controls, line separators) would forge what an operator sees.
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: blank = true
      case .format, .privateUse, .surrogate, .unassigned: scalars.append("\u{FFFD}")
      default:
        if blank, !scalars.isEmpty { scalars.append(" ") }
        blank = false
        scalars.append(scalar)
      }
    }
    guard scalars.count > limit else { return String(scalars) }
    return String(scalars.prefix(limit / 2)) + " … " + String(scalars.suffix(limit / 2))
  }
}
