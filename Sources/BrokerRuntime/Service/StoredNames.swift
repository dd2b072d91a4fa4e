import CosNamingService
import StoreAPI

/// Keeps the names of the naming service in the broker's store: a call that changes one is answered when the change is on disk.
struct StoredNames: NamingStore {
  let store: any Store

  func write<Result: Sendable>(_ body: @escaping @Sendable (any NamingTransaction) throws -> Result) async throws -> Result {
    try await store.write { try body(StoredNamesTransaction(rows: $0)) }
  }

  func read<Result: Sendable>(_ body: @escaping @Sendable (any NamingReader) throws -> Result) async throws -> Result {
    try await store.read { try body(StoredNamesReader(rows: $0)) }
  }
}

private protocol StoredNamesReading: NamingReader {
  var reader: any NamingRowReader { get }
}

extension StoredNamesReading {
  func contextCount() throws -> Int { try reader.namingContextCount() }

  func bindingCount(in context: NamingContextID) throws -> Int? { try reader.namingRowCount(context: context.rawValue) }

  func target(of key: NameKey, in context: NamingContextID) throws -> BoundTarget? {
    try reader.namingTarget(context: context.rawValue, id: key.id, kind: key.kind).map(BoundTarget.init)
  }

  func bindings(in context: NamingContextID, after: NameKey?, limit: Int) throws -> [BoundName] {
    try reader.namingRows(context: context.rawValue, after: after.map { ($0.id, $0.kind) }, limit: limit).map {
      BoundName(NameKey(id: $0.id, kind: $0.kind), BoundTarget($0.target))
    }
  }
}

private struct StoredNamesReader: StoredNamesReading {
  let rows: any StoreReader
  var reader: any NamingRowReader { rows }
}

private struct StoredNamesTransaction: StoredNamesReading, NamingTransaction {
  let rows: any StoreTransaction
  var reader: any NamingRowReader { rows }

  func makeContext() throws -> NamingContextID { NamingContextID(try rows.insertNamingContext()) }

  func removeContext(_ context: NamingContextID) throws { try rows.removeNamingContext(context.rawValue) }

  func put(_ target: BoundTarget, for key: NameKey, in context: NamingContextID) throws {
    try rows.putNamingRow(
      NamingRow(context: context.rawValue, id: key.id, kind: key.kind, target: NamingRow.Target(target)))
  }

  func remove(_ key: NameKey, in context: NamingContextID) throws {
    try rows.removeNamingRow(context: context.rawValue, id: key.id, kind: key.kind)
  }
}

extension BoundTarget {
  fileprivate init(_ target: NamingRow.Target) {
    switch target {
    case .object(let reference): self = .object(reference)
    case .context(let number): self = .context(NamingContextID(number))
    case .foreignContext(let reference): self = .foreignContext(reference)
    }
  }
}

extension NamingRow.Target {
  fileprivate init(_ target: BoundTarget) {
    switch target {
    case .object(let reference): self = .object(reference)
    case .context(let context): self = .context(context.rawValue)
    case .foreignContext(let reference): self = .foreignContext(reference)
    }
  }
}
