import CDR
import InterchangeIDL
import Mapping
import MappingFiles
import XMLStream

/// The names of one document, by the numbers under which they are read, and which fields they are in each shape.
struct DocumentNames: Sendable {
  /// What an element is in a shape, in one number, since every element asks.
  struct Place: Sendable {
    fileprivate var code: Int32

    fileprivate static let unknown = Place(code: -2)
    fileprivate static let none = Place(code: -1)

    /// Whether no field of the shape is filled by it.
    var isNone: Bool { code < 0 }
    /// Whether it holds text alone, taken as it stands.
    var isText: Bool { !isNone && code & 1 != 0 }
    /// Whether each such child is one more element of a list.
    var isRepeated: Bool { code & 2 != 0 }
    /// What blanks mean in the text of one that holds text alone.
    var whiteSpace: WhiteSpace { WhiteSpace(rawValue: UInt8(code >> 2 & 3)) ?? .preserve }
    var slot: Int { Int(code >> 4) }

    fileprivate init(code: Int32) { self.code = code }

    fileprivate init(_ field: RecordShape.Field) {
      var text: Int32 = 0
      if case .text(let whiteSpace) = field.shape.kind { text = Int32(whiteSpace.rawValue) << 2 | 1 }
      code = Int32(field.slot) << 4 | (field.isRepeated ? 2 : 0) | text
    }
  }

  private let shapeCount: Int
  private var locals: [String] = []
  /// By name and shape.
  private var places: [Place] = []

  /// - Parameter shapeCount: the numbers of all shapes are below it.
  init(shapeCount: Int) { self.shapeCount = shapeCount }

  /// Takes over the name with a number, and those before it, where they are not known yet.
  mutating func learn(_ number: Int, of reader: XMLReader) {
    while locals.count <= number { locals.append(reader.localName(locals.count)) }
  }

  /// The local name with a number that was learnt.
  func local(_ number: Int) -> String { locals[number] }

  /// What an element of that name is in a shape; nil where nobody asked before.
  func place(_ number: Int, inShape shape: Int) -> Place? {
    let index = number * shapeCount + shape
    guard index < places.count, places[index].code != Place.unknown.code else { return nil }
    return places[index]
  }

  /// What an element of that name is in a shape.
  mutating func find(_ number: Int, in shape: RecordShape) -> Place {
    let index = number * shapeCount + shape.number
    while places.count <= index { places.append(.unknown) }
    places[index] = shape.field(local(number)).map(Place.init) ?? .none
    return places[index]
  }
}

/// Builds one record from the elements of a document. Elements and attributes that its type does not have are passed over.
struct RecordBuilder {
  private struct Frame {
    let shape: RecordShape
    /// The shape's number, and whether text of its own is kept.
    let number: Int
    let takesText: Bool
    let isTextAlone: Bool
    /// Where its value goes in the frame below; nil for the outermost.
    let place: DocumentNames.Place?
    let name: Int
    let line: Int
    var slots: [Value]
    var list: [Value] = []
    /// Slots that an element filled, of the first 128.
    var filled: UInt128 = 0
    /// Whether there was text where elements alone are expected.
    var hasStrayText = false
    /// The element's own text beside attributes and children; all of it in one that has neither.
    var text: [UInt8] = []
  }

  private var frames: [Frame] = []
  /// The innermost element, where it holds text alone: nearly all do, and need no frame of their own.
  private var leaf: (place: DocumentNames.Place, name: Int, line: Int)?
  private var leafText: [UInt8] = []
  /// Open elements within one that is passed over.
  private var skipped = 0
  /// About how many octets of memory the record takes.
  private(set) var octets = 0
  /// What refuses the item.
  private(set) var problems: [MappingProblem] = []

  /// Whether an element is open.
  var isOpen: Bool { !frames.isEmpty }

  /// Whether the innermost open element is one that no field takes, or within such a one.
  var isPassingOver: Bool { skipped > 0 }

  /// The record as far as it was built, of the outermost element.
  var current: Record? {
    guard let first = frames.first, case .record(let type) = first.shape.kind else { return nil }
    return Record(type: type, slots: first.slots)
  }

