import Synchronization

/// All active objects of an ORB, by key.
///
/// Looking up is on the way of every call, so it takes one lock and no memory.
final class ObjectTable: Sendable {
  /// What stands behind a key.
  enum Target: Sendable {
    case servant(any Servant, ObjectAdapter)
    /// A well-known key: callers are sent on to the full reference, which carries code sets.
    case forward(ObjectRef)
  }

  private struct State {
    var targets: [ObjectKey: Target] = [:]
    /// Adapters whose locator finds servants for keys that start with the adapter's name and a slash.
    var locators: [[UInt8]: (adapter: ObjectAdapter, locate: ObjectAdapter.Locator)] = [:]
  }

  private let state = Mutex(State())
  /// Grows with every change, so that what was looked up before can be told to hold still.
  private let version = Atomic<Int>(0)

  /// The last object that a connection called, which mostly is the next one too.
  struct Recent: Sendable {
    var key = ObjectKey(octets: [])
    var version = -1
    var target: Target?
  }

  /// The same as ``target(for:)``, without a lock where the object is the one called before.
  func target(for key: ObjectKey, recent: inout Recent) -> Target? {
    let now = version.load(ordering: .acquiring)
    if recent.version == now, recent.key == key { return recent.target }
    guard let target = state.withLock({ $0.targets[key] }) else { return self.target(for: key) }
    recent = Recent(key: key, version: now, target: target)
    return target
  }

  /// - Returns: false where the key is taken.
  func insert(_ target: Target, for key: ObjectKey) -> Bool {
    state.withLock { state in
      guard state.targets[key] == nil else { return false }
      state.targets[key] = target
      version.add(1, ordering: .releasing)
      return true
    }
  }

  /// - Returns: whether there was such an object.
  func remove(_ key: ObjectKey) -> Bool {
    state.withLock { state in
      version.add(1, ordering: .releasing)
      return state.targets.removeValue(forKey: key) != nil
    }
  }

  func setLocator(_ locate: ObjectAdapter.Locator?, for adapter: ObjectAdapter) {
    state.withLock { state in
      state.locators[Array(adapter.name.utf8)] = locate.map { (adapter, $0) }
    }
  }

  func target(for key: ObjectKey) -> Target? {
    let (found, locator) = state.withLock { state in
      if let target = state.targets[key] { return (Target?.some(target), nil as (adapter: ObjectAdapter, locate: ObjectAdapter.Locator)?) }
      guard !state.locators.isEmpty, let slash = key.octets.firstIndex(of: 0x2F) else { return (nil, nil) }
      return (nil, state.locators[Array(key.octets[..<slash])])
    }
    if let found { return found }
    guard let locator, let servant = locator.locate(key) else { return nil }
    return .servant(servant, locator.adapter)
  }
}
