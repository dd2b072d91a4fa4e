import CDR
import Identity

/// Checks a definition and makes its plan; collects everything that is wrong.
struct MappingCompiler {
  let definition: MappingDefinition
  let types: DialectRegistry
  let valueMaps: ValueMapSet?
  var diagnostics: [MappingDiagnostic] = []
  private(set) var lookups: [TableLookup] = []

  // Of the emit that is being checked
  var sourceDialect = ""
  var targetDialect = ""
  var writes: [FieldWrite] = []
  /// Slots, from the root of the target, of fields that take ids of other things.
  var referencePaths: Set<[Int]> = []
  /// Whether fields of which the document says nothing stay as they are.
  var keepsAbsent = false
  var taking = Taking.changes
  /// The slot of the source in which it tells what stands around its items.
  private(set) var surroundings: Int?
  /// By type: the fields that unknown names probably meant.
  var misspelt: [String: Set<String>] = [:]

  init(definition: MappingDefinition, types: DialectRegistry, valueMaps: ValueMapSet?) {
    self.definition = definition
    self.types = types
    self.valueMaps = valueMaps
  }

  /// Nil where nothing can be said beyond the diagnostics.
  mutating func compile() -> MappingPlan? {
    guard let source = type(definition.from) else {
      // The targets' names can be checked all the same.
      for emit in definition.emits { _ = type(emit.to) }
      return nil
    }
    sourceDialect = DialectRegistry.parts(definition.from.text).dialect
    surroundings = source.fields.firstIndex { $0.name == "envelope" }
    if definition.emits.isEmpty {
      error(.attributes, "the mapping emits nothing", definition.place, hint: "it needs an <emit to=\"…\">")
    }
    let emits = definition.emits.compactMap { emit($0, source) }
    warnOfSubject()
    return MappingPlan(
      name: definition.name.text, sourceTypeName: definition.from.text, sourceType: source,
      system: definition.system?.text, systemType: definition.systemType?.text, targetTypeNames: definition.emits.map(\.to.text),
      contentHash: definition.contentHash, place: definition.place, everything: everything(emits), emits: emits,
      lookups: lookups)
  }

  // Diagnostics

  mutating func error(_ code: MappingDiagnostic.Code, _ message: String, _ place: SourcePlace, hint: String = "") {
    diagnostics.append(MappingDiagnostic(code, message, at: place, hint: hint))
  }

  mutating func report(_ faults: ExpressionFaults, in text: SourceText) {
    for fault in faults.list { error(fault.code, fault.message, text.place(utf8Offset: fault.offset), hint: fault.hint) }
  }

  private mutating func type(_ name: SourceText) -> RecordType? {
    if let type = types.type(named: name.text) { return type }
    error(
      .unknownType, "there is no type '\(name.text)'", name.place, hint: NameSuggestion.hint(for: name.text, among: types.typeNames))
    return nil
  }

  // Expressions

  /// - Parameter isCopied: Whether a path may lead to a record, to be copied as a whole.
  mutating func expression(
    _ text: SourceText, _ context: ExpressionContext, isCopied: Bool = false
  ) -> (plan: Expression, type: ExpressionType, typeCode: TypeCode?)? {
    switch ExpressionChecker.check(text.text, in: context, isCopied: isCopied) {
    case .success(let checked): return checked
    case .failure(let faults):
      report(faults, in: text)
      return nil
    }
  }

  mutating func condition(_ text: SourceText, _ context: ExpressionContext) -> Expression? {
    guard let (plan, type, _) = expression(text, context) else { return nil }
    if type.kind == .boolean, type.cardinality != .several { return plan }
    error(
      .type, "'\(text.text)' is \(type.kind), where a condition is needed", text.place,
      hint: type.isTextual ? "compare it: \(text.text) != ''" : "compare it, or ask whether there is one: count(\(text.text)) > 0")
    return nil
  }

  /// A single value that ids and codes can be made of.
  mutating func code(_ text: SourceText, _ context: ExpressionContext, _ what: String) -> Expression? {
    guard let (plan, type, _) = expression(text, context) else { return nil }
    if type.cardinality == .several {
      error(
        .severalNodes, "'\(text.text)' may have several nodes where one is needed", text.place,
        hint: "choose one with a predicate such as [1]")
      return nil
    }
    switch type.kind {
    case .text, .enumeration, .number, .boolean: return plan
    case .record, .other:
      error(.type, "'\(text.text)' is \(type.kind), which cannot be \(what)", text.place)
      return nil
    }
  }

