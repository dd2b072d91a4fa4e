import CDR

extension MappingCompiler {
  /// Plans a field that takes one value.
  ///
  /// Several `<set>` of one field are alternatives: the first whose `when` holds counts.
  mutating func assigned(
    _ name: String, _ type: TypeCode, _ assignments: [MappingDefinition.Assignment], _ context: ExpressionContext, _ position: [Int],
    _ isElement: Bool
  ) -> AssignedField? {
    var alternatives: [Alternative] = []
    var isComplete = true
    var isClosed = false
    for assignment in assignments {
      if isClosed {
        error(
          .duplicateField, "'\(assignment.field.text)' is set already", assignment.field.place,
          hint: "several <set> of one field need when= on all but the last")
        return nil
      }
      isClosed = assignment.when == nil || assignment.otherwise != nil
      let condition = assignment.when.flatMap { self.condition($0, context) }
      let source = self.source(assignment, type, context, position, isElement)
      let trace = Trace(place: assignment.place, path: assignment.from?.text ?? assignment.value?.text ?? "")
      if let source, assignment.when == nil || condition != nil {
        alternatives.append(Alternative(condition: condition, source: source, trace: trace))
      } else {
        isComplete = false
      }
      if let otherwise = assignment.otherwise {
        if assignment.when == nil {
          error(.attributes, "otherwise= stands without when=", otherwise.place)
          isComplete = false
        } else if let constant = constant(otherwise, type) {
          alternatives.append(Alternative(condition: nil, source: .constant(constant), trace: trace))
        } else {
          isComplete = false
        }
      }
    }
    let isOptional = type.optionalElement != nil
    if !isClosed, !isOptional, let last = assignments.last {
      error(
        .missingField, "'\(last.field.text)' has no value where the condition does not hold", last.when?.place ?? last.place,
        hint: "add otherwise=\"…\", or another <set> of the field without when=")
      return nil
    }
    guard isComplete else { return nil }
    var empty = AssignedField.Empty.problem
    if isOptional {
      empty = .absent
    } else {
      switch type.resolved {
      case .string, .wstring: empty = .emptyText
      default: break
      }
    }
    return AssignedField(name: name, alternatives: alternatives, empty: empty, surroundings: surroundings)
  }

  // Sources

  private mutating func source(
    _ assignment: MappingDefinition.Assignment, _ type: TypeCode, _ context: ExpressionContext, _ position: [Int], _ isElement: Bool
  ) -> ValueSource? {
    guard checkAttributes(assignment, isElement) else { return nil }
    let element = type.optionalElement ?? type
    if let value = assignment.value { return constant(value, type).map(ValueSource.constant) }
    guard let from = assignment.from else { return nil }
    if let table = assignment.table {
      guard let code = code(from, context, "a code"), let lookup = lookup(assignment, table),
        let conversion = conversion(.text, nil, element, assignment, from), let policy = policy(assignment, type)
      else { return nil }
      return .table(code, lookup: lookup, policy, conversion)
    }
    if let idOf = assignment.idOf {
      guard let entity = entity(idOf), let code = code(from, context, "an id"), let conversion = idConversion(element, assignment),
        let policy = policy(assignment, type)
      else { return nil }
      if !isElement { referencePaths.insert(position) }
      return .reference(code, entity: entity, policy, conversion)
    }
    let isCopied = element.listElement != nil || element.innermostRecord != nil
    guard let (plan, found, typeCode) = expression(from, context, isCopied: isCopied) else { return nil }
    if let list = wholeList(plan, found, typeCode, element) { return list }
    if found.cardinality == .several {
      error(
        .severalNodes, "'\(from.text)' may have several nodes where one is needed", from.place,
        hint: type.listElement == nil
          ? "choose one with a predicate such as [1], or use count() or sum()" : "fill the list with a for-each")
      return nil
    }
    return conversion(found, typeCode, element, assignment, from).map { .expression(plan, $0) }
  }

