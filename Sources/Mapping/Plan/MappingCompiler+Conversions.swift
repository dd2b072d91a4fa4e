import CDR

extension MappingCompiler {
  /// How an expression's value becomes one of the field's type, as `as`, `scale` and `round` declare it.
  mutating func conversion(
    _ found: ExpressionType, _ typeCode: TypeCode?, _ target: TypeCode, _ assignment: MappingDefinition.Assignment, _ from: SourceText
  ) -> TargetConversion? {
    guard let rounding = declaredRounding(assignment, target) else { return nil }
    let given = assignment.conversion?.text
    if let conversion = assignment.conversion, !["decimal", "integer", "boolean", "text"].contains(conversion.text) {
      error(
        .attributes, "as=\"\(conversion.text)\" is none of decimal, integer, boolean and text", conversion.place)
      return nil
    }
    if given == nil, rounding == .some(nil), let typeCode, (typeCode.optionalElement ?? typeCode).resolved == target.resolved {
      return .copy
    }
    let kind = ExpressionType.Kind(target)
    switch (kind, given) {
    case (.number, nil) where found.kind == .number, (.number, "decimal"), (.number, "integer"):
      return number(found, target, assignment, from, rounding)
    case (.text, nil) where found.isTextual, (.text, "text"): return scalar(found, from) ? textConversion(target) : nil
    case (.boolean, nil) where found.kind == .boolean, (.boolean, "boolean"): return scalar(found, from) ? .boolean : nil
    case (.enumeration(let type), nil) where found.isTextual: return .enumeration(type)
    default: break
    }
    if let conversion = assignment.conversion {
      error(.type, "as=\"\(conversion.text)\" does not fit the field '\(assignment.field.text)', which is \(target)", conversion.place)
      return nil
    }
    let subject = assignment.table.map { "the value map '\($0.text)' yields" } ?? "'\(from.text)' is"
    error(
      .type, "\(subject) \(found.kind), and the field '\(assignment.field.text)' is \(target)", from.place, hint: hint(kind, found))
    return nil
  }

  private func hint(_ kind: ExpressionType.Kind, _ found: ExpressionType) -> String {
    switch (kind, found.kind) {
    case (.number, .text), (.number, .enumeration): "say how it is converted: as=\"decimal\""
    case (.number, .boolean): "as=\"integer\" gives 1 and 0"
    case (.text, .number), (.text, .boolean): "say how it is converted: as=\"text\""
    case (.boolean, .text), (.boolean, .number): "as=\"boolean\" takes \(TruthWords.list)"
    case (.record, .record): "set its fields one by one: \"…/field\""
    default: ""
    }
  }

  private mutating func scalar(_ found: ExpressionType, _ from: SourceText) -> Bool {
    switch found.kind {
    case .record, .other:
      error(.type, "'\(from.text)' is \(found.kind), which cannot be converted", from.place)
      return false
    default: return true
    }
  }

  private mutating func number(
    _ found: ExpressionType, _ target: TypeCode, _ assignment: MappingDefinition.Assignment, _ from: SourceText,
    _ rounding: TargetConversion.DeclaredRounding??
  ) -> TargetConversion? {
    guard scalar(found, from), let number = NumberTarget(target) else { return nil }
    var declared = rounding ?? nil
    if assignment.conversion?.text == "integer", declared == nil { declared = .init(scale: 0, mode: .exact) }
    return .number(number, rounding: declared)
  }

  /// Nil where the attributes are wrong, `.some(nil)` where nothing is declared.
  private mutating func declaredRounding(
    _ assignment: MappingDefinition.Assignment, _ target: TypeCode
  ) -> TargetConversion.DeclaredRounding?? {
    guard let first = assignment.scale ?? assignment.round else { return .some(nil) }
    guard let number = NumberTarget(target) else {
      error(.attributes, "scale= and round= go with numbers; the field '\(assignment.field.text)' is \(target)", first.place)
      return nil
    }
    var greatest = DecimalNumber.maximumScale
    switch number {
    case .fixed(_, let scale, _): greatest = scale
    case .integer: greatest = 0
    case .double, .float: break
    }
    var mode = DecimalNumber.Rounding.exact
    if let round = assignment.round {
      guard let found = DecimalNumber.Rounding(rawValue: round.text) else {
        error(
          .literal, "'\(round.text)' is no rounding", round.place,
          hint: NameSuggestion.hint(for: round.text, among: DecimalNumber.Rounding.allCases.map(\.rawValue)))
        return nil
      }
      mode = found
    }
    guard let text = assignment.scale else { return .some(.init(scale: greatest, mode: mode)) }
    guard let scale = Int(text.text), (0...greatest).contains(scale) else {
      error(
        .literal, "scale=\"\(text.text)\" is no number from 0 to \(greatest), which is what the field '\(assignment.field.text)' holds",
        text.place)
      return nil
    }
    return .some(.init(scale: scale, mode: mode))
  }

  func textConversion(_ type: TypeCode) -> TargetConversion {
    switch type.resolved {
    case .string(let bound): .text(bound: bound == 0 ? nil : Int(bound), isWide: false)
    case .wstring(let bound): .text(bound: bound == 0 ? nil : Int(bound), isWide: true)
    default: .character
    }
  }
}

/// A path that a condition reads.
struct ReadPath {
  let text: String
  let plan: Expression
  /// From the root; nil for paths with lists or predicates.
  let slots: [Int]?
  let isSingle: Bool
  let offset: Int
}

extension ExpressionChecker {
  /// The paths of an expression that was found right, those inside predicates left out.
  static func paths(in source: String, _ context: ExpressionContext) -> [ReadPath] {
    guard let syntax = try? Parser.parse(source) else { return [] }
    var ranges: [(Range<Int>, PathSyntax)] = []
    func collect(_ syntax: Syntax) {
      switch syntax.node {
      case .path(let path): ranges.append((syntax.range, path))
      case .text, .number: break
      case .negation(let operand): collect(operand)
      case .binary(_, let left, let right):
        collect(left)
        collect(right)
      case .call(_, let arguments): for argument in arguments { collect(argument) }
      }
    }
    collect(syntax)
    return ranges.compactMap { range, path in
      var checker = ExpressionChecker(source: source)
      guard let found = checker.path(path, range, context) else { return nil }
      let plan = checker.plan(found)
      let slots: [Int]? =
        switch plan {
        case .field(_, let slot, _): [slot]
        case .descent(_, let slots, _): slots
        default: nil
        }
      var isScalar = found.type.cardinality == .one
      if case .record = found.type.kind { isScalar = false }
      return ReadPath(text: checker.text(range), plan: plan, slots: slots, isSingle: isScalar, offset: range.lowerBound)
    }
  }
}
