/// Puts the items of scopes in their final order.
enum ItemOrder {
  /// Keeps each declaration at its last place, which is that of its definition.
  static func withoutRepetitions(_ items: [Item]) -> [Item] {
    var seen: Set<DeclarationID> = []
    func pruned(_ items: [Item]) -> [Item] {
      var kept: [Item] = []
      for item in items.reversed() {
        switch item {
        case .declaration(let id):
          if seen.insert(id).inserted { kept.append(item) }
        case .module(let id, let part):
          kept.append(.module(id, ModulePart(location: part.location, documentation: part.documentation, items: pruned(part.items))))
        }
      }
      return kept.reversed()
    }
    return pruned(items)
  }

  /// The declarations among the items of an interface, each at its last place.
  static func declarations(of items: [Item]) -> [DeclarationID] {
    withoutRepetitions(items).compactMap { if case .declaration(let id) = $0 { id } else { nil } }
  }

  /// Merges the parts of each module into its content.
  static func fillModules(from items: [Item], in declarations: inout [Declaration]) {
    var contents: [DeclarationID: [DeclarationID]] = [:]
    var seen: Set<DeclarationID> = []
    func collect(_ items: [Item], into parent: DeclarationID?) {
      for item in items {
        let id: DeclarationID
        switch item {
        case .declaration(let declaration): id = declaration
        case .module(let module, let part):
          id = module
          collect(part.items, into: module)
        }
        if let parent, seen.insert(id).inserted { contents[parent, default: []].append(id) }
      }
    }
    collect(items, into: nil)
    for (id, members) in contents { declarations[id.index].kind = .module(Module(contents: members)) }
  }
}
