import ORBCore
import Synchronization

/// The open iterators: bounded in number, and each ends when nobody uses it, since callers tend to forget them.
final class BindingIterators: Sendable {
  private let adapter: ObjectAdapter
  private let store: AdmittedStore
  private let limits: NamingLimits
  private let now: @Sendable () -> ContinuousClock.Instant
  private let open = Mutex<[ObjectKey: ContinuousClock.Instant]>([:])

  init(adapter: ObjectAdapter, store: AdmittedStore, limits: NamingLimits, now: @escaping @Sendable () -> ContinuousClock.Instant) {
    self.adapter = adapter
    self.store = store
    self.limits = limits
    self.now = now
  }

  /// How many are open.
  var count: Int { open.withLock(\.count) }

  /// Makes an iterator over the bindings behind a key; the one that was not used for the longest time makes room.
  func open(in context: NamingContextID, after key: NameKey?) throws -> CosNaming.BindingIterator {
    expire()
    let objectKey = adapter.newKey()
    let servant = BindingIteratorServant(iterators: self, key: objectKey, store: store, context: context, after: key, page: limits.page)
    let time = now()
    let evicted = open.withLock { open in
      var evicted: ObjectKey?
      if open.count >= max(1, limits.iterators) {
        evicted = open.min { $0.value < $1.value }?.key
        if let evicted { open[evicted] = nil }
      }
      open[objectKey] = time
      return evicted
    }
    if let evicted { adapter.deactivate(evicted) }
    return try adapter.activate(servant, key: objectKey, as: CosNaming.BindingIterator.self)
  }

  /// Notes a call.
  ///
  /// - Throws: OBJECT_NOT_EXIST where the iterator has ended.
  func use(_ key: ObjectKey) throws {
    let time = now()
    let isOpen = open.withLock { open in
      guard let last = open[key], time - last <= limits.iteratorIdle else { return false }
      open[key] = time
      return true
    }
    if isOpen { return }
    close(key)
    throw SystemException(.objectNotExist, completed: .no, message: "the iterator has ended; list the context again")
  }

  func close(_ key: ObjectKey) {
    open.withLock { $0[key] = nil }
    adapter.deactivate(key)
  }

  /// Ends those that nobody used for too long.
  func expire() {
    let limit = now() - limits.iteratorIdle
    for key in open.withLock({ open in open.filter { $0.value < limit }.map(\.key) }) { close(key) }
  }
}

/// One iterator. It keeps a place and no bindings: what is bound or unbound behind the place meanwhile is seen.
private final class BindingIteratorServant: CosNaming.BindingIterator.Servant {
  private let iterators: BindingIterators
  private let key: ObjectKey
  private let store: AdmittedStore
  private let context: NamingContextID
  private let page: Int
  /// The last key that was given.
  private let after: Mutex<NameKey?>

  init(
    iterators: BindingIterators, key: ObjectKey, store: AdmittedStore, context: NamingContextID, after: NameKey?, page: Int
  ) {
    self.iterators = iterators
    self.key = key
    self.store = store
    self.context = context
    self.page = page
    self.after = Mutex(after)
  }

  func nextOne(context: ServerContext) async throws -> (returnValue: Bool, b: CosNaming.Binding) {
    let next = try await take(1, context).first
    return (returnValue: next != nil, b: next?.binding ?? CosNaming.Binding(bindingName: [], bindingType: .nobject))
  }

  func nextN(howMany: UInt32, context: ServerContext) async throws -> (returnValue: Bool, bl: CosNaming.BindingList) {
    if howMany == 0 { throw SystemException(.badParameter, completed: .no, message: "next_n of 0 bindings") }
    let next = try await take(min(Int(howMany), page), context)
    return (returnValue: !next.isEmpty, bl: next.map(\.binding))
  }

  func destroy(context: ServerContext) async throws {
    try iterators.use(key)
    iterators.close(key)
  }

  /// The next bindings; calls at the same time get different ones.
  private func take(_ count: Int, _ caller: ServerContext) async throws -> [BoundName] {
    try iterators.use(key)
    while true {
      let place = after.withLock { $0 }
      let found = try await store.read(for: caller) { [context] in try $0.bindings(in: context, after: place, limit: count) }
      let isMine = after.withLock { after in
        guard after == place else { return false }
        if let last = found.last { after = last.key }
        return true
      }
      if isMine { return found }
    }
  }
}
