/// A typed reference to an object; generated for each interface.
public protocol ObjectReference: Sendable, Hashable {
  /// The interface's repository id.
  static var repositoryID: String { get }
  var objectRef: ObjectRef { get }
  /// Takes the caller's word that the object has the interface.
  init(unchecked objectRef: ObjectRef)
}

extension ObjectRef {
  /// The same reference with another interface, or nil where the object says that it has none such.
  ///
  /// The object is asked only where the reference itself does not name the interface.
  public nonisolated(nonsending) func narrow<Reference: ObjectReference>(to _: Reference.Type = Reference.self) async throws -> Reference? {
    if typeID == Reference.repositoryID { return Reference(unchecked: self) }
    return try await isA(Reference.repositoryID) ? Reference(unchecked: self) : nil
  }
}
