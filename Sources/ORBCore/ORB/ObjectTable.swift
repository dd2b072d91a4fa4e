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

  /// - Returns: false where the key is taken.
  func insert(_ target: Target, for key: ObjectKey) -> Bool {
    state.withLock { state in
      guard state.targets[key] == nil else { return false }
      state.targets[key] = target
      return true
    }
  }

  /// - Returns: whether there was such an object.
  func remove(_ key: ObjectKey) -> Bool { state.withLock { $0.targets.removeValue(forKey: key) != nil } }

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
