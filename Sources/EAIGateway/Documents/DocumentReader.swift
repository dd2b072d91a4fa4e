import CDR
import HTTPTypes
import Mapping
import MappingFiles
import XMLStream

/// One item of a document.
struct DocumentItem {
  var record: Record
  /// Which of the document's kinds of items it is of.
  var kind: Int
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
    /// What stands around the items, where the whole document was read before.
    var envelope: Record?
  }

  private let reader: XMLReader
  /// About as many octets of the document are read at a time.
  private let pieceOctets: Int
  private let choose: (XMLStartTag) throws -> Choice
  private var assembly: DocumentAssembly?
  /// Why the document is not read any further.
  private var refusal: (any Error)?
  private let deadline: ContinuousClock.Instant?
  private var isFinished = false
  /// Items that were built and not all given away yet.
  private var items: [DocumentItem] = []
  private var taken = 0

  /// Begins with a document.
  ///
  /// - Parameters:
  ///   - deadline: when the document's time is over, however far it was read; nil where it is read to its end.
  ///   - choose: is given the root as soon as it is known, and says how the document is read, or why it is not.
  init(
    _ content: SpooledBody.Content, limits: XMLLimits, deadline: ContinuousClock.Instant?,
    choose: @escaping (XMLStartTag) throws -> Choice
  ) throws {
    self.deadline = deadline
    self.choose = choose
    switch content {
    case .octets(let octets):
      reader = try XMLReader(bytes: octets, limits: limits)
      pieceOctets = min(octets.count, XMLReader.pieceOctets)
    case .file(let path):
      reader = try XMLReader(path: path, limits: limits)
      pieceOctets = XMLReader.pieceOctets
    }
    reader.hand { [unowned self] root in reception(of: root) }
  }

  private func reception(of root: XMLStartTag) -> XMLReception? {
    do {
      let choice = try choose(root)
      let kind = choice.entry.kind
      let assembly = DocumentAssembly(
        shapes: choice.entry.shapes, reader: reader, pieceOctets: pieceOctets, envelope: choice.envelope)
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
    if let deadline, ContinuousClock.now > deadline {
      throw GatewayRefusal(
        .contentTooLarge, "DOCUMENT_TOO_SLOW", "reading the document takes longer than its time", hint: "send it in several documents")
    }
    isFinished = try !reader.read()
    if let refusal { throw refusal }
    if let assembly, assembly.openOctets > Self.greatestItem { throw GatewayRefusal.itemTooLarge(line: assembly.itemLine) }
  }

  /// What breaks the schema, complete once ``next()`` has answered nil.
  var schemaIssues: XMLIssues { reader.schemaIssues }

  /// What stands around the items: as far as it was read when the first of them began.
  var envelope: Record? { assembly?.envelope }

  /// What stands around the items, complete once ``next()`` has answered nil.
  var wholeEnvelope: Record? { assembly?.wholeEnvelope }

  /// About how many octets of memory that takes, and what is wrong with it.
  var envelopeOctets: Int { assembly?.headOctets ?? 0 }
  var envelopeProblems: [MappingProblem] { assembly?.headProblems ?? [] }

  /// Records beside the items that nothing takes, by name, complete once ``next()`` has answered nil.
  var leftOut: [String: Int] { assembly?.leftOut.counts ?? [:] }

  /// The next items, of which no records were built yet; nil at the end of the document.
  ///
  /// - Throws: ``XMLIssue`` where the document is not well-formed or beyond a limit, ``GatewayRefusal`` where its time is over; what the
  ///   choice throws.
  func nextItems() throws -> UnbuiltItems? {
    while true {
      if let items = assembly?.takeItems() { return items }
      if isFinished { return nil }
      try read()
    }
  }

  /// The next item; nil at the end of the document.
  ///
  /// - Throws: what ``nextItems()`` throws, ``GatewayRefusal`` where an item is too large.
  func next() throws -> DocumentItem? {
    while taken == items.count {
      guard let unbuilt = try nextItems() else { return nil }
      (items, taken) = (try unbuilt.build(), 0)
    }
    defer { taken += 1 }
    return items[taken]
  }
}

/// Puts the head together and writes the items down while the document is read.
private final class DocumentAssembly: XMLReceiver {
  private let shapes: DocumentShapes
  /// Owns what owns this object.
  private unowned(unsafe) let reader: XMLReader
  // The parts of a document come one after the other: that no two accesses overlap is not checked again for each of them.
  @exclusivity(unchecked) private var names: DocumentNames
  @exclusivity(unchecked) private var head = RecordBuilder()
  @exclusivity(unchecked) private var tape: ItemTape
  @exclusivity(unchecked) private(set) var itemLine = 0
  /// The steps of the way to items that are open, the root first.
  @exclusivity(unchecked) private var way: [DocumentWay] = []
  @exclusivity(unchecked) private var depth = 0
  @exclusivity(unchecked) private var isInItem = false
  /// As it was when the first item began, or as it was found when the whole document was read before.
  private var frozenHead: Record?
  private(set) var leftOut = LeftOutRecords()

