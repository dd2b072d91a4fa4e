extension Parser {
  /// Reads an interface or a forward declaration of one, with the words in front.
  func parseInterface(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    let modifier: Interface.Modifier? = take(.abstract) ? .abstract : take(.local) ? .local : nil
    if modifier == .abstract, sees(.valuetype) { return try parseUnsupported("valuetype") }
    guard take(.interface) else { throw unexpected("'interface'") }
    let name = try parseDefinedName("the name of an interface", documentation: documentation)
    if take(.semicolon) { return .interfaceForward(name, modifier) }
    let bases = take(.colon) ? try parseScopedNames("the name of a base interface") : []
    let open = current.location
    try expect(.openBrace, "before the body of interface '\(name.text)'")
    let contents = try nested { () throws(Abandoned) in parseDefinitions(of: .interface) }
    close(open, "interface", name)
    return .interface(InterfaceSyntax(name: name, modifier: modifier, bases: bases, contents: contents))
  }

  /// Reads an attribute or an operation.
  func parseExport(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    if sees(.semicolon) { throw extraSemicolon() }
    if sees(.readonly) || sees(.attribute) { return try parseAttribute(documentation) }
    if sees(.module) || sees(.interface) {
      diagnostics.error(.unexpectedToken, "\(current.quoted) cannot stand in an interface", at: current.location)
      throw Abandoned()
    }
    return try parseOperation(documentation)
  }

  private func parseAttribute(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    let isReadOnly = take(.readonly)
    guard take(.attribute) else { throw unexpected("'attribute' after 'readonly'") }
    if !isReadOnly, sees(.readonly) {
      diagnostics.error(.unexpectedToken, "'readonly' stands in front of 'attribute'", at: current.location)
      advance()
    }
    let type = try parseType(.parameter)
    var names: [Identifier] = []
    repeat { names.append(try parseDefinedName("the name of an attribute", documentation: documentation)) } while take(.comma)
    var (getRaises, setRaises): ([ScopedNameSyntax], [ScopedNameSyntax]) = ([], [])
    if isReadOnly {
      getRaises = try parseRaises(.raises)
    } else {
      getRaises = try parseRaises(.getraises)
      setRaises = try parseRaises(.setraises)
    }
    try expectSemicolon(after: "attribute '\(names[names.count - 1].text)'")
    return .attribute(
      AttributeSyntax(type: type, isReadOnly: isReadOnly, names: names, getRaises: getRaises, setRaises: setRaises))
  }

  private func parseRaises(_ keyword: Keyword) throws(Abandoned) -> [ScopedNameSyntax] {
    guard take(keyword) else { return [] }
    try expect(.openParenthesis, "after '\(keyword.rawValue)'")
    let names = try parseScopedNames("the name of an exception")
    try expect(.closeParenthesis, "after the exceptions")
    return names
  }

  private func parseOperation(_ documentation: [String]) throws(Abandoned) -> DefinitionSyntax {
    let isOneway = take(.oneway)
    let result = take(.void) ? nil : try parseType(.result)
    let name = try parseDefinedName("the name of an operation", documentation: documentation)
    try expect(.openParenthesis, "after the name of an operation")
    var parameters: [OperationSyntax.Parameter] = []
    if !sees(.closeParenthesis) {
      repeat { parameters.append(try parseParameter()) } while take(.comma)
    }
    try expect(.closeParenthesis, "after the parameters")
    lastName = name
    let raises = try parseRaises(.raises)
    if sees(.context) { try parseContext(name) }
    try expectSemicolon(after: "operation '\(name.text)'")
    return .operation(OperationSyntax(name: name, isOneway: isOneway, result: result, parameters: parameters, raises: raises))
  }

  private func parseParameter() throws(Abandoned) -> OperationSyntax.Parameter {
    let documentation = current.documentation
    var direction = Parameter.Direction.in
    if take(.out) {
      direction = .out
    } else if take(.inout) {
      direction = .inout
    } else if !take(.in) {
      diagnostics.error(.unexpectedToken, "expected 'in', 'out' or 'inout', found \(current.quoted)", at: current.location)
      guard case .identifier = current.kind else {
        guard case .keyword = current.kind else { throw Abandoned() }
        return try parseParameter(direction, documentation)
      }
    }
    return try parseParameter(direction, documentation)
  }

  private func parseParameter(_ direction: Parameter.Direction, _ documentation: [String]) throws(Abandoned) -> OperationSyntax.Parameter {
    let type = try parseType(.parameter)
    return OperationSyntax.Parameter(
      direction: direction, type: type, name: try parseIdentifier("the name of a parameter", documentation: documentation))
  }

  private func parseContext(_ operation: Identifier) throws(Abandoned) {
    diagnostics.warning(.contextIgnored, "the context of operation '\(operation.text)' is ignored", at: current.location)
    advance()
    try expect(.openParenthesis, "after 'context'")
    repeat { _ = try parseString("a string literal") } while take(.comma)
    try expect(.closeParenthesis, "after the context")
  }
}
