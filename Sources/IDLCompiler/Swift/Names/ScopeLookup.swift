/// Spells a type so that Swift's own lookup finds it from a given place.
///
/// A full path such as `Bank.Account` is wrong inside a type `Bank.Bank`, where `Bank` means the inner one.
struct ScopeLookup {
  /// The names of the types in each scope of the Swift module that is generated.
  private var types: [[String]: Set<String>] = [:]

  init(_ model: Model, _ names: NameTable, isLocal: (Declaration) -> Bool) {
    for declaration in model.declarations where isLocal(declaration) {
      let path = names.path(declaration.id)
      switch declaration.kind {
      case .constant, .attribute, .operation, .unsupported: break
      case .interface:
        types[path.dropLast(), default: []].insert(path[path.count - 1])
        types[path, default: []].formUnion(["Stub", "Servant"])
      default: types[path.dropLast(), default: []].insert(path[path.count - 1])
      }
    }
  }

  /// The shortest change of the full path that means `target` when it is written inside `scope`; nil if there is none.
  func spelling(of target: [String], from scope: [String]) -> String? {
    for start in target.indices where found(target[start], from: scope) == Array(target[...start]) {
      return target[start...].map(ReservedWords.escaped).joined(separator: ".")
    }
    return nil
  }

  /// What an unqualified name means inside a scope: the innermost declaration around it.
  private func found(_ name: String, from scope: [String]) -> [String]? {
    for depth in stride(from: scope.count, through: 0, by: -1) where types[scope.prefix(depth).map { $0 }]?.contains(name) == true {
      return Array(scope[..<depth]) + [name]
    }
    return nil
  }
}

extension Dictionary where Key == [String], Value == Set<String> {
  fileprivate subscript(slice: ArraySlice<String>, default value: Set<String>) -> Set<String> {
    get { self[Array(slice), default: value] }
    set { self[Array(slice)] = newValue }
  }
}
