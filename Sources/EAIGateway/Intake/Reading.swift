import Broker
import CDR
import HTTPTypes
import Mapping
import MappingFiles
import XMLStream

/// A spooled document of a known kind.
struct Reading: Sendable {
  let body: SpooledBody
  let entry: DialectCatalogue.Entry
  let limits: XMLLimits
  let validation: PartnerRow.Validation

  /// What pass one found.
  struct Check {
    var head: DocumentHead
    var count: Int
    /// Which kinds of items there are.
    var kinds: Set<Int>
    /// All items, where they fit into one part; else none.
    var items: [DocumentItem]
    var isWhole: Bool { items.count == count }
    var issues: XMLIssues
    /// Records beside the items that nothing takes, by name.
    var leftOut: [String: Int]
  }

  /// Reads the document again, which was checked. Its time does not count any more: once its first items are taken, all are.
  ///
  /// - Parameter envelope: what the check found around the items.
  func readAgain(_ envelope: Record?) throws -> DocumentReader {
    try DocumentReader(body.content, limits: limits, deadline: nil) { [entry] _ in
      DocumentReader.Choice(entry: entry, validates: false, envelope: envelope)
    }
  }

  /// Octets of memory that what stands around the items may take: it is kept with each of them that waits.
  static let greatestEnvelope = 1 << 20

  /// Items, and about how many octets of memory they take, that one transaction takes of a document that has a file. One that has none is
  /// taken in one: nobody could end it after a crash.
  static let itemsPerPart = 1_000
  static let octetsPerPart = 8 << 20

  /// Reads the whole document once, and keeps its items as long as they fit into one part, so that it need not be read again.
  ///
  /// - Parameter reader: has begun with the document.
  func check(_ reader: DocumentReader, atMost greatest: Int) throws -> Check {
    var items: [DocumentItem] = []
    var (count, octets) = (0, 0)
    var kinds: Set<Int> = []
    // Where the whole document is the item, it bears its number itself.
    var whole: Record?
    while let item = try reader.next() {
      count += 1
      if count > greatest {
        throw GatewayRefusal(
          .contentTooLarge, "TOO_MANY_ITEMS", "the document has more than \(greatest) items", hint: "send it in several documents")
      }
      octets += item.octets
      kinds.insert(item.kind)
      if entry.kind.isOneItem { whole = item.record }
      let fits = !body.hasFile || (count <= Self.itemsPerPart && octets <= Self.octetsPerPart)
      if fits { items.append(item) } else { items = [] }
    }
    guard let envelope = reader.wholeEnvelope else {
      throw GatewayRefusal(.unprocessableContent, "DOCUMENT_UNKNOWN", "the document has no envelope")
    }
    // What stands behind the first item was not known when it was built.
    if reader.envelope != envelope {
      for index in items.indices { items[index].record.surround(by: envelope) }
    }
    let said = whole ?? envelope
    let head = DocumentHead(
      kind: entry.kind, envelope: envelope, messageID: said.text(at: entry.kind.messagePath), sender: said.text(at: entry.kind.senderPath))
    // The same faults as those of the schema would be told first.
    if reader.schemaIssues.issues.isEmpty || validation != .strict {
      try examine(reader, count)
    }
    return Check(head: head, count: count, kinds: kinds, items: items, issues: reader.schemaIssues, leftOut: reader.leftOut)
  }

  /// Refuses a document without items, and one that says more around them than is told apart.
  private func examine(_ reader: DocumentReader, _ count: Int) throws(GatewayRefusal) {
    if count == 0 {
      let paths = entry.kind.items.map { "'\($0.pathText)'" }.joined(separator: " or ")
      throw GatewayRefusal(.unprocessableContent, "DOCUMENT_EMPTY", "the document has no item \(paths)")
    }
    if let problem = reader.envelopeProblems.first {
      throw GatewayRefusal(.unprocessableContent, problem.code.rawValue, problem.message, hint: problem.hint)
    }
    if reader.envelopeOctets > Self.greatestEnvelope {
      throw GatewayRefusal(
        .contentTooLarge, "ENVELOPE_TOO_LARGE",
        "what stands around the items takes \(reader.envelopeOctets) octets of memory; at most \(Self.greatestEnvelope) are taken",
        hint: "declare what repeats there as <items> of their own")
    }
  }
}

extension Record {
  /// Puts what stands around an item into it; one that has no place for it stays as it is.
  mutating func surround(by envelope: Record) {
    guard DocumentShape.isDocument(type), let slot = type.slot(of: DocumentShape.envelope), case .record = slots[slot] else { return }
    slots[slot] = .record(envelope)
  }
}