  /// The record as far as it was built, with what is open.
  var snapshot: Record? {
    guard let first = frames.first, case .record(let type) = first.shape.kind else { return nil }
    var frames = frames
    while frames.count > 1, let open = frames.popLast() {
      guard case .record(let type) = open.shape.kind, let place = open.place else { continue }
      Self.fill(.record(Record(type: type, slots: open.slots)), place, in: &frames[frames.count - 1])
    }
    return Record(type: type, slots: frames[0].slots)
  }

  private static func fill(_ value: Value, _ place: DocumentNames.Place, in frame: inout Frame) {
    guard frame.slots.indices.contains(place.slot) else { return }
    if place.isRepeated, case .list(let values) = frame.slots[place.slot] {
      frame.slots[place.slot] = .list(values + [value])
    } else {
      frame.slots[place.slot] = value
    }
  }

  /// Begins a record with its own element.
  mutating func begin(_ shape: RecordShape, _ name: Int, attributes: [(name: String, value: String)], line: Int) {
    problems = []
    octets = 0
    push(shape, nil, name, attributes, line)
  }

  mutating func startElement(
    _ name: Int, attributes: [(name: String, value: String)], line: Int, _ names: inout DocumentNames
  ) {
    let top = frames.count - 1
    guard skipped == 0, leaf == nil, top >= 0 else {
      if skipped == 0, let leaf { refuse(elementNamed: name, in: leaf.name, line, names) }
      skipped += 1
      return
    }
    if frames[top].isTextAlone { refuse(elementNamed: name, in: frames[top].name, line, names) }
    let place = names.place(name, inShape: frames[top].number) ?? names.find(name, in: frames[top].shape)
    if place.isText {
      octets += 64
      for attribute in attributes { octets += attribute.value.utf8.count }
      leaf = (place, name, line)
      leafText.removeAll(keepingCapacity: true)
    } else if !place.isNone, let field = frames[top].shape.field(names.local(name)) {
      push(field.shape, place, name, attributes, line)
    } else {
      skipped += 1
    }
  }

  private mutating func push(
    _ shape: RecordShape, _ place: DocumentNames.Place?, _ name: Int, _ attributes: [(name: String, value: String)], _ line: Int
  ) {
    octets += 64 + 24 * shape.slotCount
    var slots = shape.emptySlots()
    for attribute in attributes {
      octets += attribute.value.utf8.count
      if let (slot, whiteSpace) = shape.attributes[attribute.name] { slots[slot] = .text(whiteSpace.applied(to: attribute.value)) }
    }
    frames.append(
      Frame(
        shape: shape, number: shape.number, takesText: shape.takesText, isTextAlone: shape.isTextAlone, place: place, name: name,
        line: line,
        slots: slots))
  }

  mutating func text(_ text: Span<UInt8>) {
    guard skipped == 0 else { return }
    if leaf != nil {
      octets += text.count
      text.withUnsafeBufferPointer { leafText.append(contentsOf: $0) }
    } else if let index = frames.indices.last {
      if frames[index].takesText {
        octets += text.count
        text.withUnsafeBufferPointer { frames[index].text.append(contentsOf: $0) }
      } else if !frames[index].hasStrayText, text.withUnsafeBufferPointer({ $0.contains { $0 > 0x20 } }) {
        // Told when the element ends, where its name is at hand.
        frames[index].hasStrayText = true
      }
    }
  }

  private mutating func refuse(elementNamed name: Int, in outer: Int, _ line: Int, _ names: borrowing DocumentNames) {
    problems.append(
      MappingProblem(
        .elementInText, path: names.local(outer),
        message:
          "line \(line): the element \(names.local(name)) stands in the text of \(names.local(outer)), which would lose what it holds",
        hint: "\(names.local(outer)) holds text alone"))
  }

  /// Tells what an element lacks or has too much of.
  private mutating func examine(_ frame: Frame, _ names: borrowing DocumentNames) {
    let outer = names.local(frame.name)
    if frame.hasStrayText {
      problems.append(
        MappingProblem(
          .textUnexpected, path: outer, message: "line \(frame.line): text stands in \(outer), where elements alone are expected",
          hint: "register a sample document in which it has text"))
    }
    guard frame.shape.needed & ~frame.filled != 0, case .record(let type) = frame.shape.kind else { return }
    for (slot, field) in type.fields.enumerated() where slot < 128 && frame.shape.needed & ~frame.filled & 1 << UInt128(slot) != 0 {
      var path = field.name
      if case .record(let inner) = field.type.resolved, let first = CanonicalAbsence.needed(of: inner).first { path += "/\(first)" }
      problems.append(
        MappingProblem(
          .emptyValue, field: path, path: path, message: "line \(frame.line): \(outer) has no \(path); what is not told is not taken for 0",
          hint: "write 0 where it is 0"))
    }
  }

