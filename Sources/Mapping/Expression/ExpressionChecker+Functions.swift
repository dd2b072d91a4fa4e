import CDR

extension ExpressionChecker {
  mutating func call(_ name: String, _ arguments: [Syntax], _ context: ExpressionContext, _ range: Range<Int>) -> Checked? {
    guard let description = FunctionDescription.named(name) else {
      fault(
        .unknownFunction, "there is no function '\(name)'", range,
        hint: NameSuggestion.hint(for: name, among: FunctionDescription.all.map(\.name)))
      return nil
    }
    guard description.arity.contains(arguments.count) else {
      let given = arguments.count == 1 ? "1 argument" : "\(arguments.count) arguments"
      fault(.arguments, "\(name)() is given \(given)", range, hint: "it is written \(description.signature)")
      return nil
    }
    switch name {
    case "true": return (.constant(.boolean(true)), .boolean)
    case "false": return (.constant(.boolean(false)), .boolean)
    case "now-of-document": return (.documentTime, .number)
    case "position":
      guard context.hasPosition else {
        fault(.arguments, "position() stands outside a for-each and a predicate", range)
        return nil
      }
      return (.position(frame: context.scope.frame), .number)
    case "not":
      return boolean(arguments[0], context).flatMap { folded(.not($0), .boolean, [$0], range) }
    case "if": return conditional(arguments, context, range)
    case "coalesce": return coalesce(arguments, context, range)
    case "count": return nodes(arguments[0], name, context).map { (.count($0.plan), .number) }
    case "sum": return sum(arguments[0], context)
    case "boolean":
      return text(arguments[0], context).flatMap { folded(.truth($0), .boolean, [$0], range) }
    case "decimal", "round", "div": return numeric(name, arguments, context, range)
    case "date", "time", "time-text": return calendar(name, arguments, context, range)
    default: return textual(name, arguments, context, range)
    }
  }

  // Functions of texts

  private static let textual: [String: (Function, ExpressionType)] = [
    "concat": (.concat, .text), "substring": (.substring, .text), "substring-before": (.substringBefore, .text),
    "substring-after": (.substringAfter, .text), "normalize-space": (.normalizeSpace, .text), "translate": (.translate, .text),
    "upper": (.upper, .text), "lower": (.lower, .text), "replace": (.replace, .text), "starts-with": (.startsWith, .boolean),
    "contains": (.contains, .boolean), "string-length": (.stringLength, .number), "string": (.string, .text),
  ]

  private mutating func textual(
    _ name: String, _ arguments: [Syntax], _ context: ExpressionContext, _ range: Range<Int>
  ) -> Checked? {
    guard let (function, result) = Self.textual[name] else { return nil }
    var plans: [Expression] = []
    for (number, argument) in arguments.enumerated() {
      let plan: Expression? =
        switch function {
        case .string: scalar(argument, context)?.plan
        case .substring where number > 0: self.number(argument, context)
        default: text(argument, context)
        }
      if let plan { plans.append(plan) }
    }
    guard plans.count == arguments.count else { return nil }
    if function == .replace, plans[1].constantValue?.isEmpty == true {
      fault(.arguments, "replace() has no text to look for", arguments[1].range)
      return nil
    }
    return folded(.call(function, plans), result, plans, range)
  }

  /// A single value that has a text form.
  private mutating func scalar(_ syntax: Syntax, _ context: ExpressionContext) -> Checked? {
    guard let checked = single(syntax, context) else { return nil }
    switch checked.type.kind {
    case .record, .other:
      fault(.type, "'\(text(syntax.range))' is \(checked.type.kind), where a single value is needed", syntax.range)
      return nil
    default: return checked
    }
  }

  // Choices

  private mutating func conditional(_ arguments: [Syntax], _ context: ExpressionContext, _ range: Range<Int>) -> Checked? {
    let condition = boolean(arguments[0], context)
    let branches = (scalar(arguments[1], context), scalar(arguments[2], context))
    guard let condition, case (let yes?, let no?) = branches else { return nil }
    guard let type = common([yes.type, no.type], range, of: "if") else { return nil }
    if case .boolean(let flag)? = condition.constantValue { return flag ? yes : no }
    return (.conditional(condition, yes.plan, no.plan), type)
  }

  private mutating func coalesce(_ arguments: [Syntax], _ context: ExpressionContext, _ range: Range<Int>) -> Checked? {
    let checked = arguments.compactMap { scalar($0, context) }
    guard checked.count == arguments.count, var type = common(checked.map(\.type), range, of: "coalesce") else { return nil }
    type.mayBeEmpty = checked.allSatisfy { $0.type.mayBeEmpty }
    return folded(.coalesce(checked.map(\.plan)), type, checked.map(\.plan), range)
  }

  /// The kind that all have; enumerators and text are text together.
  private mutating func common(_ types: [ExpressionType], _ range: Range<Int>, of function: String) -> ExpressionType? {
    var result = types[0]
    for type in types.dropFirst() where type.kind != result.kind {
      guard type.isTextual, result.isTextual else {
        fault(.type, "\(function)() is given \(result.kind) and \(type.kind); all its results are of one kind", range)
        return nil
      }
      result.kind = .text
    }
    result.mayBeEmpty = types.contains { $0.mayBeEmpty }
    result.cardinality = .one
    return result
  }

  // Functions of nodes

  private mutating func nodes(_ syntax: Syntax, _ function: String, _ context: ExpressionContext) -> CheckedPath? {
    guard case .path(let path) = syntax.node else {
      fault(.arguments, "\(function)() takes a path", syntax.range)
      return nil
    }
    return self.path(path, syntax.range, context)
  }

