extension Parser {
  /// Reads the name of something that is declared.
  ///
  /// - Parameters:
  ///   - what: For the message: "the name of a struct".
  ///   - documentation: The comment in front of the declaration; without it, that in front of the name.
  func parseIdentifier(_ what: String, documentation: [String]? = nil) throws(Abandoned) -> Identifier {
    guard case .identifier(let text) = current.kind else {
      var notes: [Diagnostic.Note] = []
      if case .keyword(let keyword) = current.kind { notes = [.init("write '_\(keyword.rawValue)' to use a keyword as a name")] }
      throw unexpected(what, notes: notes)
    }
    let name = Identifier(text: text, location: current.location, documentation: documentation ?? current.documentation)
    lastName = name
    advance()
    return name
  }

  /// Reads the name of a definition; when the rest fails, the name is still declared.
  func parseDefinedName(_ what: String, documentation: [String]) throws(Abandoned) -> Identifier {
    let name = try parseIdentifier(what, documentation: documentation)
    definedName = name
    return name
  }

  /// Reads the use of a name.
  func parseScopedName(_ what: String) throws(Abandoned) -> ScopedNameSyntax {
    let isAbsolute = take(.scope)
    var parts: [ScopedNameSyntax.Part] = []
    repeat {
      guard case .identifier(let text) = current.kind else { throw unexpected(what) }
      parts.append(ScopedNameSyntax.Part(text: text, location: current.location))
      advance()
    } while take(.scope)
    return ScopedNameSyntax(isAbsolute: isAbsolute, parts: parts)
  }

  /// Reads names with commas between them.
  func parseScopedNames(_ what: String) throws(Abandoned) -> [ScopedNameSyntax] {
    var names: [ScopedNameSyntax] = []
    repeat { names.append(try parseScopedName(what)) } while take(.comma)
    return names
  }

  /// Reads a string literal with the literals that follow it.
  func parseString(_ what: String) throws(Abandoned) -> (text: String, location: SourceLocation) {
    let location = current.location
    guard case .string(var text) = current.kind else { throw unexpected(what) }
    advance()
    while case .string(let more) = current.kind {
      text += more
      advance()
    }
    return (text, location)
  }

  /// Reads a name with array dimensions.
  func parseDeclarators(_ what: String, documentation: [String], definesName: Bool) throws(Abandoned) -> [DeclaratorSyntax] {
    var declarators: [DeclaratorSyntax] = []
    repeat {
      let name = try parseIdentifier(what, documentation: documentation)
      if definesName { definedName = name }
      var dimensions: [ExpressionSyntax] = []
      while take(.openBracket) {
        guard !sees(.closeBracket) else { throw unexpected("the size of the array") }
        dimensions.append(try parseExpression())
        try expect(.closeBracket, "after the size of the array")
        guard dimensions.count <= limits.nesting else {
          diagnostics.stop(.nestingTooDeep, "array '\(name.text)' has more than \(limits.nesting) dimensions", at: name.location)
          throw Abandoned()
        }
      }
      declarators.append(DeclaratorSyntax(name: name, dimensions: dimensions))
    } while take(.comma)
    return declarators
  }
}
