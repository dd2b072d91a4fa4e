/// Definitions of every kind but interfaces.
extension Analyzer {
  /// Analyses the definitions of a scope in order.
  func analyze(_ definitions: [DefinitionSyntax]) -> [Item] {
    var items: [Item] = []
    for definition in definitions where !diagnostics.isStopped { items += analyze(definition) }
    return items
  }

  private func analyze(_ definition: DefinitionSyntax) -> [Item] {
    switch definition {
    case .module(let name, let contents): return [analyzeModule(name, contents)]
    case .constant(let type, let name, let value): return [.declaration(analyzeConstant(type, name, value))]
    case .alias(let type, let declarators): return analyzeAlias(type, declarators)
    case .constructed(let constructed): return analyze(constructed).map { [.declaration($0)] } ?? []
    case .structureForward(let name): return [.declaration(analyzeForward(name))]
    case .exception(let name, let members): return [.declaration(analyzeException(name, members))]
    case .interface(let interface): return [.declaration(analyze(interface))]
    case .interfaceForward(let name, let modifier): return [.declaration(analyzeForward(name, modifier))]
    case .attribute(let attribute): return analyze(attribute)
    case .operation(let operation): return [.declaration(analyze(operation))]
    case .typeID(let name, let id, let location): setRepositoryID(of: name, id, at: location)
    case .typePrefix(let name, let prefix, let location): setPrefix(of: name, prefix, at: location)
    case .marker(let marker): carryOut(marker)
    case .broken(let name): _ = declare(name, .unsupported(construct: "damaged definition"))
    }
    return []
  }

  private func analyzeModule(_ name: Identifier, _ contents: [DefinitionSyntax]) -> Item {
    var id: DeclarationID?
    if let entry = scope.entries[Scope.folded(name.text)], entry.spelling == name.text, case .declaration(let old) = entry.meaning,
      case .module = declarations[old.index].kind
    {
      id = old
      if name.location.file == mainFile { declarations[old.index].isInMainFile = true }
      if declarations[old.index].documentation.isEmpty { declarations[old.index].documentation = name.documentation }
    }
    let module = id ?? declare(name, .module(Module(contents: [])))
    let items = within(module, .module) { analyze(contents) }
    return .module(module, ModulePart(location: name.location, documentation: name.documentation, items: items))
  }

  private func analyzeAlias(_ syntax: TypeSyntax, _ declarators: [DeclaratorSyntax]) -> [Item] {
    var items: [Item] = []
    let type = resolve(syntax, for: .alias)
    if case .constructed = syntax.kind, case .named(let id)? = type { items.append(.declaration(id)) }
    for declarator in declarators {
      guard let type, let whole = array(of: type, declarator) else {
        _ = declare(declarator.name, .unsupported(construct: "damaged definition"))
        continue
      }
      let id = declare(declarator.name, .alias(Alias(type: whole, isOptional: false)))
      deepen(id, by: [whole], at: declarator.name.location)
      aliasTargets[id] = target(of: whole)
      incompleteAliases[id] = incompleteness(of: whole)
      items.append(.declaration(id))
    }
    return items
  }

  /// Analyses a struct or an enum.
  ///
  /// - Returns: Nil for what is not supported.
  func analyze(_ constructed: ConstructedSyntax) -> DeclarationID? {
    switch constructed {
    case .structure(let name, let members): return analyzeStructure(name, members)
    case .enumeration(let name, let enumerators): return analyzeEnumeration(name, enumerators)
    case .unsupported(let construct, let name):
      _ = declare(name, .unsupported(construct: construct))
      return nil
    }
  }

  // MARK: Struct and exception

  private func analyzeForward(_ name: Identifier) -> DeclarationID {
    if let id = forwardStructure(name) { return id }
    let id = declare(name, .structure(Structure(nested: [], members: [])))
    incomplete[id] = name.location
    return id
  }

