/// Constant expressions (OMG CORBA 3.0, 3.10.2).
extension Analyzer {
  /// Gives the type of a constant and the kind of value that it needs; for `fixed` without digits the widest type.
  func constantType(_ syntax: TypeSyntax) -> (TypeExpression, ConstantTarget)? {
    if case .fixedWithoutDigits = syntax.kind { return (.fixed(digits: 31, scale: 31), .anyFixed) }
    guard let type = resolve(syntax, for: .operation) else { return nil }
    let target = target(of: type)
    if case .named(let id) = target, case .enumeration = declarations[id.index].kind {
      return (type, .enumeration(id, name: declarations[id.index].name))
    }
    if let target = ConstantTarget(target) { return (type, target) }
    diagnostics.error(
      .badConstantType, "a constant cannot have this type", at: syntax.location,
      hint: "constants are numbers, characters, booleans, strings or enumerators")
    return nil
  }

  /// Evaluates an expression and checks that the value is in the range of the target; nil after an error.
  func evaluate(_ expression: ExpressionSyntax, as target: ConstantTarget) -> ConstantValue? {
    guard let value = value(of: expression, target) else { return nil }
    switch (value, target) {
    case (.integer(let number), .integer(let name, let range, _)):
      guard range.contains(number) else {
        diagnostics.error(
          .outOfRange, "value \(number) is not in the range of \(name), \(range.lowerBound) to \(range.upperBound)", at: expression.start
        )
        return nil
      }
    case (.floating(let number), .floating(isSingle: true)):
      guard Float(number).isFinite else {
        diagnostics.error(.outOfRange, "value \(number) is not in the range of float", at: expression.start)
        return nil
      }
      return .floating(Double(Float(number)))
    case (.fixed(let number), .fixed(let digits, let scale)): return fit(number, digits, scale, at: expression.start)
    case (.string(let text), .string(let bound?)): return fits(text.utf8.count, bound, expression) ? value : nil
    case (.wideString(let text), .wideString(let bound?)): return fits(text.utf16.count, bound, expression) ? value : nil
    default: break
    }
    return value
  }

  private func fits(_ length: Int, _ bound: UInt32, _ expression: ExpressionSyntax) -> Bool {
    if length <= bound { return true }
    diagnostics.error(.stringTooLong, "string of length \(length) is longer than its bound \(bound)", at: expression.start)
    return false
  }

  private func fit(_ number: DecimalValue, _ digits: Int, _ scale: Int, at location: SourceLocation) -> ConstantValue? {
    let shorter = number.truncated(toScale: scale)
    guard shorter.coefficient.magnitude < DecimalValue.power(digits - scale + shorter.scale) else {
      diagnostics.error(.outOfRange, "value \(number) does not fit fixed<\(digits),\(scale)>", at: location)
      return nil
    }
    if shorter != number {
      diagnostics.warning(.fixedTruncated, "value \(number) is cut to \(shorter) to fit fixed<\(digits),\(scale)>", at: location)
    }
    return .fixed(shorter)
  }

  // MARK: Values

  private func value(of expression: ExpressionSyntax, _ target: ConstantTarget) -> ConstantValue? {
    switch expression.kind {
    case .boolean(let value): return accept(.boolean(value), target, at: expression.location)
    case .literal(let literal): return Self.value(of: literal).flatMap { accept($0, target, at: expression.location) }
    case .name(let name): return value(of: name, target)
    case .unary(let sign, let operand):
      guard let value = value(of: operand, target) else { return nil }
      return apply(sign, value, target, at: expression.location)
    case .binary(let sign, let left, let right):
      let (first, second) = (value(of: left, target), value(of: right, target))
      guard let first, let second else { return nil }
      return apply(sign, first, second, target, at: expression.location)
    }
  }

  private static func value(of literal: Token.Kind) -> ConstantValue? {
    switch literal {
    case .integer(let value): .integer(value)
    case .floating(let value): .floating(value)
    case .fixed(let value): .fixed(value)
    case .character(let value): .character(value)
    case .wideCharacter(let value): .wideCharacter(value)
    case .string(let value): .string(value)
    case .wideString(let value): .wideString(value)
    default: nil
    }
  }

  private func value(of name: ScopedNameSyntax, _ target: ConstantTarget) -> ConstantValue? {
    guard let meaning = resolve(name) else { return nil }
    switch meaning {
    case .enumerator(let id, let index): return accept(.enumerator(id, index: index), target, at: name.location)
    case .declaration(let id):
      guard case .constant(let constant) = declarations[id.index].kind else { break }
      return accept(constant.value, target, at: name.location)
    default: break
    }
    diagnostics.error(
      .notAConstant, "'\(name.text)' is \(describe(meaning)), not a constant", at: name.location, notes: declarationNote(meaning))
    return nil
  }

  /// Checks that a value is of the kind that the target needs; kinds never mix.
  private func accept(_ value: ConstantValue, _ target: ConstantTarget, at location: SourceLocation) -> ConstantValue? {
    switch (value, target) {
    case (.integer, .integer), (.floating, .floating), (.fixed, .fixed), (.fixed, .anyFixed), (.boolean, .boolean),
      (.character, .character), (.wideCharacter, .wideCharacter), (.string, .string), (.wideString, .wideString):
      return value
    case (.enumerator(let own, let index), .enumeration(let wanted, let name)):
      if own == wanted { return value }
      guard case .enumeration(let content) = declarations[own.index].kind else { return nil }
      diagnostics.error(
        .foreignEnumerator, "'\(content.enumerators[index].name)' belongs to enum '\(declarations[own.index].name)', not to '\(name)'",
        at: location)
      return nil
    default: break
    }
    var notes: [Diagnostic.Note] = []
    switch (value, target) {
    case (.integer(let number), .floating): notes = [.init("write '\(number).0'")]
    case (.integer(let number), .fixed), (.integer(let number), .anyFixed): notes = [.init("write '\(number)d'")]
    case (.string, .wideString), (.character, .wideCharacter): notes = [.init("write a leading L")]
    default: break
    }
    diagnostics.error(.typeMismatch, "\(value.kindName) cannot be a value of \(target.name)", at: location, notes: notes)
    return nil
  }
}
