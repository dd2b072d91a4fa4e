import ORBCore

/// Where a name leads, as far as this service knows.
enum NamePlace: Sendable {
  /// To a key in one of our contexts, which exists.
  case here(NamingContextID, NameKey)
  /// Through a context of another server, where the rest of the name goes on.
  case elsewhere(String, rest: CosNaming.Name)
}

extension NamingReader {
  /// Follows all components of a name but the last.
  ///
  /// - Parameter reference: makes the reference of one of our contexts.
  /// - Throws: OBJECT_NOT_EXIST where the first context was destroyed; `NotFound`; `CannotProceed` where the way leads to a context that
  ///   was destroyed.
  func place(
    of name: CosNaming.Name, from start: NamingContextID, reference: (NamingContextID) -> CosNaming.NamingContext
  ) throws -> NamePlace {
    guard try bindingCount(in: start) != nil else {
      throw SystemException(.objectNotExist, completed: .no, message: "the naming context was destroyed")
    }
    var context = start
    for (index, component) in name.dropLast().enumerated() {
      switch try target(of: NameKey(component), in: context) {
      case nil: throw CosNaming.NamingContext.NotFound(why: .missingNode, restOfName: Array(name[index...]))
      case .object: throw CosNaming.NamingContext.NotFound(why: .notContext, restOfName: Array(name[index...]))
      case .foreignContext(let reference): return .elsewhere(reference, rest: Array(name[(index + 1)...]))
      case .context(let next):
        guard try bindingCount(in: next) != nil else {
          throw CosNaming.NamingContext.CannotProceed(cxt: reference(next), restOfName: Array(name[(index + 1)...]))
        }
        context = next
      }
    }
    return .here(context, NameKey(name[name.count - 1]))
  }
}
