public import CDR

/// The types that mappings may name: `Product` of the canonical model, `sample-erp:Item` of a dialect.
public struct DialectRegistry: Sendable {
  private var types: [String: [String: RecordType]] = [:]
  /// The entities that identities and `id-of` may name; with none declared, every name is taken.
  public private(set) var entities: Set<String> = []

  /// By entity: the fields by whose values things are recognised; what is not declared may be matched by every field.
  public private(set) var matchFields: [String: [String]] = [:]

  public init() {}

  /// Adds a type under its own name.
  ///
  /// - Parameter dialect: Empty for the canonical model.
  public mutating func register(_ type: RecordType, dialect: String = "") { types[dialect, default: [:]][type.name] = type }

  /// Adds types under their own names.
  public mutating func register(_ types: [RecordType], dialect: String = "") {
    for type in types { register(type, dialect: dialect) }
  }

  public mutating func declare(entities names: some Sequence<String>) { entities.formUnion(names) }

  /// Declares the only fields by whose values things of an entity are recognised; none where it is known by its ids alone.
  public mutating func declare(matchFields fields: [String], of entity: String) { matchFields[entity] = fields }

  /// The type that `dialect:Type` or `Type` names.
  public func type(named name: String) -> RecordType? {
    let (dialect, type) = Self.parts(name)
    return types[dialect]?[type]
  }

  /// All names, sorted, as a mapping writes them.
  public var typeNames: [String] {
    types.flatMap { dialect, types in types.keys.map { dialect.isEmpty ? $0 : "\(dialect):\($0)" } }.sorted()
  }

  /// `dialect:Type` cut at its first colon; the dialect is empty for a canonical type.
  static func parts(_ name: String) -> (dialect: String, type: String) {
    guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return ("", name) }
    return (String(name[..<colon]), String(name[name.utf8.index(after: colon)...]))
  }
}
