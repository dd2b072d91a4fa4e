extension Parser {
  /// Where a type stands, which decides what it may be.
  enum TypePlace: String {
    /// In a struct, an exception or a typedef: anything.
    case member = "member"
    /// An element of a sequence: no definition of a struct or enum.
    case element = "element"
    /// The type of a constant: `fixed` without digits.
    case constant = "constant"
    /// A parameter or attribute: named or simple types, strings.
    case parameter = "parameter or attribute"
    /// A result, likewise.
    case result = "result"
  }

  /// Reads a type.
  func parseType(_ place: TypePlace) throws(Abandoned) -> TypeSyntax {
    try nested { () throws(Abandoned) in
      let location = current.location
      return TypeSyntax(kind: try parseTypeKind(place), location: location)
    }
  }

  private func parseTypeKind(_ place: TypePlace) throws(Abandoned) -> TypeSyntax.Kind {
    if sees(.scope) { return .named(try parseScopedName("the name of a type")) }
    guard case .keyword(let keyword) = current.kind else {
      guard case .identifier = current.kind else { throw unexpected("a type") }
      return .named(try parseScopedName("the name of a type"))
    }
    switch keyword {
    case .struct, .enum, .union:
      if place != .member {
        diagnostics.error(.anonymousType, "a type cannot be defined as the type of a \(place.rawValue)", at: current.location)
      }
      return .constructed(try parseConstructed(current.documentation, isDefinition: false))
    case .sequence: return try parseSequence(place)
    case .fixed: return try parseFixed(place)
    case .string: return .string(bound: try parseStringBound())
    case .wstring: return .wideString(bound: try parseStringBound())
    case .valueBase:
      diagnostics.error(.notSupported, "'ValueBase' is not supported yet", at: current.location)
      advance()
      return .invalid
    case .void:
      diagnostics.error(.unexpectedToken, "'void' cannot be the type of a \(place.rawValue)", at: current.location)
      advance()
      return .invalid
    default: return .basic(try parseBasicType(keyword))
    }
  }

  private func parseBasicType(_ keyword: Keyword) throws(Abandoned) -> TypeExpression {
    let types: [Keyword: TypeExpression] = [
      .short: .short, .float: .float, .double: .double, .char: .char, .wchar: .wchar, .boolean: .boolean, .octet: .octet, .any: .any,
      .object: .object,
    ]
    if let type = types[keyword] {
      advance()
      return type
    }
    if keyword == .long {
      advance()
      return take(.long) ? .longLong : take(.double) ? .longDouble : .long
    }
    guard take(.unsigned) else { throw unexpected("a type") }
    if take(.short) { return .unsignedShort }
    guard take(.long) else { throw unexpected("'short' or 'long' after 'unsigned'") }
    return take(.long) ? .unsignedLongLong : .unsignedLong
  }

  private func parseStringBound() throws(Abandoned) -> ExpressionSyntax? {
    advance()
    guard take(.less) else { return nil }
    let bound = try parseExpression(inAngles: true)
    try expect(.greater, "after the bound")
    return bound
  }

  private func parseSequence(_ place: TypePlace) throws(Abandoned) -> TypeSyntax.Kind {
    refuseAnonymous("sequence", place)
    advance()
    try expect(.less, "after 'sequence'")
    let element = try parseType(.element)
    let bound = take(.comma) ? try parseExpression(inAngles: true) : nil
    if sees(.shiftRight) {
      diagnostics.error(.unexpectedToken, "'>>' is a shift in IDL", at: current.location, hint: "write '> >'")
      throw Abandoned()
    }
    try expect(.greater, "after the element of a sequence")
    return .sequence(element, bound: bound)
  }

  private func parseFixed(_ place: TypePlace) throws(Abandoned) -> TypeSyntax.Kind {
    if place != .constant { refuseAnonymous("fixed", place) }
    let location = current.location
    advance()
    guard take(.less) else {
      if place == .constant { return .fixedWithoutDigits }
      throw unexpected("'<' after 'fixed'")
    }
    if place == .constant {
      diagnostics.error(
        .badConstantType, "the type of a constant is 'fixed' without digits", at: location, hint: "or the name of a typedef")
    }
    let digits = try parseExpression(inAngles: true)
    try expect(.comma, "after the digits of 'fixed'")
    let scale = try parseExpression(inAngles: true)
    try expect(.greater, "after the scale of 'fixed'")
    return .fixed(digits: digits, scale: scale)
  }

  private func refuseAnonymous(_ kind: String, _ place: TypePlace) {
    guard place == .parameter || place == .result || place == .constant else { return }
    diagnostics.error(
      .anonymousType, "'\(kind)' cannot be the type of a \(place.rawValue) without a name", at: current.location,
      hint: "give it a name by typedef")
  }

  // MARK: Struct, enum, union

  /// Reads the definition of a struct, enum or union up to its `}`.
  func parseConstructed(_ documentation: [String], isDefinition: Bool) throws(Abandoned) -> ConstructedSyntax {
    let location = current.location
    func name(_ what: String) throws(Abandoned) -> Identifier {
      isDefinition ? try parseDefinedName(what, documentation: documentation) : try parseIdentifier(what, documentation: documentation)
    }
    if take(.struct) { return try parseStructureBody(try name("the name of a struct")) }
    if take(.enum) { return try parseEnumerationBody(try name("the name of an enum")) }
    advance()
    let union = try name("the name of a union")
    diagnostics.error(.notSupported, "union '\(union.text)' is not supported yet", at: location)
    let depth = braceDepth
    while !sees(.end), !sees(.openBrace), !sees(.semicolon), !sees(.closeBrace) { advance() }
    if take(.openBrace) {
      while !sees(.end), !(sees(.closeBrace) && braceDepth == depth + 1) { advance() }
      _ = take(.closeBrace)
    }
    return .unsupported("union", union)
  }

  /// Reads a struct from its `{` to its `}`.
  func parseStructureBody(_ name: Identifier) throws(Abandoned) -> ConstructedSyntax {
    let open = current.location
    try expect(.openBrace, "after the name of a struct")
    let errors = diagnostics.errorCount
    let members = try parseMembers()
    if members.isEmpty, diagnostics.errorCount == errors {
      diagnostics.error(.emptyBody, "struct '\(name.text)' has no members", at: name.location)
    }
    try closeBody(open, "struct", name)
    return .structure(name, members)
  }

  /// Reads members up to the `}`.
  func parseMembers() throws(Abandoned) -> [MemberSyntax] {
    try nested { () throws(Abandoned) in
      var members: [MemberSyntax] = []
      let depth = braceDepth
      while !sees(.closeBrace), !sees(.end) {
        do throws(Abandoned) {
          let documentation = current.documentation
          if sees(.semicolon) { throw extraSemicolon() }
          let type = try parseType(.member)
          let declarators = try parseDeclarators("the name of a member", documentation: documentation, definesName: false)
          members.append(MemberSyntax(type: type, declarators: declarators))
          try expectSemicolon(after: "member '\(declarators[declarators.count - 1].name.text)'")
        } catch {
          recover(to: depth)
        }
      }
      return members
    }
  }

  private func parseEnumerationBody(_ name: Identifier) throws(Abandoned) -> ConstructedSyntax {
    let open = current.location
    try expect(.openBrace, "after the name of an enum")
    if sees(.closeBrace) { diagnostics.error(.emptyBody, "enum '\(name.text)' has no enumerators", at: name.location) }
    var enumerators: [Identifier] = []
    while !sees(.closeBrace) {
      enumerators.append(try parseIdentifier("the name of an enumerator"))
      if sees(.closeBrace) { break }
      guard take(.comma) else { throw unexpected("',' or '}' after enumerator '\(enumerators[enumerators.count - 1].text)'") }
      if sees(.closeBrace) { diagnostics.error(.unexpectedToken, "',' without an enumerator behind it", at: previousEnd) }
    }
    try closeBody(open, "enum", name)
    return .enumeration(name, enumerators)
  }

  private func closeBody(_ open: SourceLocation, _ kind: String, _ name: Identifier) throws(Abandoned) {
    lastName = name
    if take(.closeBrace) { return }
    diagnostics.error(
      .unexpectedToken, "expected '}' to close \(kind) '\(name.text)', found \(current.quoted)", at: current.location,
      notes: [.init("its '{' is here", at: open)])
    throw Abandoned()
  }
}
