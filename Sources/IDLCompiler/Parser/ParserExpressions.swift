extension Parser {
  /// The binary operators, the weakest first (OMG CORBA 3.0, 3.10.2).
  private static let precedences: [Punctuation: Int] = [
    .or: 1, .exclusiveOr: 2, .and: 3, .shiftLeft: 4, .shiftRight: 4, .plus: 5, .minus: 5, .times: 6, .divide: 6, .remainder: 6,
  ]

  /// Reads a constant expression.
  ///
  /// - Parameter inAngles: Between `<` and `>`, where `>>` outside of parentheses is no shift.
  func parseExpression(inAngles: Bool = false) throws(Abandoned) -> ExpressionSyntax {
    try parseBinary(above: 0, inAngles: inAngles)
  }

  private func parseBinary(above minimum: Int, inAngles: Bool) throws(Abandoned) -> ExpressionSyntax {
    var left = try parseUnary()
    while case .punctuation(let sign) = current.kind, let precedence = Self.precedences[sign], precedence > minimum,
      !(inAngles && sign == .shiftRight)
    {
      let location = current.location
      advance()
      let right = try parseBinary(above: precedence, inAngles: inAngles)
      let depth = max(left.depth, right.depth) + 1
      guard depth <= limits.expressionDepth else {
        diagnostics.stop(
          .expressionTooDeep, "expression with more than \(limits.expressionDepth) operators inside one another", at: location)
        throw Abandoned()
      }
      left = ExpressionSyntax(kind: .binary(sign, left, right), location: location, start: left.start, depth: depth)
    }
    return left
  }

  private func parseUnary() throws(Abandoned) -> ExpressionSyntax {
    let location = current.location
    for sign in [Punctuation.minus, .plus, .tilde] where sees(sign) {
      advance()
      let operand = try nested { () throws(Abandoned) in try parseUnary() }
      return ExpressionSyntax(kind: .unary(sign, operand), location: location, start: location, depth: operand.depth + 1)
    }
    if take(.openParenthesis) {
      let inner = try nested { () throws(Abandoned) in try parseBinary(above: 0, inAngles: false) }
      try expect(.closeParenthesis, "in an expression")
      return inner
    }
    return ExpressionSyntax(kind: try parsePrimary(), location: location, start: location, depth: 0)
  }

  private func parsePrimary() throws(Abandoned) -> ExpressionSyntax.Kind {
    switch current.kind {
    case .integer, .floating, .fixed, .character, .wideCharacter:
      let kind = current.kind
      advance()
      return .literal(kind)
    case .string: return .literal(.string(try parseString("a string literal").text))
    case .wideString(var text):
      advance()
      while case .wideString(let more) = current.kind {
        text += more
        advance()
      }
      return .literal(.wideString(text))
    case .keyword(.true), .keyword(.false):
      let value = sees(.true)
      advance()
      return .boolean(value)
    case .identifier, .punctuation(.scope): return .name(try parseScopedName("the name of a constant"))
    default: throw unexpected("a constant expression")
    }
  }
}
