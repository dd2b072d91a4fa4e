import Broker
import CDR
import HTTPTypes
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
    /// All items, where they fit into one part; else none.
    var items: [DocumentItem]
    var isWhole: Bool { items.count == count }
    var issues: XMLIssues
  }

  /// Reads the document again, which was checked. Its time does not count any more: once its first items are taken, all are.
  func readAgain() throws -> DocumentReader {
    try DocumentReader(body.content, limits: limits, deadline: nil) { [entry] _ in
      DocumentReader.Choice(entry: entry, validates: false)
    }
  }

  /// Items, and about how many octets of memory they take, that one transaction takes of a document that has a file. One that has none is
  /// taken in one: nobody could end it after a crash.
  static let itemsPerPart = 1_000
  static let octetsPerPart = 8 << 20

  /// Reads the whole document once, and keeps its items as long as they fit into one part, so that it need not be read again.
  ///
  /// - Parameter reader: has begun with the document.
  func check(_ reader: DocumentReader, atMost greatest: Int) throws -> Check {
    var items: [DocumentItem] = []
    var count = 0
    var octets = 0
    while let item = try reader.next() {
      count += 1
      if count > greatest {
        throw GatewayRefusal(
          .contentTooLarge, "TOO_MANY_ITEMS", "the document has more than \(greatest) items", hint: "send it in several documents")
      }
      octets += item.octets
      let fits = !body.hasFile || (count <= Self.itemsPerPart && octets <= Self.octetsPerPart)
      if fits { items.append(item) } else { items = [] }
    }
    guard let envelope = reader.envelope else {
      throw GatewayRefusal(.unprocessableContent, "DOCUMENT_UNKNOWN", "the document has no envelope")
    }
    let head = DocumentHead(
      kind: entry.kind, envelope: envelope, messageID: envelope.text(at: entry.kind.messagePath),
      sender: envelope.text(at: entry.kind.senderPath))
    // The same faults as those of the schema would be told first.
    if count == 0, reader.schemaIssues.issues.isEmpty || validation != .strict {
      throw GatewayRefusal(
        .unprocessableContent, "DOCUMENT_EMPTY", "the document has no item '\(entry.kind.itemPath.joined(separator: "/"))'")
    }
    return Check(head: head, count: count, items: items, issues: reader.schemaIssues)
  }
}
