/// Uses of types.
extension Analyzer {
  /// What makes a type incomplete.
  struct Incompleteness {
    let structure: DeclarationID
    /// Whether a sequence stands between.
    let isInSequence: Bool
  }

  /// Where a type is used, which decides whether it may be incomplete.
  enum TypeUse {
    case member, alias, element, operation
  }

  /// Gives a written type its meaning; nil after an error.
  func resolve(_ syntax: TypeSyntax, for use: TypeUse) -> TypeExpression? {
    guard let type = resolveWithoutCompleteness(syntax) else { return nil }
    return isUsable(type, for: use, at: syntax.location) ? type : nil
  }

  private func resolveWithoutCompleteness(_ syntax: TypeSyntax) -> TypeExpression? {
    switch syntax.kind {
    case .basic(let type): return type
    case .string(nil): return .string(bound: nil)
    case .wideString(nil): return .wstring(bound: nil)
    case .string(let bound?): return positive(bound, "the bound of a string").map { .string(bound: $0) }
    case .wideString(let bound?): return positive(bound, "the bound of a wstring").map { .wstring(bound: $0) }
    case .fixed(let digits, let scale): return fixed(digits, scale)
    case .sequence(let element, let bound):
      let type = resolve(element, for: .element)
      guard let bound else { return type.map { .sequence($0, bound: nil) } }
      guard let bound = positive(bound, "the bound of a sequence"), let type else { return nil }
      return .sequence(type, bound: bound)
    case .named(let name): return resolveNamedType(name)
    case .constructed(let constructed): return analyze(constructed).map { .named($0) }
    case .fixedWithoutDigits, .invalid: return nil
    }
  }

  private func resolveNamedType(_ name: ScopedNameSyntax) -> TypeExpression? {
    if isTypeCode(name) { return .typeCode }
    guard let meaning = resolve(name) else { return nil }
    if case .declaration(let id) = meaning {
      switch declarations[id.index].kind {
      case .alias, .structure, .enumeration, .interface: return .named(id)
      default: break
      }
    }
    diagnostics.error(
      .notAType, "'\(name.text)' is \(describe(meaning)), not a type", at: name.location, notes: declarationNote(meaning))
    return nil
  }

  /// `CORBA::TypeCode` needs no declaration (OMG CORBA 3.0, 3.15.1 names it with the pseudo-objects).
  private func isTypeCode(_ name: ScopedNameSyntax) -> Bool {
    let parts = name.parts.map(\.text)
    guard root.entries["corba"].map({ $0.spelling == "CORBA" }) ?? true else { return false }
    return parts == ["CORBA", "TypeCode"] || (parts == ["TypeCode"] && !name.isAbsolute && scope.scopedName.first == "CORBA")
  }

  /// Follows aliases.
  func target(of type: TypeExpression) -> TypeExpression {
    guard case .named(let id) = type else { return type }
    return aliasTargets[id] ?? type
  }

  // MARK: Incomplete types

  /// The incomplete struct in a type, if any.
  func incompleteness(of type: TypeExpression) -> Incompleteness? {
    switch type {
    case .named(let id):
      if incomplete[id] != nil { return Incompleteness(structure: id, isInSequence: false) }
      guard let alias = incompleteAliases[id], incomplete[alias.structure] != nil else { return nil }
      return alias
    case .sequence(let element, _):
      return incompleteness(of: element).map { Incompleteness(structure: $0.structure, isInSequence: true) }
    case .array(let element, _): return incompleteness(of: element)
    default: return nil
    }
  }

  /// Checks the rules for recursive and forward-declared structs (OMG CORBA 3.0, 3.11.2.3).
  private func isUsable(_ type: TypeExpression, for use: TypeUse, at location: SourceLocation) -> Bool {
    guard use != .element, let problem = incompleteness(of: type) else { return true }
    let isOpen = open.contains(problem.structure)
    if problem.isInSequence, use == .alias || (use == .member && isOpen) { return true }
    let structure = declarations[problem.structure.index]
    let notes: [Diagnostic.Note] = [.init("'\(structure.name)' is declared here", at: structure.location)]
    if isOpen, use == .member {
      diagnostics.error(
        .recursiveStructure, "struct '\(structure.name)' cannot contain itself except in a sequence", at: location, notes: notes)
    } else {
      diagnostics.error(.incompleteType, "struct '\(structure.name)' is used before it is defined", at: location, notes: notes)
    }
    return false
  }

  // MARK: Bounds

  /// Evaluates a bound.
  func positive(_ expression: ExpressionSyntax, _ what: String) -> UInt32? {
    guard case .integer(let value)? = evaluate(expression, as: .bound) else { return nil }
    guard value >= 1, let bound = UInt32(exactly: value) else {
      diagnostics.error(.badBound, "\(what) must be 1 to 4294967295, not \(value)", at: expression.start)
      return nil
    }
    return bound
  }

  private func fixed(_ digits: ExpressionSyntax, _ scale: ExpressionSyntax) -> TypeExpression? {
    guard case .integer(let digitCount)? = evaluate(digits, as: .bound), case .integer(let scaleCount)? = evaluate(scale, as: .bound)
    else { return nil }
    guard (1...31).contains(digitCount) else {
      diagnostics.error(.badFixed, "'fixed' has 1 to 31 digits, not \(digitCount)", at: digits.start)
      return nil
    }
    guard (0...digitCount).contains(scaleCount) else {
      diagnostics.error(.badFixed, "the scale of 'fixed' is 0 to its digits, \(digitCount), not \(scaleCount)", at: scale.start)
      return nil
    }
    return .fixed(digits: Int(digitCount), scale: Int(scaleCount))
  }

  /// Adds the dimensions of a declarator to a type.
  func array(of type: TypeExpression, _ declarator: DeclaratorSyntax) -> TypeExpression? {
    guard !declarator.dimensions.isEmpty else { return type }
    let dimensions = declarator.dimensions.map { positive($0, "the size of an array") }
    guard !dimensions.contains(nil) else { return nil }
    var elements: UInt64 = 1
    for dimension in dimensions.compactMap({ $0 }) {
      elements *= UInt64(dimension)
      guard elements <= UInt64(Int32.max) else {
        diagnostics.error(.arrayTooLarge, "array '\(declarator.name.text)' has more than 2147483647 elements", at: declarator.name.location)
        return nil
      }
    }
    return .array(type, dimensions: dimensions.compactMap { $0 })
  }
}
