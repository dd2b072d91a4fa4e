import CDR
import Mapping
import MappingFiles

/// How elements become the values of a record: made once from the record's type.
final class RecordShape: Sendable {
  /// What an element is.
  enum Kind: Sendable {
    /// Text as it stands.
    case text
    /// Text that denotes a value of the type.
    case scalar(TypeCode)
    case record(RecordType)
    /// `item` elements, each of the shape.
    case list(RecordShape)
  }

  /// What a child element is filled into.
  struct Field: Sendable {
    let slot: Int
    let shape: RecordShape
    /// Whether each such child is one more element of a list.
    let isRepeated: Bool
  }

  /// The shape's number among all of its document's.
  let number: Int
  let kind: Kind
  let fields: [String: Field]
  let attributes: [String: Int]
  /// The slot of an element's own text.
  let textSlot: Int?
  let empty: [Value]

  private init(
    _ kind: Kind, fields: [String: Field] = [:], attributes: [String: Int] = [:], textSlot: Int? = nil, empty: [Value] = [],
    counter: inout Int
  ) {
    number = counter
    counter += 1
    self.kind = kind
    self.fields = fields
    self.attributes = attributes
    self.textSlot = textSlot
    self.empty = empty
  }

  /// The shape of a record's element.
  ///
  /// - Parameter counter: numbers the shapes of a document.
  convenience init(_ type: RecordType, counter: inout Int) {
    let isDocument = DocumentShape.isDocument(type)
    var fields: [String: Field] = [:]
    var attributes: [String: Int] = [:]
    var textSlot: Int?
    for (slot, field) in type.fields.enumerated() {
      if field.name.hasPrefix("@") {
        attributes[String(field.name.dropFirst())] = slot
      } else if isDocument, DocumentShape.isMixed(type), field.name == DocumentShape.text {
        textSlot = slot
      } else if isDocument, field.name == DocumentShape.envelope, !type.id.contains("/") {
        // What stands around an item is no child of it.
        continue
      } else if isDocument, let element = field.type.listElement {
        fields[field.name] = Field(slot: slot, shape: Self.shape(element, &counter), isRepeated: true)
      } else {
        fields[field.name] = Field(slot: slot, shape: Self.shape(field.type, &counter), isRepeated: false)
      }
    }
    self.init(
      .record(type), fields: fields, attributes: attributes, textSlot: textSlot, empty: DocumentShape.empty(type).slots, counter: &counter)
  }

  private static func shape(_ type: TypeCode, _ counter: inout Int) -> RecordShape {
    switch type.resolved {
    case .record(let record): return RecordShape(record, counter: &counter)
    case .optional(let inner): return shape(inner, &counter)
    case .string, .wstring: return RecordShape(.text, counter: &counter)
    default:
      if let element = type.listElement { return RecordShape(.list(shape(element, &counter)), counter: &counter) }
      return RecordShape(.scalar(type.resolved), counter: &counter)
    }
  }
}
