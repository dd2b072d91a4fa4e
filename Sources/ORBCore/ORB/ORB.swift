import GIOPCore
import Synchronization

/// The object request broker: it knows the objects of this process, makes references to them, and reaches those of others.
///
/// An ORB without transports serves calls inside of the process; `IIOPTransport` adds the network.
public final class ORB: Sendable {
  /// Bounds and defaults of one ORB.
  public struct Options: Sendable {
    /// How long a call waits for its reply unless its caller says otherwise; nil: for ever.
    public var callTimeout: Duration? = .seconds(60)
    /// Requests that servants may work on at the same time; one more is answered with TRANSIENT.
    public var maximumRequestsInFlight = 4096
    /// How many LOCATION_FORWARD answers one call follows.
    public var maximumForwards = 8

    public init() {}
  }

  public let options: Options
  /// Told of every call on both sides; for metrics and traces.
  public let observer: (any CallObserver)?
  /// Where servants of adapters with ``ObjectAdapter/Execution/pool`` run.
  public let workers: any TaskExecutor
  /// The host part of references to objects of an ORB that no transport has made reachable.
  let inProcessHost: String
  let objects = ObjectTable()
  let requestsInFlight = Atomic<Int>(0)
  private let state = Mutex(State())

  private struct State {
    var adapters: [String: ObjectAdapter] = [:]
    var initialReferences: [String: ObjectRef] = [:]
    var transport: (any ClientTransport)?
    /// Where this ORB listens, as references name it; the first one goes into new references.
    var endpoints: [Endpoint] = []
  }

  public init(options: Options = Options(), workers: any TaskExecutor = globalConcurrentExecutor, observer: (any CallObserver)? = nil) {
    self.options = options
    self.workers = workers
    self.observer = observer
    inProcessHost = "in-process-" + ObjectKey.random().octets.map { String($0, radix: 16) }.joined()
  }

  // MARK: - Objects of this process

  /// The adapter of that name, made on first use with these policies.
  public func adapter(named name: String, policies: ObjectAdapter.Policies = .init()) -> ObjectAdapter {
    state.withLock { state in
      if let adapter = state.adapters[name] { return adapter }
      let adapter = ObjectAdapter(name: name, policies: policies, orb: self)
      state.adapters[name] = adapter
      return adapter
    }
  }

  /// A reference to an object of this ORB, whether or not it is active yet.
  public func reference(key: ObjectKey, typeID: String) -> ObjectRef {
    let profile = IIOPProfile(
      address: publishedEndpoint, objectKey: key.octets,
      components: [.orbType(TaggedComponent.tesseraORBType), .codeSets(.tessera)])
    return ObjectRef(IOR(typeID: typeID, profiles: [profile.tagged()]), orb: self)
  }

  /// The endpoint that new references name.
  public var publishedEndpoint: Endpoint {
    state.withLock { $0.endpoints.first } ?? Endpoint(host: inProcessHost, port: 0)
  }

  /// Adds an endpoint on which a transport accepts calls for this ORB.
  ///
  /// - Parameter published: the address that peers can reach goes into new references; others are only known as ours.
  public func addEndpoint(_ endpoint: Endpoint, published: Bool = true) {
    state.withLock { state in
      if published { state.endpoints.insert(endpoint, at: 0) } else { state.endpoints.append(endpoint) }
    }
  }

  func isLocal(_ endpoint: Endpoint) -> Bool {
    endpoint.host == inProcessHost || state.withLock { $0.endpoints.contains(endpoint) }
  }

  // MARK: - Objects of others

  /// The transport by which calls leave the process.
  public var transport: (any ClientTransport)? {
    get { state.withLock { $0.transport } }
    set { state.withLock { $0.transport = newValue } }
  }

  /// The reference of a text: `IOR:` and hexadecimal digits, `corbaloc:` with addresses, or `corbaloc:rir:` with a registered name.
  ///
  /// - Throws: BAD_PARAM with the place and what was expected there.
  public func reference(from text: String) throws(CORBA.SystemException) -> ObjectRef {
    try ObjectRef(stringified: text, orb: self)
  }

  /// The object registered under a well-known name, such as `NameService`.
  public func initialReference(_ name: String) -> ObjectRef? { state.withLock { $0.initialReferences[name] } }

  public func registerInitialReference(_ name: String, _ reference: ObjectRef) {
    state.withLock { $0.initialReferences[name] = reference }
  }
}
