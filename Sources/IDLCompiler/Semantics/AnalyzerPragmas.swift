/// Pragmas, `typeid` and `typeprefix` (OMG CORBA 3.0, 10.7.5 and 3.17).
extension Analyzer {
  func carryOut(_ marker: Marker) {
    switch marker {
    case .enterFile: repositoryIDs.enterFile(in: scope.scopedName)
    case .leaveFile: repositoryIDs.leaveFile()
    case .pragma(.prefix(let text), let location):
      if isPrefix(text, at: location) { repositoryIDs.setPrefix(text) }
    case .pragma(.repositoryID(let name, let id), let location): setRepositoryID(of: name, id, at: location)
    case .pragma(.version(let name, let version), let location): setVersion(of: name, version, at: location)
    case .pragma(let pragma, let location): deferredPragmas.append((pragma, scope, location))
    }
  }

  private func isPrefix(_ text: String, at location: SourceLocation) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isRight = parts.allSatisfy { part in
      !part.isEmpty
        && part.utf8.allSatisfy { Scanner.isLetter($0) || Scanner.isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
    if text.isEmpty || isRight { return true }
    diagnostics.error(
      .malformedRepositoryID, "prefix '\(text)' is malformed", at: location,
      hint: "a prefix is made of letters, digits, '.', '-' and '_', with '/' between its parts")
    return false
  }

  /// The declaration that a pragma names.
  private func target(of name: ScopedNameSyntax) -> DeclarationID? {
    guard let meaning = resolve(name, recordsUse: false) else { return nil }
    if case .declaration(let id) = meaning { return id }
    diagnostics.error(.malformedRepositoryID, "'\(name.text)' is \(describe(meaning)) and has no repository id", at: name.location)
    return nil
  }

  func setRepositoryID(of name: ScopedNameSyntax, _ id: String, at location: SourceLocation) {
    guard let declaration = target(of: name) else { return }
    let parts = id.split(separator: ":", omittingEmptySubsequences: false)
    let isPrintable = id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard isPrintable, parts.count >= 2, !parts[0].isEmpty, parts[0] != "IDL" || parts.count == 3 else {
      diagnostics.error(
        .malformedRepositoryID, "repository id '\(id)' is malformed", at: location,
        hint: "for example 'IDL:acme.example/Contracts/Catalog:1.0'")
      return
    }
    let old = declarations[declaration.index].repositoryID
    if repositoryIDs.isExplicit(declaration), old != id {
      diagnostics.error(.repositoryIDConflict, "'\(name.text)' already has the repository id '\(old)'", at: location)
      return
    }
    declarations[declaration.index].repositoryID = id
    repositoryIDs.markExplicit(declaration)
  }

  private func setVersion(of name: ScopedNameSyntax, _ version: String, at location: SourceLocation) {
    guard let declaration = target(of: name) else { return }
    let old = declarations[declaration.index].repositoryID
    let isOtherVersion = repositoryIDs.explicitVersions[declaration].map { $0 != version } ?? false
    guard let colon = old.lastIndex(of: ":"), !repositoryIDs.explicitIDs.contains(declaration), !isOtherVersion else {
      if !old.hasSuffix(":" + version) {
        diagnostics.error(.repositoryIDConflict, "'\(name.text)' already has the repository id '\(old)'", at: location)
      }
      return
    }
    declarations[declaration.index].repositoryID = old[...colon] + version
    repositoryIDs.markVersion(declaration, version)
  }

  /// `typeprefix`: the prefix in front of the whole scoped name, for all that the scope holds, before and after.
  func setPrefix(of name: ScopedNameSyntax, _ text: String, at location: SourceLocation) {
    guard isPrefix(text, at: location), let id = target(of: name) else { return }
    guard let target = scopes[id] else {
      diagnostics.error(.notAScope, "'\(name.text)' has no content that a prefix could stand for", at: name.location)
      return
    }
    let scopedName = target.scopedName
    repositoryIDs.setPrefix(
      ofScope: id, ([text] + scopedName).filter { !$0.isEmpty }.joined(separator: "/"), isCurrent: target === scope)
    for index in declarations.indices where declarations[index].scopedName.starts(with: scopedName) {
      guard !repositoryIDs.isExplicit(declarations[index].id) else { continue }
      let path = ([text] + declarations[index].scopedName).filter { !$0.isEmpty }.joined(separator: "/")
      declarations[index].repositoryID = "IDL:\(path):1.0"
    }
  }

  /// Our own pragmas, after everything is declared.
  func carryOutDeferredPragmas() {
    for (pragma, place, _) in deferredPragmas where !diagnostics.isStopped {
      scope = place
      switch pragma {
      case .optional(let name): markOptional(name)
      case .synchronous(let name): markSynchronous(name)
      default: break
      }
    }
    scope = root
  }

  private func markOptional(_ name: ScopedNameSyntax) {
    guard let meaning = resolve(name, recordsUse: false) else { return }
    if case .declaration(let id) = meaning, case .alias(var alias) = declarations[id.index].kind, case .sequence(_, bound: 1) = alias.type {
      alias.isOptional = true
      declarations[id.index].kind = .alias(alias)
      return
    }
    diagnostics.error(
      .notOptional, "'\(name.text)' is not a typedef of a sequence bounded by 1", at: name.location, notes: declarationNote(meaning))
  }

  private func markSynchronous(_ name: ScopedNameSyntax) {
    guard let meaning = resolve(name, recordsUse: false) else { return }
    if case .declaration(let id) = meaning, case .operation(var operation) = declarations[id.index].kind {
      operation.isSynchronous = true
      declarations[id.index].kind = .operation(operation)
      return
    }
    diagnostics.error(
      .notAnOperation, "'\(name.text)' is \(describe(meaning)), not an operation", at: name.location, notes: declarationNote(meaning))
  }
}
