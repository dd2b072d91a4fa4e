extension FileWriter {
  /// The expression of a type's description, where a `TypeCode` is expected.
  ///
  /// - Parameter enclosing: the structs whose description is being written, outermost first; they are named, not repeated.
  func typeCode(_ type: TypeExpression, in scope: SwiftScope, at location: SourceLocation, enclosing: [DeclarationID] = []) -> String {
    func inner(_ type: TypeExpression) -> String { typeCode(type, in: scope, at: location, enclosing: enclosing) }
    switch type {
    case .short: return ".short"
    case .long: return ".long"
    case .longLong: return ".longLong"
    case .unsignedShort: return ".unsignedShort"
    case .unsignedLong: return ".unsignedLong"
    case .unsignedLongLong: return ".unsignedLongLong"
    case .octet: return ".octet"
    case .char: return ".char"
    case .wchar: return ".wchar"
    case .boolean: return ".boolean"
    case .float: return ".float"
    case .double: return ".double"
    case .longDouble: return ".longDouble"
    case .any, .typeCode: return ".void"
    case .object: return ".objectReference(id: \"IDL:omg.org/CORBA/Object:1.0\", name: \"Object\")"
    case .string(let bound): return ".string(bound: \(bound ?? 0))"
    case .wstring(let bound): return ".wstring(bound: \(bound ?? 0))"
    case .fixed(let digits, let scale): return ".fixed(digits: \(digits), scale: \(scale))"
    case .sequence(let element, let bound): return ".sequence(element: \(inner(element)), bound: \(bound ?? 0))"
    case .array(let element, let dimensions):
      return dimensions.reversed().reduce(inner(element)) { ".array(element: \($0), length: \($1))" }
    case .named(let id): return typeCode(of: id, in: scope, at: location, enclosing: enclosing)
    }
  }

  private func typeCode(of id: DeclarationID, in scope: SwiftScope, at location: SourceLocation, enclosing: [DeclarationID]) -> String {
    let declaration = model[id]
    let repositoryID = SourceText.literal(declaration.repositoryID)
    switch declaration.kind {
    case .alias(let alias):
      var original = typeCode(alias.type, in: scope, at: location, enclosing: enclosing)
      if alias.isOptional, case .sequence(let element, _) = alias.type {
        original = ".optional(\(typeCode(element, in: scope, at: location, enclosing: enclosing)))"
      }
      return ".alias(id: \(repositoryID), name: \"\(declaration.name)\", original: \(original))"
    case .enumeration: return ".enumeration(\(reference(to: id, in: scope, at: location)).enumerationType)"
    case .interface: return ".objectReference(id: \(repositoryID), name: \"\(declaration.name)\")"
    case .structure(let structure):
      if enclosing.contains(id) { return ".recursive(id: \(repositoryID))" }
      guard enclosing.contains(where: { cycles.areTogether(id, $0) }) else {
        return ".record(\(reference(to: id, in: scope, at: location)).recordType)"
      }
      let fields = structure.members.map { field($0, in: scope, enclosing: enclosing + [id]) }
      return ".record(CDR.RecordType(id: \(repositoryID), name: \"\(declaration.name)\", fields: [\(fields.joined(separator: ", "))]))"
    default: return ".void"
    }
  }

  /// One field of a record's description.
  func field(_ member: Member, in scope: SwiftScope, enclosing: [DeclarationID]) -> String {
    describedFields += 1
    guard describedFields <= Self.greatestDescription else { return "" }
    return "CDR.RecordType.Field(\"\(member.name)\", \(typeCode(member.type, in: scope, at: member.location, enclosing: enclosing)))"
  }

  /// Fields that one description may have. Structs that hold one another are repeated in the description of each, on every way from one to
  /// the next, since a description names only those that it stands in: their number may double with each of them.
  static let greatestDescription = 4_096

  /// Tells of a description that became too large, and begins the next one.
  func endDescription(of declaration: Declaration) {
    if describedFields > Self.greatestDescription {
      diagnostics.report(
        .error, .swiftDescriptionTooLarge,
        "the description of '\(declaration.name)' would have more than \(Self.greatestDescription) fields, since too many structs hold one another",
        at: declaration.location, notes: [Diagnostic.Note("let fewer structs hold sequences of those around them")])
    }
    describedFields = 0
  }
}
