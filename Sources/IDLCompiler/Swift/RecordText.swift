/// What a struct and an exception have in common.
struct RecordShape {
  let isException: Bool
  let nested: [DeclarationID]
  let members: [Member]

  init(_ structure: Structure) { (isException, nested, members) = (false, structure.nested, structure.members) }
  init(_ exception: UserException) { (isException, nested, members) = (true, exception.nested, exception.members) }
}

extension FileWriter {
  func write(_ shape: RecordShape, _ declaration: Declaration, scope: SwiftScope, into out: inout SourceText) {
    let path = scope.path + [names.name(declaration.id)]
    let inside = scope.inside(path[path.count - 1])
    let members = zip(names.members(declaration.id).map(ReservedWords.escaped), shape.members).map { (name: $0, member: $1) }
    out.gap()
    document(declaration.documentation, repositoryID: declaration.repositoryID, into: &out)
    let conformances = (shape.isException ? [orb("UserException")] : []) + [standard("Hashable"), standard("Sendable")]
    out.block("\(access)struct \(ReservedWords.escaped(path[path.count - 1])): \(conformances.joined(separator: ", "))") { out in
      for id in shape.nested { write(model[id], scope: inside, into: &out) }
      out.gap()
      if shape.isException {
        out.line("\(inlinable)static var repositoryID: \(standard("String")) { \(SourceText.literal(declaration.repositoryID)) }")
        out.gap()
      }
      for (name, member) in members {
        checkSize(member.type, at: member.location)
        document(member.documentation, into: &out)
        out.line("\(access)var \(name): \(swiftType(member.type, in: inside, at: member.location))")
      }
      out.gap()
      let parameters = members.map { "\($0): \(swiftType($1.type, in: inside, at: $1.location))" }.joined(separator: ", ")
      if members.isEmpty {
        out.line("\(inlinable)init() {}")
      } else {
        out.block("\(inlinable)init(\(parameters))") { out in
          for (name, _) in members { out.line("self.\(name) = \(name)") }
        }
      }
    }
    writeCodec(members, declaration, path: path)
  }

  private func writeCodec(_ members: [(name: String, member: Member)], _ declaration: Declaration, path: [String]) {
    let scope = SwiftScope(extending: path)
    extensions.gap()
    extensions.block("extension \(spelled(path)): \(runtime("RecordConvertible"))") { out in
      out.line("\(inlinable)static var minimumWireSize: \(standard("Int")) { \(minimumWireSize(members.map(\.member))) }")
      out.gap()
      out.line("\(access)static let recordType = CDR.RecordType(")
      out.line("  id: \(SourceText.literal(declaration.repositoryID)), name: \"\(declaration.name)\",")
      out.line("  fields: [")
      for (_, member) in members { out.line("    \(field(member, in: scope, enclosing: [declaration.id])),") }
      endDescription(of: declaration)
      out.line("  ])")
      out.gap()
      out.block("\(inlinable)func encode(into encoder: inout CDREncoder) throws(CDRError)") { out in
        for (name, member) in members { out.line(encoding("self.\(name)", member.type)) }
      }
      out.gap()
      out.block("\(inlinable)init(from decoder: inout CDRDecoder) throws(CDRError)") { out in
        writeFields(members, in: scope, into: &out) { _, member in decoding(member.type, in: scope, at: member.location) }
      }
      out.gap()
      out.block("\(inlinable)func visitFields(_ visitor: inout some CDR.FieldVisitor)") { out in
        for (slot, (name, member)) in members.enumerated() {
          let isWide = if case .wstring = model.resolved(member.type) { true } else { false }
          out.line("visitor.visit(\(isWide ? "wide: " : "")\(stringified("self.\(name)", member.type)), slot: \(slot))")
        }
      }
      out.gap()
      out.block("\(inlinable)init(record: CDR.Record) throws(CDRError)") { out in
        writeFields(members, in: scope, into: &out) { recordField($1, slot: $0, scope: scope) }
      }
    }
  }

  /// The body of an initializer that may throw. All values are there before the first field is set: a struct that is set field by field
  /// between calls that throw is made in memory, copied from there with all reference counts, and destroyed.
  private func writeFields(
    _ members: [(name: String, member: Member)], in scope: SwiftScope, into out: inout SourceText, value: (Int, Member) -> String
  ) {
    for (slot, (_, member)) in members.enumerated() {
      out.line("let field\(slot): \(swiftType(member.type, in: scope, at: member.location)) = \(value(slot, member))")
    }
    for (slot, (name, _)) in members.enumerated() { out.line("self.\(name) = field\(slot)") }
  }

  /// A value whose references are replaced by their stringified form, which records carry.
  private func stringified(_ value: String, _ type: TypeExpression) -> String {
    guard holdsReferences(type) else { return value }
    switch model.resolved(type) {
    case .sequence(let element, _): return "\(value).map { \(stringified("$0", element)) }"
    case .array(let element, let dimensions):
      return "\(value).map { \(stringified("$0", Self.row(element, dimensions))) }"
    case .object: return "\(value)?.stringified"
    default: return "\(value)?.objectRef.stringified"
    }
  }

  private func recordField(_ member: Member, slot: Int, scope: SwiftScope) -> String {
    guard holdsReferences(member.type) else { return "try record.field(\(slot))" }
    return "try record.field(\(slot), as: \(textType(member.type)).self)\(referenced(member, member.type, scope: scope))"
  }

  private func textType(_ type: TypeExpression) -> String {
    switch model.resolved(type) {
    case .sequence(let element, _): return "[\(textType(element))]"
    case .array(let element, let dimensions): return dimensions.reversed().reduce(textType(element)) { "CDR.FixedArray<\($1), \($0)>" }
    default: return standard("String") + "?"
    }
  }

  private func referenced(_ member: Member, _ type: TypeExpression, scope: SwiftScope) -> String {
    switch model.resolved(type) {
    case .sequence(let element, _):
      return ".map { (element) throws(CDRError) in try element\(referenced(member, element, scope: scope)) }"
    case .array(let element, let dimensions):
      return ".map { (element) throws(CDRError) in try element\(referenced(member, Self.row(element, dimensions), scope: scope)) }"
    case .named(let id):
      return
        ".map { (text) throws(CDRError) in \(reference(to: id, in: scope, at: member.location))(unchecked: try \(orb("ObjectRef"))(unbound: text)) }"
    default: return ".map { (text) throws(CDRError) in try \(orb("ObjectRef"))(unbound: text) }"
    }
  }
}
