package import CDR

/// What an expression yields, known before it runs.
struct ExpressionType: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case text
    /// Integers, `fixed`, and binary fractions as the shortest decimal that denotes them.
    case number
    case boolean
    case enumeration(EnumerationType)
    case record(RecordType)
    /// What can only be copied whole.
    case other(TypeCode)
  }

  /// How many nodes a path may have.
  enum Cardinality: Sendable, Hashable {
    case one
    /// A predicate chooses among several; whether one is left is checked when it runs.
    case chosen
    case several
  }

  var kind: Kind
  /// Whether there may be no value.
  var mayBeEmpty = false
  var cardinality = Cardinality.one

  static let text = ExpressionType(kind: .text)
  static let number = ExpressionType(kind: .number)
  static let boolean = ExpressionType(kind: .boolean)

  /// Whether the value is text, or is written as text.
  var isTextual: Bool {
    switch kind {
    case .text, .enumeration: true
    default: false
    }
  }
}

extension ExpressionType.Kind: CustomStringConvertible {
  /// With its article, for messages.
  var description: String {
    switch self {
    case .text: "text"
    case .number: "a number"
    case .boolean: "a truth value"
    case .enumeration(let type): "an enumerator of \(type.name)"
    case .record(let type): "a record \(type.name)"
    case .other(let type): "\(type)"
    }
  }

  /// The kind of a single value of a type, which is no list.
  init(_ type: TypeCode) {
    switch type.resolved {
    case .string, .wstring, .char: self = .text
    case .short, .long, .longLong, .unsignedShort, .unsignedLong, .unsignedLongLong, .octet, .fixed, .float, .double: self = .number
    case .boolean: self = .boolean
    case .enumeration(let type): self = .enumeration(type)
    case .record(let type): self = .record(type)
    default: self = .other(type)
    }
  }
}

extension TypeCode {
  /// The element type of a sequence or array; nil for other types and for octets, which are one value.
  package var listElement: TypeCode? {
    switch resolved {
    case .sequence(let element, _), .array(let element, _): element.resolved == .octet ? nil : element
    default: nil
    }
  }

  /// What an optional value is, if it is there; nil for other types.
  var optionalElement: TypeCode? {
    if case .optional(let element) = resolved { element } else { nil }
  }
}

extension RecordType {
  /// The slot of the text that an element of a document holds beside attributes and children; nil for records of other kinds.
  var ownTextSlot: Int? {
    guard id.hasPrefix("xml:"), let last = fields.last, last.name == Record.ownText, case .optional(.string) = last.type else { return nil }
    return fields.count - 1
  }

  /// The type of a field; a record that contains itself is entered one level deeper.
  package func type(ofSlot slot: Int) -> TypeCode { Self.entered(fields[slot].type, from: self) }

  private static func entered(_ type: TypeCode, from record: RecordType) -> TypeCode {
    switch type {
    case .recursive(let id) where id == record.id: .record(record)
    case .sequence(let element, let bound): .sequence(element: entered(element, from: record), bound: bound)
    case .optional(let element): .optional(entered(element, from: record))
    case .array(let element, let length): .array(element: entered(element, from: record), length: length)
    case .alias(let id, let name, let original): .alias(id: id, name: name, original: entered(original, from: record))
    default: type
    }
  }
}
