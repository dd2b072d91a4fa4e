public import CDR
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
  private var byDialect: [String: any GatewayProtocol] = [:]

  /// Creates an empty catalogue.
  public init() {}

  /// Adds a kind of document.
  ///
  /// - Parameter envelope: the type of what stands around its items.
  public mutating func add(_ kind: DocumentKind, envelope: RecordType, answering: any GatewayProtocol) {
    entries.append(Entry(kind: kind, shapes: DocumentShapes(kind, head: envelope), answering: answering))
    byDialect[kind.dialect] = answering
  }

  /// All kinds, in the order in which they are tried.
  public var kinds: [DocumentKind] { entries.map(\.kind) }

  /// The kind of a document with this root: the first that recognises it.
  func entry(for root: XMLStartTag) -> Entry? { entries.first { $0.kind.recognises(root) } }

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
    for entry in entries where !entry.kind.dialect.isEmpty { types.register(entry.kind.recordType, dialect: entry.kind.dialect) }
  }
}
