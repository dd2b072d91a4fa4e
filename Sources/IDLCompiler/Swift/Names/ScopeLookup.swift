/// A place in Swift text: which scopes its unqualified names are looked up in.
struct SwiftScope {
  /// The names of the types around the place, from the outermost inwards.
  let path: [String]
  /// How many of ``path`` stand behind the word `extension`; the scopes around that type are not searched (only the file's own is).
  let extended: Int

  /// Inside an extension of the type, or at file scope.
  init(extending path: [String]) { (self.path, extended) = (path, path.count) }

  private init(path: [String], extended: Int) { (self.path, self.extended) = (path, extended) }

  /// Inside the body of a type that is declared here.
  func inside(_ name: String) -> SwiftScope { SwiftScope(path: path + [name], extended: extended) }

  /// The scopes that are searched, innermost first.
  fileprivate var searched: [[String]] {
    let inner = stride(from: path.count, through: max(extended, 1), by: -1).map { Array(path.prefix($0)) }
    return inner + [[]]
  }
}

/// Spells a type so that Swift's own lookup finds it from a given place.
///
/// A full path such as `Bank.Account` is wrong inside a type `Teller.Bank`, where `Bank` means the inner one.
struct ScopeLookup {
  /// The names of the types in each scope of the Swift module that is generated.
  private var types: [[String]: Set<String>] = [:]

  init(_ model: Model, _ names: NameTable, isLocal: (Declaration) -> Bool) {
    for declaration in model.declarations where isLocal(declaration) {
      let path = names.path(declaration.id)
      switch declaration.kind {
      case .constant, .attribute, .operation, .unsupported: continue
      case .interface: types[path, default: []].formUnion(ReservedWords.interfaceTypes)
      default: break
      }
      types[Array(path.dropLast()), default: []].insert(path[path.count - 1])
    }
  }

  /// The full path of `target`, or as much of its end as means the same in `scope`; nil where neither does.
  func spelling(of target: [String], from scope: SwiftScope) -> String? {
    for start in target.indices where found(target[start], from: scope) == Array(target[...start]) {
      return target[start...].map(ReservedWords.escaped).joined(separator: ".")
    }
    return nil
  }

  /// What an unqualified name means inside a scope: the innermost declaration around it.
  private func found(_ name: String, from scope: SwiftScope) -> [String]? {
    scope.searched.first { types[$0]?.contains(name) == true }.map { $0 + [name] }
  }
}