  private mutating func checkAttributes(_ assignment: MappingDefinition.Assignment, _ isElement: Bool) -> Bool {
    let before = diagnostics.count
    let field = assignment.field.text
    switch (assignment.from, assignment.value) {
    case (nil, nil): error(.attributes, "'\(field)' is set from nothing", assignment.place, hint: "it needs from= or value=")
    case (_?, let value?): error(.attributes, "'\(field)' has from= and value=", value.place, hint: "leave one of them out")
    case (nil, _?):
      let others = [assignment.table, assignment.idOf, assignment.conversion, assignment.scale, assignment.round]
      for extra in others.compactMap(\.self) {
        error(.attributes, "value= is a literal: it is neither looked up nor converted", extra.place, hint: "write the result as value=")
      }
    default: break
    }
    if let idOf = assignment.idOf, assignment.table != nil { error(.attributes, "'\(field)' has table= and id-of=", idOf.place) }
    if let idOf = assignment.idOf, let extra = assignment.conversion ?? assignment.scale ?? assignment.round {
      error(.attributes, "an id of \(idOf.text) is not converted", extra.place)
    }
    for column in [assignment.tableFrom, assignment.tableTo].compactMap(\.self) where assignment.table == nil {
      error(.attributes, "a column of a value map is named without table=", column.place)
    }
    for policy in [assignment.unmapped, assignment.defaultValue].compactMap(\.self) where assignment.table == nil && assignment.idOf == nil
    {
      error(
        .attributes, "there is nothing that could be unmapped", policy.place, hint: "unmapped= and default= go with table= or id-of=")
    }
    if let unmapped = assignment.unmapped {
      let all = ["fail", "hold", "pass", "keep", "drop-line"]
      if assignment.defaultValue != nil {
        error(.attributes, "unmapped= and default= exclude each other", unmapped.place)
      } else if !all.contains(unmapped.text) {
        error(
          .attributes, "unmapped=\"\(unmapped.text)\" is no policy", unmapped.place,
          hint: NameSuggestion.hint(for: unmapped.text, among: all))
      } else if unmapped.text == "drop-line", !isElement {
        error(.attributes, "unmapped=\"drop-line\" stands outside a for-each", unmapped.place)
      } else if unmapped.text == "keep", isElement {
        error(.attributes, "unmapped=\"keep\" stands in a for-each, whose lines are written as a whole", unmapped.place)
      }
    }
    return diagnostics.count == before
  }

  private mutating func policy(_ assignment: MappingDefinition.Assignment, _ type: TypeCode) -> UnmappedPolicy? {
    if let value = assignment.defaultValue { return constant(value, type).map(UnmappedPolicy.byDefault) }
    switch assignment.unmapped?.text {
    case "hold": return .hold
    case "pass": return .pass
    case "keep": return .keep
    case "drop-line": return .dropLine
    default: return .fail
    }
  }

  /// A path to a list, or to all of its elements, that a list of the same elements takes whole.
  private func wholeList(_ plan: Expression, _ found: ExpressionType, _ typeCode: TypeCode?, _ target: TypeCode) -> ValueSource? {
    guard case .path(let path) = plan, let typeCode, case .sequence(let element, let bound) = target.resolved,
      let given = typeCode.listElement, given.resolved == element.resolved
    else { return nil }
    return .nodes(path, bound: bound == 0 ? nil : Int(bound))
  }

  private mutating func idConversion(_ type: TypeCode, _ assignment: MappingDefinition.Assignment) -> TargetConversion? {
    switch ExpressionType.Kind(type) {
    case .text: return textConversion(type)
    case .number: return NumberTarget(type).map { .number($0, rounding: nil) }
    default:
      error(.type, "'\(assignment.field.text)' is \(type), which cannot take an id", assignment.field.place)
      return nil
    }
  }

  /// The value that a literal denotes in a field.
  mutating func constant(_ literal: SourceText, _ type: TypeCode) -> Value? {
    let element = type.optionalElement ?? type
    if literal.text.isEmpty, type.optionalElement != nil { return .absent }
    let conversion: TargetConversion?
    switch ExpressionType.Kind(element) {
    case .text: conversion = textConversion(element)
    case .number: conversion = NumberTarget(element).map { .number($0, rounding: nil) }
    case .boolean: conversion = .boolean
    case .enumeration(let type): conversion = .enumeration(type)
    case .record, .other: conversion = nil
    }
    guard let conversion else {
      error(.type, "a field of type \(element) has no literals", literal.place)
      return nil
    }
    do {
      return try conversion.convert(.text(literal.text))
    } catch {
      let hint = error.code == .notAnEnumerator ? error.hint : ""
      self.error(.literal, error.message, literal.place, hint: hint)
      return nil
    }
  }
}
