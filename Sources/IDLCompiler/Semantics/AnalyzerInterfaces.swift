/// Interfaces, attributes and operations (OMG CORBA 3.0, 3.8 and 3.12 to 3.14).
extension Analyzer {
  /// Analyses a forward declaration.
  func analyzeForward(_ name: Identifier, _ modifier: Interface.Modifier?) -> DeclarationID {
    guard let id = knownInterface(name, modifier) else {
      return declare(name, .interface(Interface(isDefined: false, modifier: modifier, bases: [], contents: [])))
    }
    return id
  }

  /// The interface that already has this name in this scope.
  private func knownInterface(_ name: Identifier, _ modifier: Interface.Modifier?) -> DeclarationID? {
    guard let entry = scope.entries[Scope.folded(name.text)], entry.spelling == name.text, case .declaration(let id) = entry.meaning,
      case .interface(let known) = declarations[id.index].kind
    else { return nil }
    if known.modifier != modifier {
      func words(_ modifier: Interface.Modifier?) -> String { (modifier.map { $0.rawValue + " " } ?? "") + "interface" }
      diagnostics.error(
        .modifierMismatch, "'\(name.text)' is declared as '\(words(modifier))' here and as '\(words(known.modifier))' before",
        at: name.location, notes: [.init("the other declaration is here", at: entry.location)])
    }
    return id
  }

  /// Analyses an interface with its body.
  func analyze(_ syntax: InterfaceSyntax) -> DeclarationID {
    let bases = syntax.bases.compactMap { resolveBase($0, of: syntax) }
    var id: DeclarationID?
    if let known = knownInterface(syntax.name, syntax.modifier), case .interface(let content) = declarations[known.index].kind,
      !content.isDefined
    {
      id = known
      complete(known, syntax.name)
    }
    var interface = Interface(isDefined: true, modifier: syntax.modifier, bases: [], contents: [])
    let own = id ?? declare(syntax.name, .interface(interface))
    for (base, location) in bases {
      if interface.bases.contains(base) {
        diagnostics.error(
          .repeatedBase, "'\(declarations[base.index].name)' is a base of '\(syntax.name.text)' twice", at: location)
      } else {
        interface.bases.append(base)
      }
    }
    declarations[own.index].kind = .interface(interface)
    interface.contents = within(own, .interface) {
      inherit(interface.bases, syntax)
      return ItemOrder.declarations(of: analyze(syntax.contents))
    }
    declarations[own.index].kind = .interface(interface)
    return own
  }

  private func resolveBase(_ name: ScopedNameSyntax, of derived: InterfaceSyntax) -> (DeclarationID, SourceLocation)? {
    guard let meaning = resolve(name, recordsUse: false) else { return nil }
    // A typedef of an interface is another name of it.
    guard case .declaration(let named) = meaning, case .named(let id) = target(of: .named(named)),
      case .interface(let base) = declarations[id.index].kind
    else {
      diagnostics.error(
        .notAnInterface, "base '\(name.text)' is \(describe(meaning)), not an interface", at: name.location, notes: declarationNote(meaning)
      )
      return nil
    }
    guard base.isDefined else {
      diagnostics.error(
        .undefinedBase, "base '\(name.text)' is declared but not defined yet", at: name.location, notes: declarationNote(meaning))
      return nil
    }
    if base.modifier == .local, derived.modifier != .local {
      diagnostics.error(
        .modifierMismatch, "interface '\(derived.name.text)' is not local, but its base '\(name.text)' is", at: name.location)
    } else if derived.modifier == .abstract, base.modifier != .abstract {
      diagnostics.error(
        .modifierMismatch, "interface '\(derived.name.text)' is abstract, but its base '\(name.text)' is not", at: name.location)
    }
    return (id, name.location)
  }

  /// Takes over the operations and attributes of the bases, which must not collide (3.8.5).
  private func inherit(_ bases: [DeclarationID], _ syntax: InterfaceSyntax) {
    scope.bases = bases.compactMap { scopes[$0] }
    scope.inheritanceDepth = (scope.bases.map(\.inheritanceDepth).max() ?? 0) + 1
    if scope.inheritanceDepth > limits.nesting {
      diagnostics.stop(.inheritanceTooDeep, "more than \(limits.nesting) interfaces derived from one another", at: syntax.name.location)
    }
    for base in scope.bases {
      var offered = base.inherited
      for (folded, entry) in base.entries where isOperationOrAttribute(entry.meaning) { offered[folded] = entry }
      guard !scope.inherited.isEmpty else {
        scope.inherited = offered
        continue
      }
      for (folded, entry) in offered.sorted(by: { $0.key < $1.key }) {
        if let other = scope.inherited[folded], other.meaning != entry.meaning {
          diagnostics.error(
            .inheritedClash,
            "interface '\(syntax.name.text)' inherits '\(other.spelling)' from '\(owner(of: other))' and '\(entry.spelling)' from '\(owner(of: entry))'",
            at: syntax.name.location,
            notes: [other, entry].map { .init("'\($0.spelling)' is declared here", at: $0.location) })
        } else {
          scope.inherited[folded] = entry
        }
      }
    }
  }

