extension Parser {
  /// Where definitions stand.
  enum Surroundings {
    case file, module, interface

    fileprivate var expectation: String {
      switch self {
      case .file: "a definition"
      case .module: "a definition or '}'"
      case .interface: "an attribute, an operation, a definition or '}'"
      }
    }
  }

  /// Reads definitions up to the `}` or the end that closes them; that stays.
  func parseDefinitions(of surroundings: Surroundings) -> [DefinitionSyntax] {
    var definitions: [DefinitionSyntax] = []
    while true {
      definitions += takeMarkers()
      if sees(.end) || sees(.closeBrace) { return definitions }
      let depth = braceDepth
      definedName = nil
      do throws(Abandoned) {
        definitions.append(try parseDefinition(in: surroundings))
      } catch {
        if let definedName { definitions.append(.broken(definedName)) }
        recover(to: depth)
      }
    }
  }

  private func parseDefinition(in surroundings: Surroundings) throws(Abandoned) -> DefinitionSyntax {
    let documentation = current.documentation
    guard case .keyword(let keyword) = current.kind else {
      if surroundings == .interface { return try parseExport(documentation) }
      if sees(.semicolon) { throw extraSemicolon() }
      throw unexpected(surroundings.expectation)
    }
    switch keyword {
    case .const: return try parseConstant(documentation)
    case .typedef: return try parseAlias(documentation)
    case .struct: return try parseStructure(documentation)
    case .enum, .union: return try parseOther(documentation)
    case .exception: return try parseException(documentation)
    case .native: return try parseUnsupported("native type")
    case .typeid, .typeprefix: return try parseTypeIdentifier()
    case _ where surroundings == .interface: return try parseExport(documentation)
    case .module: return try parseModule(documentation)
    case .interface, .abstract, .local: return try parseInterface(documentation)
    case .valuetype, .custom: return try parseUnsupported("valuetype")
    case .component, .home, .eventtype, .import: return try parseUnsupported(keyword.rawValue)
    default: throw unexpected(surroundings.expectation)
    }
  }

  /// Reports a `;` that ends nothing. The recovery takes it away.
  func extraSemicolon() -> Abandoned {
    diagnostics.error(.unexpectedToken, "';' without a definition in front of it", at: current.location)
    return Abandoned()
  }

  private func parseModule(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    advance()
    let name = try parseDefinedName("the name of a module", documentation: documentation)
    let open = current.location
    try expect(.openBrace, "after the name of a module")
    let errors = diagnostics.errorCount
    let contents = try nested { () throws(Abandoned) in parseDefinitions(of: .module) }
    if !contents.contains(where: { if case .marker = $0 { false } else { true } }), diagnostics.errorCount == errors {
      diagnostics.error(.emptyBody, "module '\(name.text)' is empty", at: name.location)
    }
    close(open, "module", name)
    return .module(name, contents)
  }

  /// Moves over the `}` and `;` of a definition with a body. A missing `}` is the end of the file.
  func close(_ open: SourceLocation, _ kind: String, _ name: Identifier) {
    lastName = name
    definedName = nil
    if take(.closeBrace) { return expectClosingSemicolon(after: "\(kind) '\(name.text)'") }
    diagnostics.error(
      .unexpectedToken, "expected '}' to close \(kind) '\(name.text)', found \(current.quoted)", at: current.location,
      notes: [.init("its '{' is here", at: open)])
  }

  /// A definition with a body is complete without its `;`, so it is not abandoned.
  private func expectClosingSemicolon(after what: String) {
    if take(.semicolon) { return }
    diagnostics.error(.unexpectedToken, "expected ';' after \(what)", at: previousEnd)
  }

  private func parseConstant(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    advance()
    let type = try parseType(.constant)
    let name = try parseDefinedName("the name of a constant", documentation: documentation)
    try expect(.equal, "after the name of a constant")
    let value = try parseExpression()
    try expectSemicolon(after: "constant '\(name.text)'")
    return .constant(type, name, value)
  }

  private func parseAlias(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    advance()
    let type = try parseType(.member)
    let declarators = try parseDeclarators("the name of a type", documentation: documentation, definesName: true)
    try expectSemicolon(after: "typedef '\(declarators[declarators.count - 1].name.text)'")
    return .alias(type, declarators)
  }

  private func parseStructure(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    advance()
    let name = try parseDefinedName("the name of a struct", documentation: documentation)
    if take(.semicolon) { return .structureForward(name) }
    let structure = try parseStructureBody(name)
    expectClosingSemicolon(after: "struct '\(name.text)'")
    return .constructed(structure)
  }

  private func parseOther(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    let isEnumeration = sees(.enum)
    let type = try parseConstructed(documentation, isDefinition: true)
    expectClosingSemicolon(after: isEnumeration ? "an enum" : "a union")
    return .constructed(type)
  }

  private func parseException(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    advance()
    let name = try parseDefinedName("the name of an exception", documentation: documentation)
    let open = current.location
    try expect(.openBrace, "after the name of an exception")
    let members = try parseMembers()
    close(open, "exception", name)
    return .exception(name, members)
  }

  /// `typeid Name "IDL:...";` and `typeprefix Name "prefix";` (OMG CORBA 3.0, 3.17).
  private func parseTypeIdentifier() throws(Abandoned) -> DefinitionSyntax {
    let isPrefix = sees(.typeprefix)
    advance()
    let name = try parseScopedName("a name after '\(isPrefix ? "typeprefix" : "typeid")'")
    let (text, location) = try parseString("a string literal")
    try expectSemicolon(after: isPrefix ? "typeprefix" : "typeid")
    return isPrefix ? .typePrefix(name, text, location) : .typeID(name, text, location)
  }

  /// Refuses a construct and moves behind its `;`.
  func parseUnsupported(_ construct: String) throws(Abandoned) -> DefinitionSyntax {
    let depth = braceDepth
    let location = current.location
    while case .keyword = current.kind { advance() }
    let name = try parseDefinedName("a name", documentation: [])
    diagnostics.error(.notSupported, "\(construct) '\(name.text)' is not supported yet", at: location)
    definedName = nil
    recover(to: depth)
    return .constructed(.unsupported(construct, name))
  }
}