  // Emits

  private mutating func emit(_ emit: MappingDefinition.Emit, _ source: RecordType) -> EmitPlan? {
    var context = ExpressionContext.document(source)
    writes = []
    referencePaths = []
    misspelt = [:]
    var nodes: PathPlan?
    if let path = emit.forEach {
      guard let found = self.nodes(path, context) else { return nil }
      context = context.inside(found)
      context.hasPosition = !found.plan.steps.isEmpty
      nodes = found.plan
    }
    let when = emit.when.flatMap { condition($0, context) }
    guard let target = type(emit.to) else { return nil }
    targetDialect = DialectRegistry.parts(emit.to.text).dialect
    keepsAbsent = keeps(emit)
    taking = self.taking(emit)
    guard let identity = emit.identity else {
      error(
        .missingIdentity, "the emit of \(target.name) does not say whose id the item bears", emit.place,
        hint: "it needs an <identity entity=\"…\" from=\"…\"/>")
      return nil
    }
    let entity = self.entity(identity.entity)
    let sourceID = code(identity.from, context, "an id")
    let matches = identity.matches.compactMap { match($0, of: identity.entity.text, target, context) }
    let proposals = identity.proposals.compactMap { key($0, target, context) }
    let own = identity.field.flatMap { ownID($0, target) }
    let record = self.record(target, emit.instructions, ownID: own, context, emit.place)
    let requirements = emit.requirements.compactMap { requirement($0, target) }
    guard let entity, let sourceID, let record else { return nil }
    return EmitPlan(
      typeName: emit.to.text, nodes: nodes, when: when, isSubject: isTrue(emit.subject), entity: entity, sourceID: sourceID,
      identityTrace: Trace(place: identity.place, path: identity.from.text), ownIDPath: own.map(SlotPath.init), matches: matches,
      proposals: proposals, record: record, requirements: requirements, writes: writes, keepsAbsent: keepsAbsent, taking: taking,
      place: emit.place)
  }

  private mutating func keeps(_ emit: MappingDefinition.Emit) -> Bool {
    guard let absent = emit.absent else { return false }
    if !["keep", "clear"].contains(absent.text) {
      error(.attributes, "absent=\"\(absent.text)\" is neither keep nor clear", absent.place)
    } else if absent.text == "keep", !targetDialect.isEmpty {
      error(
        .attributes, "absent=\"keep\" stands in an emit of \(emit.to.text), of which nothing is kept here", absent.place,
        hint: "only objects of the CRM core are kept; leave it out")
    }
    return absent.text == "keep"
  }

  private func isTrue(_ flag: SourceText?) -> Bool { ["true", "1"].contains(flag?.text ?? "") }

  /// Tells of an item whose messages might be named after different things.
  private mutating func warnOfSubject() {
    guard let last = definition.emits.last, definition.emits.count > 1, !definition.emits.contains(where: { isTrue($0.subject) }),
      last.when != nil || last.forEach != nil, Set(definition.emits.compactMap { $0.identity?.entity.text }).count > 1
    else { return }
    diagnostics.append(
      MappingDiagnostic(
        .attributes, "the item is about the last record that is emitted, and this emit does not always make one", at: last.place,
        hint: "say with subject=\"true\" on an emit what the item is about", severity: .warning))
  }

  /// A path over which something is repeated.
  mutating func nodes(_ path: SourceText, _ context: ExpressionContext) -> CheckedPath? {
    switch ExpressionChecker.checkNodes(path.text, in: context) {
    case .success(let found): return found
    case .failure(let faults):
      report(faults, in: path)
      return nil
    }
  }

  mutating func entity(_ name: SourceText) -> String? {
    if types.entities.isEmpty || types.entities.contains(name.text) { return name.text }
    error(
      .unknownEntity, "there is no entity '\(name.text)'", name.place,
      hint: NameSuggestion.hint(for: name.text, among: types.entities.sorted()))
    return nil
  }

  /// A key by which a thing is recognised; a field that nothing is recognised by would do nothing without a word.
  private mutating func match(
    _ key: MappingDefinition.Key, of entity: String, _ target: RecordType, _ context: ExpressionContext
  ) -> EmitPlan.Key? {
    let plan = self.key(key, target, context)
    guard plan != nil, let known = types.matchFields[entity], !known.contains(key.field.text) else { return plan }
    let hint =
      known.isEmpty
      ? "\(entity) is known by its ids alone; leave <match> out"
      : "\(entity) is recognised by \(known.joined(separator: ", ")) alone; match that, or leave <match> out"
    error(.unmatchedField, "nothing is recognised by the field '\(key.field.text)' of \(entity)", key.field.place, hint: hint)
    return nil
  }

