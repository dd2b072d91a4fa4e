public import CDR
public import XMLStream

/// One kind of item of a document: where its items stand, and what they are about.
public struct ItemKind: Sendable {
  /// The type, as mapping files name it behind the dialect.
  public var type: String
  /// The local names that lead from the root to an item; none where the whole document is the item.
  public var path: [String]
  /// Where an item says what it is about, for receipts of items that cannot be mapped.
  public var keyPath: [String]
  /// How the items' records are built.
  public var recordType: RecordType

  /// Creates a kind of item.
  public init(type: String, path: [String], keyPath: [String] = [], recordType: RecordType) {
    self.type = type
    self.path = path
    self.keyPath = keyPath
    self.recordType = recordType
  }

  /// The path as descriptions of dialects write it.
  public var pathText: String { path.isEmpty ? "." : path.joined(separator: "/") }
}

/// One kind of document that the gateway takes: how it is recognised, where its items stand, what checks it.
public struct DocumentKind: Sendable {
  /// The dialect's name, such as `ufinterface`; empty for the canonical model.
  public var dialect: String
  /// The type of the document, as agreements name it behind the dialect: that of its items, where they are of one kind.
  public var type: String
  /// The root element.
  public var root: XMLName
  /// Attributes that the root must have, with their values; letters are compared without their case.
  public var conditions: [(attribute: String, value: String)]
  /// The kinds of its items; never empty. Where one of them is the whole document, it is the only one.
  public var items: [ItemKind]
  /// Where the message's own number stands in the envelope, as steps: `@docid`; empty where there is none.
  public var messagePath: [String]
  /// Where the sender stands in the envelope; empty where there is none.
  public var senderPath: [String]
  /// The type of the answer's records, for a kind that asks; nil for one that tells.
  public var answers: String?
  /// The entity of the CRM core that is asked for.
  public var asks: String?
  /// Checks the whole document; nil where nothing does.
  public var schemas: SchemaSet?
  /// What blanks in its texts mean, by their types in the schemas.
  public var whiteSpace: DocumentWhiteSpace

  /// Creates a kind of document.
  public init(
    dialect: String, type: String, root: XMLName, conditions: [(attribute: String, value: String)] = [], items: [ItemKind],
    messagePath: [String] = [], senderPath: [String] = [], answers: String? = nil, asks: String? = nil, schemas: SchemaSet? = nil,
    whiteSpace: DocumentWhiteSpace = DocumentWhiteSpace()
  ) {
    self.dialect = dialect
    self.type = type
    self.root = root
    self.conditions = conditions
    self.items = items
    self.messagePath = messagePath
    self.senderPath = senderPath
    self.answers = answers
    self.asks = asks
    self.schemas = schemas
    self.whiteSpace = whiteSpace
  }

  /// The document's type as agreements name it: `ufinterface:inventory`, `Product`.
  public var typeName: String { typeName(of: type) }

  /// A type of its dialect as mapping files name it.
  public func typeName(of type: String) -> String { dialect.isEmpty ? type : "\(dialect):\(type)" }

  /// Whether the whole document is its only item.
  var isOneItem: Bool { items[0].path.isEmpty }

  /// Whether a document with this root is of the kind.
  func recognises(_ tag: XMLStartTag) -> Bool {
    tag.name == root
      && conditions.allSatisfy { condition in
        tag.attributes.first { $0.name.local == condition.attribute }?.value.lowercased() == condition.value.lowercased()
      }
  }
}

extension Record {
  /// The text at the end of a way through records; empty where there is none.
  func text(at path: [String]) -> String {
    guard let first = path.first, let value = self[first] else { return "" }
    switch value {
    case .text(let text) where path.count == 1: return text
    case .record(let record):
      return path.count == 1 ? record.text(at: ["text"]) : record.text(at: Array(path.dropFirst()))
    case .list(let values):
      if case .record(let record)? = values.first, path.count > 1 { return record.text(at: Array(path.dropFirst())) }
      if case .text(let text)? = values.first, path.count == 1 { return text }
      return ""
    default: return ""
    }
  }
}
