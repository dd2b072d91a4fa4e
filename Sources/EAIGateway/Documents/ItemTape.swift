import CDR
import HTTPTypes
import Mapping
import MappingFiles

/// Items as they were read, written down part by part and not yet made into records.
///
/// The thread that reads a document only writes; whoever works on the items builds their records, on a thread of his own. What one thread
/// takes from the heap and another gives back is dear, so that many items go from one to the other in a few arrays.
struct ItemTape: Sendable {
  enum Kind: UInt32 {
    case start, startWithAttributes, text, end
  }

  /// A start, text or end. In eight octets, since an item has a hundred of them.
  struct Part: Sendable {
    /// Two bits of kind below the number of the name, which is small: the names of a document are limited.
    private let code: UInt32
    /// The line of a start, the octets of a text; no document has as many.
    private let measure: UInt32

    init(_ kind: Kind, name: Int = 0, measure: Int = 0) {
      code = UInt32(truncatingIfNeeded: name) << 2 | kind.rawValue
      self.measure = UInt32(truncatingIfNeeded: measure)
    }

    var kind: Kind { Kind(rawValue: code & 3)! }
    var name: Int { Int(code >> 2) }
    var line: Int { Int(measure) }
    var octets: Int { Int(measure) }
  }

  typealias Attributes = [(name: Int, value: String)]

  /// About as many octets of the document are written down between two calls of ``takeWhole()``.
  private let pieceOctets: Int
  private(set) var parts: [Part] = []
  /// The texts, one behind the other: valid UTF-8.
  private(set) var text: [UInt8] = []
  /// Of each start that has some.
  private(set) var attributes: [Attributes] = []
  /// Whole items.
  private(set) var count = 0
  /// Of each item, whole or not, its kind.
  private(set) var kinds: [Int] = []
  /// About how many octets of memory the item takes of which the end is not there yet.
  private(set) var openOctets = 0
  /// Where the item begins of which the end is not there yet.
  private var openStart = (part: 0, text: 0, attributes: 0)

  init(pieceOctets: Int) { self.pieceOctets = pieceOctets }

  mutating func startElement(_ name: Int, attributes: Attributes, line: Int) {
    openOctets += 64
    if parts.isEmpty {
      // A start, its text, its end, and the space behind it come with some twenty octets.
      parts.reserveCapacity(pieceOctets / 5)
      text.reserveCapacity(pieceOctets)
    }
    if attributes.isEmpty { return parts.append(Part(.start, name: name, measure: line)) }
    parts.append(Part(.startWithAttributes, name: name, measure: line))
    for attribute in attributes { openOctets += attribute.value.utf8.count }
    self.attributes.append(attributes)
  }

  mutating func text(_ text: Span<UInt8>) {
    openOctets += text.count
    parts.append(Part(.text, measure: text.count))
    text.withUnsafeBufferPointer { self.text.append(contentsOf: $0) }
  }

  mutating func endElement() { parts.append(Part(.end)) }

  /// Says that the element that starts next is an item.
  mutating func beginItem(_ kind: Int) { kinds.append(kind) }

  /// Says that the element that ended last was an item.
  mutating func endItem() {
    count += 1
    openOctets = 0
    openStart = (parts.count, text.count, attributes.count)
  }

  /// Hands over the whole items, if there are any, and keeps what there is of the next.
  mutating func takeWhole() -> ItemTape? {
    guard count > 0 else { return nil }
    var rest = ItemTape(pieceOctets: pieceOctets)
    if openStart.part < parts.count {
      rest.parts.reserveCapacity(pieceOctets / 5)
      rest.text.reserveCapacity(pieceOctets)
      rest.parts += parts[openStart.part...]
      rest.text += text[openStart.text...]
      rest.attributes += attributes[openStart.attributes...]
      rest.openOctets = openOctets
    }
    rest.kinds += kinds[count...]
    var whole = self
    self = rest
    whole.kinds.removeLast(rest.kinds.count)
    whole.parts.removeLast(rest.parts.count)
    whole.text.removeLast(rest.text.count)
    whole.attributes.removeLast(rest.attributes.count)
    return whole
  }
}

/// Items that were read, and all that it takes to build their records.
struct UnbuiltItems: Sendable {
  let tape: ItemTape
  /// Of each kind of item.
  let shapes: [RecordShape]
  let names: DocumentNames
  /// What stands around the items.
  let envelope: Record?

  var count: Int { tape.count }

  /// Makes a record of each.
  ///
  /// - Throws: ``GatewayRefusal`` where one takes too much memory.
  func build() throws(GatewayRefusal) -> [DocumentItem] {
    var names = names
    var builder = RecordBuilder()
    var items: [DocumentItem] = []
    items.reserveCapacity(tape.count)
    var line = 0
    var textStart = 0
    var attributesTaken = 0
    let texts = tape.text.span
    var shape = shapes[0]
    for part in tape.parts {
      switch part.kind {
      case .start, .startWithAttributes:
        var attributes: [(name: String, value: String)] = []
        if part.kind == .startWithAttributes {
          attributes = tape.attributes[attributesTaken].map { (names.local($0.name), $0.value) }
          attributesTaken += 1
        }
        if builder.isOpen {
          builder.startElement(part.name, attributes: attributes, line: part.line, &names)
        } else {
          line = part.line
          shape = shapes[tape.kinds[items.count]]
          builder.begin(shape, part.name, attributes: attributes, line: line)
        }
        guard builder.octets <= DocumentReader.greatestItem else { throw .itemTooLarge(line: line) }
      case .text:
        let end = textStart + part.octets
        builder.text(texts.extracting(textStart..<end))
        textStart = end
      case .end:
        guard var record = builder.endElement(&names) else { continue }
        if let envelope, let slot = shape.envelopeSlot { record.slots[slot] = .record(envelope) }
        items.append(
          DocumentItem(record: record, kind: tape.kinds[items.count], line: line, problems: builder.problems, octets: builder.octets))
      }
    }
    return items
  }
}

extension GatewayRefusal {
  static func itemTooLarge(line: Int) -> GatewayRefusal {
    GatewayRefusal(
      .contentTooLarge, "ITEM_TOO_LARGE", "the item that begins in line \(line) is too large", hint: "an item is one business object")
  }
}