  /// The struct of a name in this scope: declared forward, or for another forward declaration, defined.
  private func forwardStructure(_ name: Identifier) -> DeclarationID? {
    guard let entry = scope.entries[Scope.folded(name.text)], entry.spelling == name.text, case .declaration(let id) = entry.meaning,
      case .structure = declarations[id.index].kind
    else { return nil }
    return id
  }

  private func analyzeStructure(_ name: Identifier, _ syntax: [MemberSyntax]) -> DeclarationID {
    let id: DeclarationID
    if let forward = forwardStructure(name), incomplete[forward] != nil, !open.contains(forward) {
      id = forward
      complete(id, name)
    } else {
      id = declare(name, .structure(Structure(nested: [], members: [])))
      incomplete[id] = name.location
    }
    open.insert(id)
    let (nested, members) = within(id, .structure) { analyze(syntax) }
    open.remove(id)
    incomplete[id] = nil
    deepen(id, by: members.map(\.type), at: name.location)
    declarations[id.index].kind = .structure(Structure(nested: nested, members: members))
    return id
  }

  /// Moves a forward-declared thing to the place of its definition.
  func complete(_ id: DeclarationID, _ name: Identifier) {
    let repositoryID = repositoryIDs.id(of: name.text)
    if !repositoryIDs.isExplicit(id), repositoryID != declarations[id.index].repositoryID {
      diagnostics.error(
        .repositoryIDConflict,
        "'\(name.text)' has the repository id '\(repositoryID)' here and '\(declarations[id.index].repositoryID)' where it is declared forward",
        at: name.location, notes: [.init("it is declared forward here", at: declarations[id.index].location)])
    }
    declarations[id.index].location = name.location
    declarations[id.index].isInMainFile = name.location.file == mainFile
    if !name.documentation.isEmpty { declarations[id.index].documentation = name.documentation }
  }

  private func analyzeException(_ name: Identifier, _ syntax: [MemberSyntax]) -> DeclarationID {
    let id = declare(name, .exception(UserException(nested: [], members: [])))
    let (nested, members) = within(id, .exception) { analyze(syntax) }
    declarations[id.index].kind = .exception(UserException(nested: nested, members: members))
    return id
  }

  private func analyze(_ syntax: [MemberSyntax]) -> (nested: [DeclarationID], members: [Member]) {
    var nested: [DeclarationID] = []
    var members: [Member] = []
    for line in syntax {
      let type = resolve(line.type, for: .member)
      if case .constructed = line.type.kind, case .named(let id)? = type { nested.append(id) }
      for declarator in line.declarators {
        enter(declarator.name, .member)
        guard let type, let whole = array(of: type, declarator) else { continue }
        let name = declarator.name
        members.append(Member(name: name.text, type: whole, documentation: name.documentation, location: name.location))
      }
    }
    return (nested, members)
  }

  // MARK: Enum and constant

  private func analyzeEnumeration(_ name: Identifier, _ enumerators: [Identifier]) -> DeclarationID {
    let id = declare(name, .enumeration(Enumeration(enumerators: [])))
    var known: [Enumerator] = []
    for (index, enumerator) in enumerators.enumerated() {
      enter(enumerator, .enumerator(id, index: index))
      known.append(Enumerator(name: enumerator.text, documentation: enumerator.documentation, location: enumerator.location))
    }
    declarations[id.index].kind = .enumeration(Enumeration(enumerators: known))
    return id
  }

  private func analyzeConstant(_ syntax: TypeSyntax, _ name: Identifier, _ expression: ExpressionSyntax) -> DeclarationID {
    guard let (type, target) = constantType(syntax), let value = evaluate(expression, as: target) else {
      return declare(name, .unsupported(construct: "damaged definition"))
    }
    guard case .fixed(let number) = value, case .anyFixed = target else {
      return declare(name, .constant(Constant(type: type, value: value)))
    }
    // `const fixed` has the digits of its value.
    return declare(name, .constant(Constant(type: .fixed(digits: number.digits, scale: number.scale), value: value)))
  }
}