  private mutating func sum(_ syntax: Syntax, _ context: ExpressionContext) -> Checked? {
    guard let path = nodes(syntax, "sum", context)?.toValue else { return nil }
    guard path.type.kind == .number || path.type.kind == .text else {
      fault(.type, "'\(text(syntax.range))' is \(path.type.kind), where numbers are needed", syntax.range)
      return nil
    }
    return (.sum(path.plan), .number)
  }

  // Functions of numbers

  private mutating func numeric(
    _ name: String, _ arguments: [Syntax], _ context: ExpressionContext, _ range: Range<Int>
  ) -> Checked? {
    switch name {
    case "decimal":
      guard let (plan, type) = single(arguments[0], context) else { return nil }
      guard type.kind == .text || type.kind == .number else {
        fault(.type, "'\(text(arguments[0].range))' is \(type.kind), where text or a number is needed", arguments[0].range)
        return nil
      }
      var marks = DecimalMarks.plain
      if arguments.count > 1 {
        guard let mark = self.mark(arguments[1]) else { return nil }
        marks.decimal = mark
      }
      if arguments.count > 2 {
        guard let mark = self.mark(arguments[2]) else { return nil }
        if DecimalMarks.isSame(mark, marks.decimal) {
          fault(.literal, "the decimal mark and the mark between groups are the same", arguments[2].range)
          return nil
        }
        marks.group = mark
      }
      return folded(.decimal(plan, marks), .number, [plan], range)
    case "round":
      let operand = number(arguments[0], context)
      let form = (scale(arguments[1]), rounding(arguments[2]))
      guard let operand, case (let scale?, let mode?) = form else { return nil }
      return folded(.round(operand, scale: scale, mode), .number, [operand], range)
    default:
      let operands = (number(arguments[0], context), number(arguments[1], context))
      let form = (scale(arguments[2]), rounding(arguments[3]))
      guard case (let dividend?, let divisor?) = operands, case (let scale?, let mode?) = form else { return nil }
      return folded(.quotient(dividend, divisor, scale: scale, mode), .number, [dividend, divisor], range)
    }
  }

  private mutating func literal(_ syntax: Syntax, _ what: String) -> String? {
    guard case .text(let text) = syntax.node else {
      fault(.arguments, "'\(self.text(syntax.range))' stands where \(what) is written as a literal", syntax.range)
      return nil
    }
    return text
  }

  private mutating func mark(_ syntax: Syntax) -> Unicode.Scalar? {
    guard let text = literal(syntax, "a decimal or grouping mark") else { return nil }
    guard let mark = text.unicodeScalars.first, text.unicodeScalars.count == 1, !("0"..."9").contains(mark), mark != "-", mark != "+" else {
      fault(.literal, "'\(text)' is no mark; a mark is one character, and neither digit nor sign", syntax.range)
      return nil
    }
    return mark
  }

  private mutating func scale(_ syntax: Syntax) -> Int? {
    if case .number(let number) = syntax.node, number.scale == 0, (0...Int128(DecimalNumber.maximumScale)).contains(number.unscaled) {
      return Int(number.unscaled)
    }
    fault(
      .arguments, "'\(text(syntax.range))' is no scale; a scale is a number from 0 to \(DecimalNumber.maximumScale)", syntax.range)
    return nil
  }

  private mutating func rounding(_ syntax: Syntax) -> DecimalNumber.Rounding? {
    guard let text = literal(syntax, "a rounding") else { return nil }
    if let rounding = DecimalNumber.Rounding(rawValue: text) { return rounding }
    let all = DecimalNumber.Rounding.allCases.map(\.rawValue)
    fault(.literal, "'\(text)' is no rounding", syntax.range, hint: NameSuggestion.hint(for: text, among: all))
    return nil
  }

  // Functions of dates and times

  private mutating func calendar(
    _ name: String, _ arguments: [Syntax], _ context: ExpressionContext, _ range: Range<Int>
  ) -> Checked? {
    let operand = name == "time-text" ? number(arguments[0], context) : text(arguments[0], context)
    let forms = dateForms(arguments[1])
    guard name != "date" else {
      let target = arguments.count > 2 ? dateFormat(arguments[2], dateForms(arguments[2])) : .iso
      guard let operand, let format = forms, let target else { return nil }
      var type = ExpressionType.text
      type.mayBeEmpty = true
      return folded(.date(operand, from: format, to: target), type, [operand], range)
    }
    var offset: Int64? = 0
    if arguments.count > 2 {
      guard let zone = literal(arguments[2], "a zone") else { return nil }
      offset = DateFormat.offset(zone)
      if offset == nil { fault(.literal, "'\(zone)' is no zone; a zone is written +08:00 or Z", arguments[2].range) }
    }
    guard let operand, let forms, let offset else { return nil }
    if name == "time" { return folded(.time(operand, forms, offset: offset), .number, [operand], range) }
    guard let format = dateFormat(arguments[1], forms) else { return nil }
    return folded(.timeText(operand, format, offset: offset), .text, [operand], range)
  }

  /// The one form in which a date is written.
  private mutating func dateFormat(_ syntax: Syntax, _ forms: DateForms?) -> DateFormat? {
    guard let forms else { return nil }
    if forms.forms.count == 1 { return forms.forms[0] }
    fault(.literal, "a date is written in one form", syntax.range, hint: "'|' and '[…]' are for what is read")
    return nil
  }

  private mutating func dateForms(_ syntax: Syntax) -> DateForms? {
    guard let pattern = literal(syntax, "a date format") else { return nil }
    switch DateForms.reading(pattern) {
    case .success(let forms): return forms
    case .failure(let fault):
      self.fault(fault.code, fault.message, syntax.range, hint: fault.hint)
      return nil
    }
  }
}
