extension Model {
  /// Follows aliases to the type that travels: `typedef string<20> Sku; typedef Sku Key;` resolves to `string<20>`.
  public func resolved(_ type: TypeExpression) -> TypeExpression {
    var type = type
    while case .named(let id) = type, case .alias(let alias) = self[id].kind { type = alias.type }
    return type
  }

  /// All direct and indirect bases of an interface, each once, bases before those derived from them, in declaration order.
  ///
  /// The interface itself is not part of the answer.
  public func allBases(of interface: DeclarationID) -> [DeclarationID] {
    var seen: Set<DeclarationID> = []
    var order: [DeclarationID] = []
    func visit(_ id: DeclarationID) {
      guard case .interface(let content) = self[id].kind else { return }
      for base in content.bases where seen.insert(base).inserted {
        visit(base)
        order.append(base)
      }
    }
    visit(interface)
    return order
  }

  /// Every attribute of an interface, inherited ones first, in the order of ``allBases(of:)``.
  public func allAttributes(of interface: DeclarationID) -> [(declaration: Declaration, attribute: Attribute)] {
    allContents(of: interface).compactMap { declaration in
      guard case .attribute(let attribute) = declaration.kind else { return nil }
      return (declaration, attribute)
    }
  }

  /// Every operation of an interface, inherited ones first, in the order of ``allBases(of:)``.
  public func allOperations(of interface: DeclarationID) -> [(declaration: Declaration, operation: Operation)] {
    allContents(of: interface).compactMap { declaration in
      guard case .operation(let operation) = declaration.kind else { return nil }
      return (declaration, operation)
    }
  }

  /// The contents of all bases and of the interface itself.
  private func allContents(of interface: DeclarationID) -> [Declaration] {
    (allBases(of: interface) + [interface]).flatMap { id -> [Declaration] in
      guard case .interface(let content) = self[id].kind else { return [] }
      return content.contents.map { self[$0] }
    }
  }
}
