public import ORBCore

/// The OMG Naming Service over a store: one root context, reached by the well-known key `NameService`, and contexts below it.
///
/// Names may lead through contexts of other servers; an operation whose name does is carried on there, with the rest of the name.
/// References of our contexts are the same over restarts, as far as the address is.
public final class NamingService: Sendable {
  /// The root context.
  public let root: CosNaming.NamingContextExt
  public let limits: NamingLimits
  /// Unowned, since its objects keep this service.
  unowned let orb: ORB
  let store: any NamingStore
  let access: NamingAccess
  let iterators: BindingIterators
  let admitted: AdmittedStore
  let makers: ContextMakers
  /// The key of the published names in the root context, which stays as it is.
  let publishedKey: NameKey

  private static let adapterName = "naming"
  private static let contextPrefix = Array("\(adapterName)/context/".utf8)

  /// Makes the service's objects reachable by the ORB, which must listen already: references name its address.
  ///
  /// - Parameters:
  ///   - published: The name of the context for what the program itself publishes.
  ///   - admissions: What callers have to wait for.
  ///   - now: The clock of idle iterators.
  /// - Throws: ``/ORBCore/ObjectAdapterError/keyInUse(_:)`` where the ORB has a naming service already.
  public init(
    orb: ORB, store: any NamingStore, access: NamingAccess = NamingAccess(), limits: NamingLimits = NamingLimits(),
    admissions: NamingAdmissions = NamingAdmissions(), published: String, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws {
    self.orb = orb
    self.store = store
    self.access = access
    self.limits = limits
    publishedKey = NameKey(id: published, kind: "")
    let adapter = orb.adapter(named: Self.adapterName)
    admitted = AdmittedStore(store: store, admissions: admissions)
    makers = ContextMakers(limit: limits.contextsPerCaller)
    iterators = BindingIterators(adapter: adapter, store: admitted, limits: limits, now: now)
    root = Self.reference(to: .root, orb)
    try adapter.forward("NameService", to: root.objectRef)
    orb.registerInitialReference("NameService", root.objectRef)
    adapter.setLocator { key in Self.context(of: key).map { NamingContextServant(service: self, id: $0) } }
  }

  /// Binds what the program itself offers, in place of what it offered before. No caller changes these names.
  ///
  /// - Throws: what is wrong with the store.
  public func publish(_ objects: [(id: String, object: ObjectRef)]) async throws {
    let names = objects.map { BoundName(NameKey(id: $0.id, kind: ""), .object($0.object.stringified)) }
    let publishedKey = publishedKey
    try await store.write { transaction in
      for former in try transaction.bindings(in: .published, after: nil, limit: .max) where !names.contains(where: { $0.key == former.key })
      {
        try transaction.remove(former.key, in: .published)
      }
      for name in names { try transaction.put(name.target, for: name.key, in: .published) }
      try transaction.put(.context(.published), for: publishedKey, in: .root)
    }
  }

  /// Ends iterators that nobody used for too long.
  public func expire() { iterators.expire() }

  // MARK: - References

  func reference(to context: NamingContextID) -> CosNaming.NamingContext { Self.reference(to: context, orb).asNamingContext }

  private static func reference(to context: NamingContextID, _ orb: ORB) -> CosNaming.NamingContextExt {
    let key = ObjectKey(octets: contextPrefix + Array(String(context.rawValue).utf8))
    return CosNaming.NamingContextExt(unchecked: orb.reference(key: key, typeID: CosNaming.NamingContextExt.repositoryID))
  }

  private static func context(of key: ObjectKey) -> NamingContextID? {
    guard key.octets.starts(with: contextPrefix) else { return nil }
    let digits = String(decoding: key.octets[contextPrefix.count...], as: UTF8.self)
    // One context has one key: no sign, no leading zero.
    guard let number = Int64(digits), number > 0, String(number) == digits else { return nil }
    return NamingContextID(number)
  }

  /// What a context is bound as: by its number where it is ours, so that the binding holds at another address, too.
  ///
  /// - Throws: BAD_PARAM for the nil reference, IMP_LIMIT for one that is too long.
  func target(of context: CosNaming.NamingContext?) throws(SystemException) -> BoundTarget {
    guard let reference = context?.objectRef else {
      throw SystemException(.badParameter, completed: .no, message: "nil is no naming context")
    }
    let here = orb.publishedEndpoint
    for (_, profile) in reference.ior.iiopProfiles where profile.address == here {
      if let own = Self.context(of: ObjectKey(octets: profile.objectKey)) { return .context(own) }
    }
    return .foreignContext(try text(of: reference))
  }

  func target(of object: ObjectRef?) throws(SystemException) -> BoundTarget { .object(try object.map(text(of:)) ?? "") }

  private func text(of reference: ObjectRef) throws(SystemException) -> String {
    let text = reference.stringified
    if text.utf8.count <= limits.referenceOctets { return text }
    throw SystemException(
      .implementationLimit, completed: .no,
      message: "the reference has \(text.utf8.count) octets as text; \(limits.referenceOctets) are the most that can be bound")
  }

  /// What a resolver gets.
  func object(of target: BoundTarget) throws(SystemException) -> ObjectRef? {
    switch target {
    case .object(""): nil
    case .object(let text), .foreignContext(let text): try ObjectRef(stringified: text, orb: orb)
    case .context(let id): reference(to: id).objectRef
    }
  }

  // MARK: - Other servers

  /// Carries an operation on in a context of another server.
  ///
  /// - Throws: the declared exceptions as they come from there; `CannotProceed` where that server cannot be asked, so that the caller may
  ///   try it himself.
  nonisolated(nonsending) func carryOn<Result>(
    _ reference: String, _ rest: CosNaming.Name, for caller: ServerContext,
    _ operation: (CosNaming.NamingContext) async throws -> Result
  ) async throws -> Result where Result: Sendable {
    let context = CosNaming.NamingContext(unchecked: try ObjectRef(stringified: reference, orb: orb))
    do {
      guard let turns = admitted.admissions.foreignCalls else {
        return try await withCallTimeout(limits.foreignCall) { try await operation(context) }
      }
      return try await turns.run(for: caller) { try await withCallTimeout(limits.foreignCall) { try await operation(context) } }
    } catch is SystemException {
      throw CosNaming.NamingContext.CannotProceed(cxt: context, restOfName: rest)
    }
  }
}