  /// Ends the innermost element.
  ///
  /// - Returns: the record, where it was its own element.
  mutating func endElement(_ names: inout DocumentNames) -> Record? {
    if skipped > 0 {
      skipped -= 1
      return nil
    }
    if let leaf {
      self.leaf = nil
      leaf.place.whiteSpace.apply(to: &leafText)
      // Valid UTF-8, as the receiver of a document may count on.
      put(.text(String(copying: UTF8Span(unchecked: leafText.span))), at: leaf.place, leaf.name, leaf.line, &names)
      return nil
    }
    guard var frame = frames.popLast() else { return nil }
    let value: Value
    if frame.hasStrayText || frame.shape.needed & ~frame.filled != 0 { examine(frame, names) }
    switch frame.shape.kind {
    case .text(let whiteSpace):
      whiteSpace.apply(to: &frame.text)
      value = .text(String(decoding: frame.text, as: UTF8.self))
    case .list: value = .list(frame.list)
    case .record(let type):
      // Blanks between elements are no text.
      if let slot = frame.shape.textSlot, !frame.text.allSatisfy({ [0x20, 0x0A, 0x0D, 0x09].contains($0) }) {
        frame.shape.textWhiteSpace.apply(to: &frame.text)
        frame.slots[slot] = .text(String(decoding: frame.text, as: UTF8.self))
      }
      guard frame.place != nil else { return Record(type: type, slots: frame.slots) }
      value = .record(Record(type: type, slots: frame.slots))
    case .scalar(let type):
      let written = String(decoding: frame.text, as: UTF8.self)
      guard let scalar = RecordXML.value(of: written, as: type) else {
        let isEmpty = written.withoutOuterBlanks.isEmpty
        problems.append(
          MappingProblem(
            isEmpty ? .emptyValue : .invalidValue, path: names.local(frame.name), value: written,
            message: isEmpty
              ? "line \(frame.line): \(names.local(frame.name)) is empty; nothing is not taken for 0"
              : "line \(frame.line): '\(written.prefix(60))' is no \(type)",
            hint: isEmpty ? "write 0 where it is 0" : ""))
        // It was told of; that the element above lacks it is not told again.
        if let place = frame.place, let below = frames.indices.last, place.slot < 128 { frames[below].filled |= 1 << UInt128(place.slot) }
        return nil
      }
      value = scalar
    }
    if let place = frame.place { put(value, at: place, frame.name, frame.line, &names) }
    return nil
  }

  /// Fills what was read into the frame below it.
  private mutating func put(
    _ value: Value, at place: DocumentNames.Place, _ name: Int, _ line: Int, _ names: inout DocumentNames
  ) {
    let below = frames.count - 1
    guard below >= 0 else { return }
    let slot = place.slot
    if frames[below].slots.isEmpty {
      // Of the shapes that have elements, lists alone have no slots.
      frames[below].list.append(value)
    } else if place.isRepeated {
      if case .list(var values) = frames[below].slots[slot] {
        frames[below].slots[slot] = .absent
        values.append(value)
        frames[below].slots[slot] = .list(values)
      }
    } else {
      let bit: UInt128 = slot < 128 ? 1 << UInt128(slot) : 0
      if frames[below].filled & bit != 0 {
        let name = names.local(name)
        problems.append(
          MappingProblem(
            .repeatedElement, path: name, message: "line \(line): the element \(name) stands here more than once",
            hint: "register a sample document in which it is repeated"))
      }
      frames[below].filled |= bit
      frames[below].slots[slot] = value
    }
  }
}

extension MappingProblem.Code {
  /// The text of an element is no value of its type.
  static let invalidValue = Self(rawValue: "VALUE_INVALID")
  /// An element stands where text is expected: without it, the text would be another.
  static let elementInText = Self(rawValue: "ELEMENT_IN_TEXT")
  /// Text stands where elements alone are expected.
  static let textUnexpected = Self(rawValue: "TEXT_UNEXPECTED")
  /// An element stands twice that no registered sample repeats.
  static let repeatedElement = Self(rawValue: "ELEMENT_REPEATED")
}
