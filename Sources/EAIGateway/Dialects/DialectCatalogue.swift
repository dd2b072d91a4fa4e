public import CDR
import HTTPTypes
public import Mapping
import MappingFiles
import XMLStream

/// The kinds of documents that a gateway takes, and the protocols by which they are answered.
public struct DialectCatalogue: Sendable {
  /// A kind with what is made of it once.
  struct Entry: Sendable {
    let kind: DocumentKind
    let shapes: DocumentShapes
    let answering: any GatewayProtocol
  }

  private var entries: [Entry] = []
  private var byRoot: [XMLName: [Entry]] = [:]
  private var byDialect: [String: any GatewayProtocol] = [:]

  /// Creates an empty catalogue.
  public init() {}

  /// Adds a kind of document.
  ///
  /// - Parameter envelope: the type of what stands around its items.
  public mutating func add(_ kind: DocumentKind, envelope: RecordType, answering: any GatewayProtocol) {
    let entry = Entry(kind: kind, shapes: DocumentShapes(kind, head: envelope), answering: answering)
    entries.append(entry)
    byRoot[kind.root, default: []].append(entry)
    byDialect[kind.dialect] = answering
  }

  /// All kinds.
  public var kinds: [DocumentKind] { entries.map(\.kind) }

  /// The kind of a document with this root: of those that recognise it and that its sender may send, the one that says most of the root;
  /// else that of the sender's own dialect.
  ///
  /// - Parameters:
  ///   - systemType: the dialect of the sender's type.
  ///   - maySend: whether documents of a type were agreed.
  /// - Throws: ``GatewayRefusal`` where no kind is known or none was agreed, and where two would do: which of them is meant decides what
  ///   becomes of the document.
  func entry(for root: XMLStartTag, systemType: String, sender: String, maySend: (String) -> Bool) throws(GatewayRefusal) -> Entry {
    let known = byRoot[root.name, default: []].filter { $0.kind.recognises(root) }
    if known.count == 1, maySend(known[0].kind.typeName) { return known[0] }
    guard !known.isEmpty else { throw .unknownDocument(root, self) }
    let agreed = known.filter { maySend($0.kind.typeName) }
    guard !agreed.isEmpty else {
      throw GatewayRefusal(
        .forbidden, "DOCUMENT_NOT_AGREED",
        "\(sender) may not send \(known.map(\.kind.typeName).joined(separator: " or "))",
        hint: "`tessera partners add` says which documents are agreed")
    }
    let said = agreed.map(\.kind.conditions.count).max() ?? 0
    let closest = agreed.filter { $0.kind.conditions.count == said }
    let own = closest.filter { $0.kind.dialect == systemType }
    let meant = own.isEmpty ? closest : own
    guard meant.count == 1 else {
      throw GatewayRefusal(
        .unprocessableContent, "DOCUMENT_AMBIGUOUS",
        "the document may be \(meant.map(\.kind.typeName).joined(separator: " or "))",
        hint: "agree on one of them with `tessera partners add --documents`, or tell them apart with where= in their descriptions")
    }
    return meant[0]
  }

  /// How a root that is of no kind is answered: as its family would be.
  func protocolOf(root: XMLStartTag?) -> (any GatewayProtocol)? {
    guard let root else { return nil }
    return entries.first { $0.kind.root == root.name }?.answering
  }

  /// How the systems of a type are answered where nothing of a document is known.
  func protocolOf(systemType: String) -> (any GatewayProtocol)? { byDialect[systemType] }

  /// How documents of our own are answered.
  var canonical: any GatewayProtocol { byDialect[""] ?? CanonicalProtocol() }

  /// Makes the types of all documents known to mapping files.
  public func register(in types: inout DialectRegistry) {
    for entry in entries where !entry.kind.dialect.isEmpty {
      types.register(entry.kind.items.map(\.recordType), dialect: entry.kind.dialect)
    }
  }
}