  init(shapes: DocumentShapes, reader: XMLReader, pieceOctets: Int, envelope: Record?) {
    self.shapes = shapes
    tape = ItemTape(pieceOctets: pieceOctets)
    self.reader = reader
    names = DocumentNames(shapeCount: shapes.count)
    frozenHead = envelope
  }

  var envelope: Record? { frozenHead ?? wholeEnvelope }
  var wholeEnvelope: Record? { head.current }
  var headOctets: Int { head.octets }
  var headProblems: [MappingProblem] { head.problems }
  var openOctets: Int { isInItem ? tape.openOctets : head.octets }

  /// Hands over the items that are complete, if there are any.
  func takeItems() -> UnbuiltItems? {
    tape.takeWhole().map { UnbuiltItems(tape: $0, shapes: shapes.items, names: names, envelope: envelope) }
  }

  override func startElement(_ name: Int, attributes: [(name: Int, value: String)], line: Int) {
    defer { depth += 1 }
    names.learn(name, of: reader)
    for attribute in attributes { names.learn(attribute.name, of: reader) }
    if isInItem { return tape.startElement(name, attributes: attributes, line: line) }
    if depth == 0 {
      head.begin(shapes.head, name, attributes: named(attributes), line: line)
      if let kind = shapes.way.kind { return beginItem(kind, name, attributes, line) }
      return way.append(shapes.way)
    }
    // Beside the way, or inside of what stands beside it, all belongs to the head.
    if depth == way.count, let next = way[depth - 1].next[names.local(name)] {
      if let kind = next.kind { return beginItem(kind, name, attributes, line) }
      way.append(next)
      return head.startElement(name, attributes: named(attributes), line: line, &names)
    }
    head.startElement(name, attributes: named(attributes), line: line, &names)
    guard head.isPassingOver else { return }
    leftOut.startElement(
      names.local(name), depth: depth, isBeside: depth == way.count,
      mayHoldRecords: way.last?.next.values.allSatisfy { $0.kind == nil } ?? false, isBehindItems: frozenHead != nil)
  }

  private func beginItem(_ kind: Int, _ name: Int, _ attributes: [(name: Int, value: String)], _ line: Int) {
    if frozenHead == nil { frozenHead = head.snapshot }
    itemLine = line
    isInItem = true
    tape.beginItem(kind)
    tape.startElement(name, attributes: attributes, line: line)
  }

  private func named(_ attributes: [(name: Int, value: String)]) -> [(name: String, value: String)] {
    attributes.map { (names.local($0.name), $0.value) }
  }

  override func text(_ text: Span<UInt8>) {
    if isInItem { tape.text(text) } else { head.text(text) }
  }

  override func endElement() {
    depth -= 1
    if isInItem {
      tape.endElement()
      // The item stands within the steps of the way before it.
      guard depth == way.count else { return }
      tape.endItem()
      isInItem = false
    } else if depth > 0 {
      leftOut.endElement(depth: depth)
      if way.count == depth + 1 { way.removeLast() }
      _ = head.endElement(&names)
    }
  }
}

/// A step of the ways to a document's items.
final class DocumentWay: Sendable {
  /// Which kind of item stands here; nil before one.
  let kind: Int?
  let next: [String: DocumentWay]

  /// - Parameter paths: the ways that lead on from here, with their kinds.
  init(_ paths: [(kind: Int, path: ArraySlice<String>)]) {
    kind = paths.first { $0.path.isEmpty }?.kind
    next = Dictionary(grouping: paths.filter { !$0.path.isEmpty }) { $0.path.first! }
      .mapValues { DocumentWay($0.map { ($0.kind, $0.path.dropFirst()) }) }
  }
}

/// The shapes by which the documents of a kind are read.
struct DocumentShapes: Sendable {
  /// Of each kind of item.
  let items: [RecordShape]
  let head: RecordShape
  /// From the root to the items.
  let way: DocumentWay
  /// How many shapes there are within all.
  let count: Int

  init(_ kind: DocumentKind, head type: RecordType) {
    var counter = 0
    items = zip(kind.items, kind.whiteSpace.items(count: kind.items.count)).map { kind, whiteSpace in
      RecordShape(kind.recordType, counter: &counter, whiteSpace: whiteSpace)
    }
    head = RecordShape(type, counter: &counter, whiteSpace: kind.whiteSpace.head)
    way = DocumentWay(kind.items.enumerated().map { ($0, $1.path[...]) })
    count = counter
  }
}