  private mutating func key(_ key: MappingDefinition.Key, _ target: RecordType, _ context: ExpressionContext) -> EmitPlan.Key? {
    let field = resolve(key.field, in: target)
    let value = code(key.from, context, "a key")
    guard let value, field != nil else { return nil }
    return EmitPlan.Key(field: key.field.text, value: value, trace: Trace(place: key.from.place, path: key.from.text))
  }

  private mutating func ownID(_ field: SourceText, _ target: RecordType) -> [Int]? {
    guard let (slots, type) = resolve(field, in: target) else { return nil }
    switch ExpressionType.Kind(type.optionalElement ?? type) {
    case .text: return slots
    default:
      error(.type, "'\(field.text)' is \(type), which cannot take an id", field.place)
      return nil
    }
  }

  private mutating func requirement(
    _ requirement: MappingDefinition.Requirement, _ target: RecordType
  ) -> EmitPlan.Requirement? {
    let context = ExpressionContext.document(target)
    let condition = self.condition(requirement.condition, context)
    if !["reject", "hold"].contains(requirement.otherwise.text) {
      error(
        .attributes, "else=\"\(requirement.otherwise.text)\" is neither reject nor hold", requirement.otherwise.place)
    }
    let name = requirement.code.text
    if name.isEmpty || !name.utf8.allSatisfy(Self.isCodeLetter) {
      error(
        .literal, "'\(name)' is no code; a code is written in capital letters, digits and '_'", requirement.code.place)
    }
    guard let condition else { return nil }
    let operands = ExpressionChecker.paths(in: requirement.condition.text, context)
    for operand in operands {
      if let slots = operand.slots, referencePaths.contains(where: { slots.starts(with: $0) || $0.starts(with: slots) }) {
        error(
          .type, "'\(operand.text)' takes an id, which is not known yet when require is checked",
          requirement.condition.place(utf8Offset: operand.offset))
      }
    }
    let shown = operands.filter { $0.isSingle }.prefix(4).map { (text: $0.text, value: $0.plan) }
    return EmitPlan.Requirement(
      condition: condition, operands: Array(shown), isHold: requirement.otherwise.text == "hold",
      code: MappingProblem.Code(rawValue: name), trace: Trace(place: requirement.place, path: requirement.condition.text))
  }

  private static func isCodeLetter(_ octet: UInt8) -> Bool {
    (octet >= UInt8(ascii: "A") && octet <= UInt8(ascii: "Z")) || (octet >= UInt8(ascii: "0") && octet <= UInt8(ascii: "9"))
      || octet == UInt8(ascii: "_")
  }

  // Tables

  /// The index of a lookup; its names are checked where the value maps are known.
  mutating func lookup(_ assignment: MappingDefinition.Assignment, _ table: SourceText) -> Int? {
    let canonical = ValueMap.canonicalColumn
    let from = assignment.tableFrom?.text ?? (sourceDialect.isEmpty ? canonical : sourceDialect)
    let to = assignment.tableTo?.text ?? (targetDialect.isEmpty ? canonical : targetDialect)
    if from == to {
      error(
        .attributes, "the value map is asked from the column '\(from)' to itself", table.place,
        hint: "say the columns with table-from= and table-to=")
      return nil
    }
    if let valueMaps {
      guard let map = valueMaps[table.text] else {
        error(
          .unknownTable, "there is no value map '\(table.text)'", table.place,
          hint: NameSuggestion.hint(for: table.text, among: valueMaps.names))
        return nil
      }
      for (column, place) in [(from, assignment.tableFrom?.place), (to, assignment.tableTo?.place)] where map.column(named: column) == nil {
        error(
          .unknownTable, "the value map '\(table.text)' has no column '\(column)'", place ?? table.place,
          hint: NameSuggestion.hint(for: column, among: map.columns.map(\.name)))
        return nil
      }
    }
    let lookup = TableLookup(table: table.text, from: from, to: to)
    if let known = lookups.firstIndex(of: lookup) { return known }
    lookups.append(lookup)
    return lookups.count - 1
  }
}
