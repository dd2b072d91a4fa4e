import CDR
import InterchangeIDL
import Mapping
import MappingFiles
import XMLStream

/// How elements become the values of a record: made once from the record's type.
final class RecordShape: Sendable {
  /// What an element is.
  enum Kind: Sendable {
    /// Text, but for the blanks that mean nothing in it.
    case text(WhiteSpace)
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
  let attributes: [String: (slot: Int, whiteSpace: WhiteSpace)]
  /// The slot of an element's own text, and what blanks mean in it.
  let textSlot: Int?
  let textWhiteSpace: WhiteSpace
  /// Slots that an element must fill, as bits: what would else be a number that nobody wrote.
  let needed: UInt128
  /// The slot of an item for what stands around it.
  let envelopeSlot: Int?
  private let empty: [Value]
  /// The slots of ``empty`` that hold something.
  private let filled: [Int]

  /// How many slots a record of the shape has.
  var slotCount: Int { empty.count }

  /// The slots of a record of which nothing was read yet. Mostly all are absent: to write that is faster than to copy it.
  func emptySlots() -> [Value] {
    if filled.count > empty.count / 4 { return empty }
    var slots = [Value](repeating: .absent, count: empty.count)
    for slot in filled { slots[slot] = empty[slot] }
    return slots
  }

  /// Whether the element holds text and no elements: one that stands there would tear the text apart.
  var isTextAlone: Bool {
    switch kind {
    case .text, .scalar: true
    case .record: textSlot != nil && fields.isEmpty
    case .list: false
    }
  }

  /// Whether an element of the shape has text of its own.
  var takesText: Bool {
    switch kind {
    case .text, .scalar: true
    case .record: textSlot != nil
    case .list: false
    }
  }

  /// What a child element of that name is filled into; nil where it is passed over.
  func field(_ name: String) -> Field? {
    if case .list(let element) = kind { return name == "item" ? Field(slot: 0, shape: element, isRepeated: true) : nil }
    return fields[name]
  }

  private init(
    _ kind: Kind, fields: [String: Field] = [:], attributes: [String: (slot: Int, whiteSpace: WhiteSpace)] = [:], textSlot: Int? = nil,
    textWhiteSpace: WhiteSpace = .preserve, empty: [Value] = [], counter: inout Int
  ) {
    number = counter
    counter += 1
    self.kind = kind
    self.fields = fields
    self.attributes = attributes
    self.textSlot = textSlot
    self.textWhiteSpace = textWhiteSpace
    self.empty = empty
    if case .record(let type) = kind, !DocumentShape.isDocument(type) {
      needed = fields.reduce(0) { bits, field in
        let slot = field.value.slot
        let isNeeded =
          if case .record = field.value.shape.kind, !type.fields[slot].type.isOptional {
            field.value.shape.needed != 0
          } else {
            CanonicalAbsence.needs(type.fields[slot], of: type)
          }
        return isNeeded && slot < 128 ? bits | 1 << UInt128(slot) : bits
      }
    } else {
      needed = 0
    }
    if case .record(let type) = kind, DocumentShape.isDocument(type) {
      envelopeSlot = type.slot(of: DocumentShape.envelope)
    } else {
      envelopeSlot = nil
    }
    filled = empty.indices.filter { if case .absent = empty[$0] { false } else { true } }
  }

  /// The shape of a record's element.
  ///
  /// - Parameters:
  ///   - counter: numbers the shapes of a document.
  ///   - whiteSpace: what blanks in its texts mean, by the way to them; see ``DocumentWhiteSpace``.
  ///   - way: the way to the element, with a slash at its end where it is not empty.
  convenience init(_ type: RecordType, counter: inout Int, whiteSpace: [String: WhiteSpace] = [:], way: String = "") {
    let isDocument = DocumentShape.isDocument(type)
    var fields: [String: Field] = [:]
    var attributes: [String: (slot: Int, whiteSpace: WhiteSpace)] = [:]
    var textSlot: Int?
    for (slot, field) in type.fields.enumerated() {
      let inner = way + field.name
      if field.name.hasPrefix("@") {
        attributes[String(field.name.dropFirst())] = (slot, whiteSpace[inner] ?? .preserve)
      } else if isDocument, DocumentShape.isMixed(type), field.name == DocumentShape.text {
        textSlot = slot
      } else if isDocument, field.name == DocumentShape.envelope, !type.id.contains("/") {
        // What stands around an item is no child of it.
        continue
      } else if isDocument, let element = field.type.listElement {
        fields[field.name] = Field(slot: slot, shape: Self.shape(element, &counter, whiteSpace, inner), isRepeated: true)
      } else {
        fields[field.name] = Field(slot: slot, shape: Self.shape(field.type, &counter, whiteSpace, inner), isRepeated: false)
      }
    }
    self.init(
      .record(type), fields: fields, attributes: attributes, textSlot: textSlot,
      textWhiteSpace: whiteSpace[way + DocumentShape.text] ?? .preserve, empty: DocumentShape.empty(type).slots, counter: &counter)
  }

  private static func shape(
    _ type: TypeCode, _ counter: inout Int, _ whiteSpace: [String: WhiteSpace], _ way: String
  ) -> RecordShape {
    switch type.resolved {
    case .record(let record): return RecordShape(record, counter: &counter, whiteSpace: whiteSpace, way: way + "/")
    case .optional(let inner):
      // An empty element is none of an optional number.
      if CanonicalAbsence.isFigure(inner) { return RecordShape(.scalar(type.resolved), counter: &counter) }
      return shape(inner, &counter, whiteSpace, way)
    case .string, .wstring: return RecordShape(.text(whiteSpace[way] ?? .preserve), counter: &counter)
    default:
      if let element = type.listElement {
        return RecordShape(.list(shape(element, &counter, whiteSpace, way)), counter: &counter)
      }
      return RecordShape(.scalar(type.resolved), counter: &counter)
    }
  }
}

extension TypeCode {
  fileprivate var isOptional: Bool { if case .optional = resolved { true } else { false } }
}
