import GIOPCore
import Synchronization

/// Connects object keys with servants: what is left of the Portable Object Adapter where every policy has one good value.
///
/// Objects get unguessable random keys, or keys that the application gives and that therefore stay valid over restarts.
public final class ObjectAdapter: Sendable {
  /// Where servants run.
  public enum Execution: Sendable, Hashable {
    /// On the event loop, until the first suspension: for servants that never block.
    case inline
    /// On the ORB's workers.
    case pool
  }

  public struct Policies: Sendable {
    public var execution: Execution
    /// Requests that this adapter's servants may work on at the same time; one more is answered with TRANSIENT.
    public var maximumRequestsInFlight: Int
    /// Whether its objects have keys that nobody can guess and that are given to those alone who may call them: who calls one of them
    /// is known, as ``PeerStanding`` says.
    public var keysAreSecret: Bool

    public init(execution: Execution = .pool, maximumRequestsInFlight: Int = 1024, keysAreSecret: Bool = false) {
      self.execution = execution
      self.maximumRequestsInFlight = maximumRequestsInFlight
      self.keysAreSecret = keysAreSecret
    }
  }

  /// Finds the servant of a key on demand; nil says that there is no such object. It must not block.
  public typealias Locator = @Sendable (ObjectKey) -> (any Servant)?

  public let name: String
  public let policies: Policies
  unowned let orb: ORB
  let requestsInFlight = Atomic<Int>(0)
  private let idleWaiters = Mutex<[CheckedContinuation<Void, Never>]>([])

  init(name: String, policies: Policies, orb: ORB) {
    self.name = name
    self.policies = policies
    self.orb = orb
  }

  // MARK: - Activation

  /// Makes a servant reachable.
  ///
  /// - Parameter key: nil for a random key below this adapter's name.
  /// - Throws: ``ObjectAdapterError/keyInUse(_:)``.
  @discardableResult
  public func activate(_ servant: any Servant, key: ObjectKey? = nil) throws -> ObjectRef {
    let key = key ?? newKey()
    guard orb.objects.insert(.servant(servant, self), for: key) else { throw ObjectAdapterError.keyInUse(key) }
    return orb.reference(key: key, typeID: servant.repositoryIDs.first ?? "")
  }

  /// Makes a servant reachable, as a reference of its generated type.
  public func activate<Reference: ObjectReference>(
    _ servant: any Servant, key: ObjectKey? = nil, as _: Reference.Type
  ) throws -> Reference {
    Reference(unchecked: try activate(servant, key: key))
  }

  /// Makes a servant reachable under a name that `corbaloc:` can carry.
  ///
  /// A corbaloc says nothing about code sets, so calls to the name are answered with LOCATION_FORWARD to the full reference.
  @discardableResult
  public func activate(_ servant: any Servant, wellKnownName: String) throws -> ObjectRef {
    let reference = try activate(servant, key: ObjectKey(octets: Array("\(name)/\(wellKnownName)#object".utf8)))
    try forward(ObjectKey(wellKnownName), to: reference)
    orb.registerInitialReference(wellKnownName, reference)
    return reference
  }

  /// Answers every call to `key` with LOCATION_FORWARD to `reference`.
  public func forward(_ key: ObjectKey, to reference: ObjectRef) throws {
    guard orb.objects.insert(.forward(reference), for: key) else { throw ObjectAdapterError.keyInUse(key) }
  }

  /// Makes an object unreachable; calls that are under way finish.
  ///
  /// - Returns: whether there was such an object.
  @discardableResult
  public func deactivate(_ key: ObjectKey) -> Bool { orb.objects.remove(key) }

  /// Lets `locate` find servants for all keys below this adapter's name that are not active, for example sessions.
  public func setLocator(_ locate: Locator?) { orb.objects.setLocator(locate, for: self) }

  /// An unguessable key below this adapter's name, for which a locator is asked.
  public func newKey() -> ObjectKey { ObjectKey(octets: Array("\(name)/".utf8) + ObjectKey.random().octets) }

  // MARK: - Requests under way

  /// Waits until no servant of this adapter works on a request.
  public func waitUntilIdle() async {
    await withCheckedContinuation { continuation in
      let idle = idleWaiters.withLock { waiters in
        if requestsInFlight.load(ordering: .acquiring) == 0 { return true }
        waiters.append(continuation)
        return false
      }
      if idle { continuation.resume() }
    }
  }

  /// Counts a request in.
  ///
  /// - Throws: TRANSIENT beyond the limit of this adapter or of the ORB.
  func enter(_ orb: ORB) throws(CORBA.SystemException) {
    let here = requestsInFlight.add(1, ordering: .acquiringAndReleasing).newValue
    let all = orb.requestsInFlight.add(1, ordering: .acquiringAndReleasing).newValue
    if here > policies.maximumRequestsInFlight || all > orb.options.maximumRequestsInFlight {
      leave(orb)
      throw CORBA.SystemException(
        .transient, minor: .requestDiscarded, completed: .no,
        message: "\(min(here, all) - 1) requests are in flight, the limit of adapter \"\(name)\"")
    }
  }

  func leave(_ orb: ORB) {
    orb.requestsInFlight.subtract(1, ordering: .acquiringAndReleasing)
    guard requestsInFlight.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
    let waiters = idleWaiters.withLock { waiters in
      defer { waiters = [] }
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}

/// Why an object could not be activated.
public enum ObjectAdapterError: Error, Sendable, Hashable {
  case keyInUse(ObjectKey)
}

extension ObjectAdapterError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .keyInUse(let key): "an object with the key \"\(key)\" is active already; deactivate it first"
    }
  }
}