  /// The name of the interface that declares something.
  private func owner(of entry: Scope.Entry) -> String {
    guard case .declaration(let id) = entry.meaning, let parent = declarations[id.index].parent else { return "" }
    return declarations[parent.index].name
  }

  private func isOperationOrAttribute(_ meaning: Scope.Meaning) -> Bool {
    guard case .declaration(let id) = meaning else { return false }
    switch declarations[id.index].kind {
    case .operation, .attribute: return true
    default: return false
    }
  }

  /// Analyses the attributes of one line.
  func analyze(_ syntax: AttributeSyntax) -> [Item] {
    let type = resolve(syntax.type, for: .operation)
    let getRaises = exceptions(syntax.getRaises)
    let setRaises = exceptions(syntax.setRaises)
    return syntax.names.map { name in
      if let type { refuseLocal(type, name) }
      let attribute = Attribute(type: type ?? .long, isReadOnly: syntax.isReadOnly, getRaises: getRaises, setRaises: setRaises)
      return .declaration(declare(name, .attribute(attribute)))
    }
  }

  /// Analyses an operation.
  func analyze(_ syntax: OperationSyntax) -> DeclarationID {
    let result = syntax.result.flatMap { resolve($0, for: .operation) }
    // Declared before the parameters are read: a parameter's type must not be spelled like the operation.
    let id = declare(
      syntax.name, .operation(Operation(result: nil, parameters: [], raises: [], isOneway: false, isSynchronous: false)))
    var parameters: [Parameter] = []
    let outer = scope
    scope = Scope(.operation, declaration: id, scopedName: declarations[id.index].scopedName, parent: outer)
    for parameter in syntax.parameters {
      let type = resolve(parameter.type, for: .operation)
      enter(parameter.name, .parameter)
      guard let type else { continue }
      let name = parameter.name
      refuseLocal(type, name)
      parameters.append(
        Parameter(
          name: name.text, direction: parameter.direction, type: type, documentation: name.documentation, location: name.location))
    }
    scope = outer
    let raises = exceptions(syntax.raises)
    checkOneway(syntax)
    if let result { refuseLocal(result, syntax.name) }
    declarations[id.index].kind = .operation(
      Operation(result: result, parameters: parameters, raises: raises, isOneway: syntax.isOneway, isSynchronous: false))
    return id
  }

  private func checkOneway(_ syntax: OperationSyntax) {
    guard syntax.isOneway else { return }
    let name = syntax.name.text
    if let result = syntax.result {
      diagnostics.error(.onewayResult, "oneway operation '\(name)' cannot have a result", at: result.location, hint: "its result is 'void'")
    }
    for parameter in syntax.parameters where parameter.direction != .in {
      diagnostics.error(
        .onewayParameter, "oneway operation '\(name)' cannot have the \(parameter.direction.rawValue) parameter '\(parameter.name.text)'",
        at: parameter.name.location)
    }
    if let first = syntax.raises.first {
      diagnostics.error(.onewayRaises, "oneway operation '\(name)' cannot raise exceptions", at: first.location)
    }
  }

  private func exceptions(_ names: [ScopedNameSyntax]) -> [DeclarationID] {
    var exceptions: [DeclarationID] = []
    for name in names {
      guard let meaning = resolve(name, recordsUse: false) else { continue }
      guard case .declaration(let id) = meaning, case .exception = declarations[id.index].kind else {
        diagnostics.error(
          .notAnException, "'\(name.text)' is \(describe(meaning)), not an exception", at: name.location, notes: declarationNote(meaning))
        continue
      }
      if exceptions.contains(id) {
        diagnostics.warning(.repeatedException, "exception '\(name.text)' is named twice", at: name.location)
      } else {
        exceptions.append(id)
      }
    }
    return exceptions
  }

  /// References to local interfaces do not travel, so only local interfaces may use them (3.8.7).
  private func refuseLocal(_ type: TypeExpression, _ name: Identifier) {
    guard let own = (scope.kind == .operation ? scope.parent : scope)?.declaration,
      case .interface(let interface) = declarations[own.index].kind, interface.modifier != .local
    else {
      return
    }
    var type = target(of: type)
    while true {
      switch type {
      case .sequence(let element, _), .array(let element, _): type = target(of: element)
      case .named(let id):
        guard case .interface(let used) = declarations[id.index].kind, used.modifier == .local else { return }
        return diagnostics.error(
          .localType, "'\(name.text)' uses the local interface '\(declarations[id.index].name)' in an interface that is not local",
          at: name.location)
      default: return
      }
    }
  }
}
