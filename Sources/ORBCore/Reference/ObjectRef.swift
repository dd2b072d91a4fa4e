import CDR
public import GIOPCore
import Synchronization

/// A reference to an object, here or in another process: what it says of itself, and the ORB by which it is reached.
public final class ObjectRef: Sendable {
  /// The interface that every object has.
  public static let baseRepositoryID = "IDL:omg.org/CORBA/Object:1.0"

  /// What the reference says.
  public let ior: IOR
  /// Nil for a reference made outside of calls, which can be stored and sent but not called until ``bound(to:)``.
  public let orb: ORB?
  private let state = Mutex(State())

  private struct State {
    var binding: Binding?
    /// Where LOCATION_FORWARD has sent earlier calls.
    var forwarded: ObjectRef?
  }

  /// How calls get to the object.
  enum Binding {
    case local(ObjectKey)
    /// In the order of the reference's profiles; empty where none can be used.
    case remote([Route])
  }

  public init(_ ior: IOR, orb: ORB? = nil) {
    self.ior = ior
    self.orb = orb
  }

  /// The reference of a text: `IOR:` and hexadecimal digits, or `corbaloc:`.
  ///
  /// - Throws: BAD_PARAM with the place and what was expected there.
  public convenience init(stringified text: String, orb: ORB? = nil) throws(CORBA.SystemException) {
    let reference: StringifiedReference
    do { reference = try StringifiedReference(text) } catch {
      throw CORBA.SystemException(.badParameter, minor: error.minor, message: "object reference: \(error)")
    }
    switch reference {
    case .reference(let ior): self.init(ior, orb: orb)
    case .initialReference(let name):
      guard let known = orb?.initialReference(name) else {
        throw CORBA.SystemException(.badParameter, message: "no initial reference is registered under the name \"\(name)\"")
      }
      self.init(known.ior, orb: orb)
    }
  }

  /// The same reference, reached by the given ORB.
  public func bound(to orb: ORB) -> ObjectRef { ObjectRef(ior, orb: orb) }

  /// The most derived interface that the reference claims; may be empty.
  public var typeID: String { ior.typeID }

  /// `IOR:` and hexadecimal digits.
  public var stringified: String { ior.stringified }

  /// The key of the object at the first address that the reference names; nil where it names none.
  public var objectKey: ObjectKey? { ior.iiopProfiles.first.map { ObjectKey(octets: $0.profile.objectKey) } }

  /// Where the next call goes, and how.
  func destination(in orb: ORB) -> (reference: ObjectRef, binding: Binding) {
    state.withLock { state in
      if let forwarded = state.forwarded { return (forwarded, forwarded.binding(in: orb)) }
      return (self, bind(&state, orb))
    }
  }

  func binding(in orb: ORB) -> Binding { state.withLock { bind(&$0, orb) } }

  func forward(to reference: ObjectRef?) { state.withLock { $0.forwarded = reference } }

  private func bind(_ state: inout State, _ orb: ORB) -> Binding {
    if let binding = state.binding { return binding }
    let profiles = ior.iiopProfiles
    let binding: Binding
    if let here = profiles.first(where: { orb.isLocal($0.profile.address) }) {
      binding = .local(ObjectKey(octets: here.profile.objectKey))
    } else {
      binding = .remote(profiles.map { Route(ior, profile: $0.profile, index: $0.index) })
    }
    state.binding = binding
    return binding
  }

  // MARK: - Operations of every object

  /// Asks the object whether it has an interface.
  public nonisolated(nonsending) func isA(_ repositoryID: String) async throws -> Bool {
    try await invoke("_is_a") { (encoder) throws(CDRError) in
      try encoder.encode(repositoryID)
    } result: { (decoder) throws(CDRError) in
      try decoder.decode(Bool.self)
    }
  }

  /// Asks whether the object has ceased to exist for ever.
  public nonisolated(nonsending) func isNonExistent() async throws -> Bool {
    do {
      return try await invoke("_non_existent", result: { (decoder) throws(CDRError) in try decoder.decode(Bool.self) })
    } catch let error as CORBA.SystemException where error.kind == .objectNotExist { return true }
  }
}

extension ObjectRef: Hashable {
  /// References are equal when they say the same; two references that say different things may still mean one object.
  public static func == (left: ObjectRef, right: ObjectRef) -> Bool { left === right || left.ior == right.ior }
  public func hash(into hasher: inout Hasher) { hasher.combine(ior) }
}

extension ObjectRef: CustomStringConvertible {
  public var description: String {
    let type = typeID.isEmpty ? "object" : typeID
    guard let profile = ior.iiopProfiles.first?.profile else { return "\(type) without address" }
    return "\(type) \"\(ObjectKey(octets: profile.objectKey))\" at \(profile.address)"
  }
}
