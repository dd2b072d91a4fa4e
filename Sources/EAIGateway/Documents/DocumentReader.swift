import CDR
import HTTPTypes
import Mapping
import MappingFiles
import XMLStream

/// One item of a document.
struct DocumentItem {
  var record: Record
  /// Its line in the document.
  var line: Int
  /// What refuses it before any mapping sees it.
  var problems: [MappingProblem]
  /// About how many octets of memory it takes.
  var octets: Int
}

/// Takes a document apart: first its head, then one item after the other, in memory that does not grow with the document.
///
/// Belongs to one task at a time; nothing in it waits.
final class DocumentReader {
  /// Octets of memory that one item may take.
  static let greatestItem = 16 << 20

  /// How a document is read.
  struct Choice {
    let entry: DialectCatalogue.Entry
    let validates: Bool
  }

  private let reader: XMLReader
  private let choose: (XMLStartTag) throws -> Choice
  private var assembly: DocumentAssembly?
  /// Why the document is not read any further.
  private var refusal: (any Error)?
  private let deadline: ContinuousClock.Instant
  private var isFinished = false
  /// Items that were read and not all given away yet.
  private var items: [DocumentItem] = []
  private var taken = 0

  /// Begins with a document.
  ///
  /// - Parameters:
  ///   - deadline: when the document's time is over, however far it was read.
  ///   - choose: is given the root as soon as it is known, and says how the document is read, or why it is not.
  init(
    file path: String, limits: XMLLimits, deadline: ContinuousClock.Instant, choose: @escaping (XMLStartTag) throws -> Choice
  ) throws {
    self.deadline = deadline
    self.choose = choose
    reader = try XMLReader(path: path, limits: limits)
    reader.hand { [unowned self] root in reception(of: root) }
  }

  private func reception(of root: XMLStartTag) -> XMLReception? {
    do {
      let choice = try choose(root)
      let kind = choice.entry.kind
      let assembly = DocumentAssembly(kind: kind, shapes: choice.entry.shapes, reader: reader)
      self.assembly = assembly
      return XMLReception(assembly, schemas: choice.validates ? kind.schemas : nil)
    } catch {
      refusal = error
      return nil
    }
  }

  /// Reads until the root is known.
  ///
  /// - Throws: what ``next()`` throws, and what the choice throws.
  func begin() throws {
    while assembly == nil, !isFinished { try read() }
  }

  private func read() throws {
    if ContinuousClock.now > deadline {
      throw GatewayRefusal(
        .contentTooLarge, "DOCUMENT_TOO_SLOW", "reading the document takes longer than its time", hint: "send it in several documents")
    }
    isFinished = try !reader.read()
    if let refusal { throw refusal }
    if let assembly, assembly.openOctets > Self.greatestItem {
      throw GatewayRefusal(
        .contentTooLarge, "ITEM_TOO_LARGE", "the item that begins in line \(assembly.itemLine) is too large",
        hint: "an item is one business object")
    }
  }

  /// What breaks the schema, complete once ``next()`` has answered nil.
  var schemaIssues: XMLIssues { reader.schemaIssues }

  /// What stands around the items, complete once ``next()`` has answered.
  var envelope: Record? { assembly?.envelope }

  /// The next item; nil at the end of the document.
  ///
  /// - Throws: ``XMLIssue`` where the document is not well-formed or beyond a limit, ``GatewayRefusal`` where its time is over; what the
  ///   choice throws.
  func next() throws -> DocumentItem? {
    while true {
      if taken < items.count {
        taken += 1
        return items[taken - 1]
      }
      (items, taken) = (assembly?.takeItems() ?? [], 0)
      if !items.isEmpty { continue }
      if isFinished { return nil }
      try read()
    }
  }
}

/// Puts head and items together while the document is read.
private final class DocumentAssembly: XMLReceiver {
  private let kind: DocumentKind
  private let itemShape: RecordShape
  private let headShape: RecordShape
  // The parts of a document come one after the other: that no two accesses overlap is not checked again for each of them.
  @exclusivity(unchecked) private var names: DocumentNames
  @exclusivity(unchecked) private var head = RecordBuilder()
  @exclusivity(unchecked) private var item = RecordBuilder()
  @exclusivity(unchecked) private(set) var itemLine = 0
  /// How many steps of the way to an item are open.
  @exclusivity(unchecked) private var containers = 0
  @exclusivity(unchecked) private var depth = 0
  private var frozenHead: Record?
  /// Items that are complete.
  private var items: [DocumentItem] = []

  init(kind: DocumentKind, shapes: DocumentShapes, reader: XMLReader) {
    self.kind = kind
    itemShape = shapes.item
    headShape = shapes.head
    names = DocumentNames(shapeCount: shapes.count, reader: reader)
  }

  var envelope: Record? { frozenHead ?? head.current }
  var openOctets: Int { item.isOpen ? item.octets : head.octets }

  /// Hands over the items that are complete.
  func takeItems() -> [DocumentItem] {
    defer { items = [] }
    return items
  }

  override func startElement(_ name: Int, attributes: [(name: Int, value: String)], line: Int) {
    defer { depth += 1 }
    let named = attributes.isEmpty ? [] : attributes.map { (name: names.local($0.name), value: $0.value) }
    if depth == 0 { return head.begin(headShape, name, attributes: named, line: line) }
    if item.isOpen { return item.startElement(name, attributes: named, line: line, &names) }
    // Inside of an element of the head.
    if depth > containers + 1 { return head.startElement(name, attributes: named, line: line, &names) }
    guard names.local(name) == kind.itemPath[containers] else {
      return head.startElement(name, attributes: named, line: line, &names)
    }
    guard containers == kind.itemPath.count - 1 else {
      containers += 1
      return
    }
    if frozenHead == nil { frozenHead = head.current }
    itemLine = line
    item.begin(itemShape, name, attributes: named, line: line)
  }

  override func text(_ text: Span<UInt8>) {
    if item.isOpen { item.text(text) } else { head.text(text) }
  }

  override func endElement() {
    depth -= 1
    if item.isOpen {
      guard var record = item.endElement(&names) else { return }
      if let slot = record.type.slot(of: DocumentShape.envelope), DocumentShape.isDocument(record.type), let envelope {
        record.slots[slot] = .record(envelope)
      }
      items.append(DocumentItem(record: record, line: itemLine, problems: item.problems, octets: item.octets))
    } else if containers > 0, depth == containers {
      containers -= 1
    } else if depth > 0 {
      _ = head.endElement(&names)
    }
  }
}

/// The shapes by which the documents of a kind are read.
struct DocumentShapes: Sendable {
  let item: RecordShape
  let head: RecordShape
  /// How many shapes there are within both.
  let count: Int

  init(_ kind: DocumentKind, head type: RecordType) {
    var counter = 0
    item = RecordShape(kind.recordType, counter: &counter)
    head = RecordShape(type, counter: &counter)
    count = counter
  }
}
