/// Name lookup (OMG CORBA 3.0, 3.15.2).
extension Analyzer {
  /// Finds what a name stands for; nil after an error was reported, or when an earlier error makes it pointless.
  ///
  /// - Parameter recordsUse: Whether the name may not be redefined in this scope from now on.
  func resolve(_ name: ScopedNameSyntax, recordsUse: Bool = true) -> Scope.Meaning? {
    guard var meaning = resolveFirst(name, recordsUse: recordsUse) else { return nil }
    for part in name.parts.dropFirst() {
      guard let next = resolve(part, in: meaning) else { return nil }
      meaning = next
    }
    if case .declaration(let id) = meaning, case .unsupported = declarations[id.index].kind { return nil }
    return meaning
  }

  private func resolveFirst(_ name: ScopedNameSyntax, recordsUse: Bool) -> Scope.Meaning? {
    let part = name.parts[0]
    let folded = Scope.folded(part.text)
    var current: Scope? = name.isAbsolute ? root : scope
    while let candidate = current {
      let found = candidate.find(folded)
      if !found.isEmpty {
        if recordsUse, !name.isAbsolute {
          scope.recordUse(of: part.text, at: part.location)
          if scope.kind == .operation { scope.parent?.recordUse(of: part.text, at: part.location) }
        }
        return single(found, part)
      }
      current = name.isAbsolute ? nil : candidate.parent
    }
    diagnostics.error(
      .unknownName, "unknown name '\(part.text)'", at: part.location,
      notes: suggestion(for: part.text, among: (name.isAbsolute ? root : scope).visibleNames(limit: 2_000)))
    return nil
  }

  private func resolve(_ part: ScopedNameSyntax.Part, in meaning: Scope.Meaning) -> Scope.Meaning? {
    guard case .declaration(let id) = meaning else {
      diagnostics.error(.notAScope, "the name in front of '::\(part.text)' is not a scope", at: part.location)
      return nil
    }
    let outer = declarations[id.index]
    guard let inner = scopes[id] else {
      switch outer.kind {
      case .unsupported: break
      case .interface, .structure:
        diagnostics.error(.notAScope, "\(outer.kindName) '\(outer.name)' is not defined yet", at: part.location)
      default:
        diagnostics.error(.notAScope, "\(outer.kindName) '\(outer.name)' is not a scope", at: part.location)
      }
      return nil
    }
    let found = inner.find(Scope.folded(part.text))
    if !found.isEmpty { return single(found, part) }
    diagnostics.error(
      .unknownName, "\(outer.kindName) '\(outer.name)' has no '\(part.text)'", at: part.location,
      notes: suggestion(for: part.text, among: inner.entries.values.prefix(2_000).map(\.spelling)))
    return nil
  }

  private func single(_ found: [Scope.Entry], _ part: ScopedNameSyntax.Part) -> Scope.Meaning? {
    guard found.count == 1 else {
      diagnostics.error(
        .ambiguousName, "'\(part.text)' is ambiguous: it is inherited from \(found.count) interfaces", at: part.location,
        notes: found.map { .init("'\($0.spelling)' is declared here", at: $0.location) })
      return nil
    }
    if found[0].spelling != part.text {
      diagnostics.error(
        .wrongCase, "'\(part.text)' differs from '\(found[0].spelling)' only in case", at: part.location,
        notes: [.init("'\(found[0].spelling)' is declared here", at: found[0].location)])
      return nil
    }
    return found[0].meaning
  }

  /// Describes what a name stands for: "a module", "an enum".
  func describe(_ meaning: Scope.Meaning) -> String {
    switch meaning {
    case .declaration(let id):
      let kind = declarations[id.index].kindName
      return ("aeiou".contains(kind.first ?? "x") ? "an " : "a ") + kind
    case .enumerator: return "an enumerator"
    case .member: return "a member"
    case .parameter: return "a parameter"
    }
  }

  /// Where a meaning was declared, as a note.
  func declarationNote(_ meaning: Scope.Meaning) -> [Diagnostic.Note] {
    guard case .declaration(let id) = meaning else { return [] }
    return [.init("'\(declarations[id.index].name)' is declared here", at: declarations[id.index].location)]
  }
}
