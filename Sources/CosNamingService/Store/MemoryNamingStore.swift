import Synchronization

/// Keeps bindings in memory only: for tests, and for names that need not outlive the process.
public final class MemoryNamingStore: NamingStore {
  private let state = Mutex(MemoryNames())

  public init() {}

  public func write<Result: Sendable>(_ body: @escaping @Sendable (any NamingTransaction) throws -> Result) async throws -> Result {
    try state.withLock { state in
      let transaction = MemoryNamingTransaction(state)
      let result = try body(transaction)
      state = transaction.names
      return result
    }
  }

  public func read<Result: Sendable>(_ body: @escaping @Sendable (any NamingReader) throws -> Result) async throws -> Result {
    try body(MemoryNamingTransaction(state.withLock { $0 }))
  }
}

/// All contexts. A value: a copy is a snapshot.
private struct MemoryNames {
  var contexts: [NamingContextID: [NameKey: BoundTarget]] = [.root: [:], .published: [:]]
  var lastID = NamingContextID.published.rawValue
}

private final class MemoryNamingTransaction: NamingTransaction {
  private(set) var names: MemoryNames

  init(_ names: MemoryNames) { self.names = names }

  func contextCount() -> Int { names.contexts.count }
  func bindingCount(in context: NamingContextID) -> Int? { names.contexts[context]?.count }
  func target(of key: NameKey, in context: NamingContextID) -> BoundTarget? { names.contexts[context]?[key] }

  func bindings(in context: NamingContextID, after: NameKey?, limit: Int) -> [BoundName] {
    let keys = (names.contexts[context] ?? [:]).keys.filter { key in after.map { $0 < key } ?? true }.sorted()
    return keys.prefix(max(0, limit)).compactMap { key in target(of: key, in: context).map { BoundName(key, $0) } }
  }

  func makeContext() -> NamingContextID {
    names.lastID += 1
    let context = NamingContextID(names.lastID)
    names.contexts[context] = [:]
    return context
  }

  func removeContext(_ context: NamingContextID) { names.contexts[context] = nil }
  func put(_ target: BoundTarget, for key: NameKey, in context: NamingContextID) { names.contexts[context]?[key] = target }
  func remove(_ key: NameKey, in context: NamingContextID) { names.contexts[context]?[key] = nil }
}
