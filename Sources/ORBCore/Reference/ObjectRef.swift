import CDR
import Synchronization

/// A reference to an object, here or in another process: what it says of itself, and the ORB by which it is reached.
public final class ObjectRef: Sendable {
  /// The interface that every object has.
  public static let baseRepositoryID = "IDL:omg.org/CORBA/Object:1.0"

  let data: ReferenceData
  /// Nil for a reference made outside of calls, which can be stored and sent but not called until ``bound(to:)``.
  public let orb: ORB?
  private let state: Mutex<State>

  private struct State {
    /// Where LOCATION_FORWARD has sent earlier calls.
    var forwarded: ObjectRef?
  }

  init(_ data: ReferenceData, orb: ORB?) {
    self.data = data
    self.orb = orb
    state = Mutex(State())
  }

  /// The reference of a stringified IOR.
  ///
  /// - Throws: INV_OBJREF where the text is none.
  public convenience init(stringified text: String, orb: ORB? = nil) throws(CORBA.SystemException) {
    guard let data = ReferenceData(stringified: text) else {
      throw CORBA.SystemException(.invalidObjectReference, message: "\"\(text.prefix(60))\" is no stringified object reference")
    }
    self.init(data, orb: orb)
  }

  /// The same reference, reached by the given ORB.
  public func bound(to orb: ORB) -> ObjectRef { ObjectRef(data, orb: orb) }

  /// The most derived interface that the reference claims; may be empty.
  public var typeID: String { data.typeID }

  /// The key of the object at the first address that the reference names; nil where it names none.
  public var objectKey: ObjectKey? { data.target?.key }

  /// `IOR:` and hexadecimal digits.
  public var stringified: String { data.stringified }

  var forwarded: ObjectRef? {
    get { state.withLock { $0.forwarded } }
    set { state.withLock { $0.forwarded = newValue } }
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
  public static func == (left: ObjectRef, right: ObjectRef) -> Bool { left === right || left.data == right.data }
  public func hash(into hasher: inout Hasher) { hasher.combine(data) }
}

extension ObjectRef: CustomStringConvertible {
  public var description: String {
    guard let target = data.target else { return "a reference to \(typeID.isEmpty ? "an object" : typeID) without address" }
    return "\(typeID.isEmpty ? "object" : typeID) \"\(target.key)\" at \(target.endpoint)"
  }
}
