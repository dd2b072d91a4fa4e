import Identity

/// The contexts of the naming service in ``MemoryRows``.
struct MemoryNames: Sendable {
  /// A name in its context, with texts compared octet by octet.
  struct Key: Hashable, Comparable {
    var id: ForeignID
    var kind: ForeignID

    static func < (left: Key, right: Key) -> Bool { left.id == right.id ? left.kind < right.kind : left.id < right.id }
  }

  var contexts: [Int64: [Key: NamingRow.Target]] = [1: [:], 2: [:]]
  var lastContext: Int64 = 2
}

extension MemoryTransaction {
  func namingContextCount() throws -> Int { rows.names.contexts.count }

  func namingRowCount(context: Int64) throws -> Int? { rows.names.contexts[context]?.count }

  func namingTarget(context: Int64, id: String, kind: String) throws -> NamingRow.Target? {
    rows.names.contexts[context]?[MemoryNames.Key(id: ForeignID(id), kind: ForeignID(kind))]
  }

  func namingRows(context: Int64, after: (id: String, kind: String)?, limit: Int) throws -> [NamingRow] {
    let after = after.map { MemoryNames.Key(id: ForeignID($0.id), kind: ForeignID($0.kind)) }
    let found = (rows.names.contexts[context] ?? [:]).filter { name in after.map { $0 < name.key } ?? true }
    return found.sorted { $0.key < $1.key }.prefix(max(0, limit)).map {
      NamingRow(context: context, id: $0.key.id.text, kind: $0.key.kind.text, target: $0.value)
    }
  }

  func insertNamingContext() throws -> Int64 {
    change {
      $0.lastContext += 1
      $0.contexts[$0.lastContext] = [:]
    }
    return rows.names.lastContext
  }

  func removeNamingContext(_ context: Int64) throws { change { $0.contexts[context] = nil } }

  func putNamingRow(_ row: NamingRow) throws {
    change { $0.contexts[row.context]?[MemoryNames.Key(id: ForeignID(row.id), kind: ForeignID(row.kind))] = row.target }
  }

  func removeNamingRow(context: Int64, id: String, kind: String) throws {
    change { $0.contexts[context]?[MemoryNames.Key(id: ForeignID(id), kind: ForeignID(kind))] = nil }
  }
}
