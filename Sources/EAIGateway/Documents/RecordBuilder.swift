import CDR
import Mapping
import MappingFiles

/// The names of one document, by the numbers under which they are read, and which fields they are in each shape.
struct DocumentNames {
  private var locals: [String] = []
  /// By shape and name: the field, once it was looked up.
  private var fields: [[RecordShape.Field??]] = []

  /// The local name with a number.
  mutating func local(_ number: Int, _ name: (Int) -> String) -> String {
    while locals.count <= number { locals.append(name(locals.count)) }
    return locals[number]
  }

  /// The field of a shape that an element of that name fills.
  mutating func field(_ number: Int, of shape: RecordShape, _ name: (Int) -> String) -> RecordShape.Field? {
    while fields.count <= shape.number { fields.append([]) }
    while fields[shape.number].count <= number { fields[shape.number].append(nil) }
    if let known = fields[shape.number][number] { return known }
    let found = shape.fields[local(number, name)]
    fields[shape.number][number] = .some(found)
    return found
  }
}

/// Builds one record from the elements of a document. Elements and attributes that its type does not have are passed over.
struct RecordBuilder {
  private struct Frame {
    let shape: RecordShape
    /// Where its value goes in the frame below; nil for the outermost.
    let field: RecordShape.Field?
    let name: Int
    let line: Int
    var slots: [Value]
    var list: [Value] = []
    /// Slots that an element filled, of the first 128.
    var filled: UInt128 = 0
    /// The element's own text beside attributes and children.
    var text: [UInt8] = []
  }

  private var frames: [Frame] = []
  /// The text of the innermost element, where it holds nothing else.
  private var leaf: [UInt8] = []
  /// Open elements within one that is passed over.
  private var skipped = 0
  /// About how many octets of memory the record takes.
  private(set) var octets = 0
  /// What refuses the item.
  private(set) var problems: [MappingProblem] = []

  /// Whether an element is open.
  var isOpen: Bool { !frames.isEmpty }

  /// The record as far as it was built, of the outermost element.
  var current: Record? {
    guard let first = frames.first, case .record(let type) = first.shape.kind else { return nil }
    return Record(type: type, slots: first.slots)
  }

  /// Begins a record with its own element.
  mutating func begin(_ shape: RecordShape, _ name: Int, attributes: [(name: String, value: String)], line: Int) {
    problems = []
    octets = 0
    push(shape, nil, name, attributes, line)
  }

  mutating func startElement(
    _ name: Int, attributes: [(name: String, value: String)], line: Int, _ names: inout DocumentNames, _ text: (Int) -> String
  ) {
    guard skipped == 0, let top = frames.last else {
      skipped += 1
      return
    }
    if case .list(let element) = top.shape.kind {
      if names.local(name, text) == "item" {
        push(element, RecordShape.Field(slot: 0, shape: element, isRepeated: true), name, attributes, line)
      } else {
        skipped += 1
      }
    } else if let field = names.field(name, of: top.shape, text) {
      push(field.shape, field, name, attributes, line)
    } else {
      skipped += 1
    }
  }

  private mutating func push(
    _ shape: RecordShape, _ field: RecordShape.Field?, _ name: Int, _ attributes: [(name: String, value: String)], _ line: Int
  ) {
    octets += 64 + 24 * shape.empty.count
    var slots = shape.empty
    for attribute in attributes {
      octets += attribute.value.utf8.count
      if let slot = shape.attributes[attribute.name] { slots[slot] = .text(attribute.value) }
    }
    leaf.removeAll(keepingCapacity: true)
    frames.append(Frame(shape: shape, field: field, name: name, line: line, slots: slots))
  }

  mutating func text(_ text: Span<UInt8>) {
    guard skipped == 0, let index = frames.indices.last else { return }
    switch frames[index].shape.kind {
    case .text, .scalar:
      octets += text.count
      text.withUnsafeBufferPointer { leaf.append(contentsOf: $0) }
    case .record:
      guard frames[index].shape.textSlot != nil else { return }
      octets += text.count
      text.withUnsafeBufferPointer { frames[index].text.append(contentsOf: $0) }
    case .list: break
    }
  }

  /// Ends the innermost element.
  ///
  /// - Returns: the record, where it was its own element.
  mutating func endElement(_ names: inout DocumentNames, _ text: (Int) -> String) -> Record? {
    if skipped > 0 {
      skipped -= 1
      return nil
    }
    guard let frame = frames.popLast() else { return nil }
    let value: Value
    switch frame.shape.kind {
    case .text: value = .text(String(decoding: leaf, as: UTF8.self))
    case .list: value = .list(frame.list)
    case .record(let type):
      var slots = frame.slots
      if let slot = frame.shape.textSlot, !frame.text.isEmpty { slots[slot] = .text(String(decoding: frame.text, as: UTF8.self)) }
      guard frame.field != nil else { return Record(type: type, slots: slots) }
      value = .record(Record(type: type, slots: slots))
    case .scalar(let type):
      let written = String(decoding: leaf, as: UTF8.self)
      guard let scalar = RecordXML.value(of: written, as: type) else {
        problems.append(
          MappingProblem(
            .invalidValue, path: names.local(frame.name, text), value: written,
            message: "line \(frame.line): '\(written.prefix(60))' is no \(type)"))
        return nil
      }
      value = scalar
    }
    place(value, of: frame, names.local(frame.name, text))
    return nil
  }

  private mutating func place(_ value: Value, of frame: Frame, _ name: String) {
    guard let field = frame.field, let below = frames.indices.last else { return }
    if case .list = frames[below].shape.kind {
      frames[below].list.append(value)
    } else if field.isRepeated {
      if case .list(var values) = frames[below].slots[field.slot] {
        frames[below].slots[field.slot] = .absent
        values.append(value)
        frames[below].slots[field.slot] = .list(values)
      }
    } else {
      let bit: UInt128 = field.slot < 128 ? 1 << UInt128(field.slot) : 0
      if frames[below].filled & bit != 0 {
        problems.append(
          MappingProblem(
            .repeatedElement, path: name, message: "line \(frame.line): the element \(name) stands here more than once",
            hint: "register a sample document in which it is repeated"))
      }
      frames[below].filled |= bit
      frames[below].slots[field.slot] = value
    }
  }
}

extension MappingProblem.Code {
  /// The text of an element is no value of its type.
  static let invalidValue = Self(rawValue: "VALUE_INVALID")
  /// An element stands twice that no registered sample repeats.
  static let repeatedElement = Self(rawValue: "ELEMENT_REPEATED")
}
