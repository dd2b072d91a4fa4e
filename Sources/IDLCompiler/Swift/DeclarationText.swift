extension FileWriter {
  func write(_ constant: Constant, _ declaration: Declaration, scope: SwiftScope, into out: inout SourceText) {
    out.gap()
    document(declaration.documentation, into: &out)
    let type = swiftType(constant.type, in: scope, at: declaration.location)
    let name = ReservedWords.escaped(names.name(declaration.id))
    let level = scope.path.isEmpty ? inlinable : "\(inlinable)static "
    out.line("\(level)var \(name): \(type) { \(literal(constant.value, type: constant.type, swiftType: type)) }")
  }

  private func literal(_ value: ConstantValue, type: TypeExpression, swiftType: String) -> String {
    switch value {
    case .integer(let number): return String(number)
    case .floating(let number):
      let text = model.resolved(type) == .float ? Float(number).description : number.description
      return model.resolved(type) == .longDouble ? "\(swiftType)(\(text))" : text
    case .fixed(let number):
      guard case .fixed(_, let scale) = model.resolved(type) else { return number.description }
      var unscaled = number.coefficient
      for _ in number.scale..<max(scale, number.scale) { unscaled *= 10 }
      return "try! \(swiftType)(unscaled: \(unscaled))"
    case .string(let text), .wideString(let text): return SourceText.literal(text)
    case .character(let octet): return "\(swiftType)(\(octet))"
    case .wideCharacter(let unit): return "\(swiftType)(\(unit))"
    case .boolean(let flag): return flag ? "true" : "false"
    case .enumerator(let id, let index): return "." + ReservedWords.escaped(names.members(id)[index])
    }
  }

  func write(_ alias: Alias, _ declaration: Declaration, scope: SwiftScope, into out: inout SourceText) {
    out.gap()
    checkSize(alias.type, at: declaration.location)
    document(declaration.documentation, repositoryID: declaration.repositoryID, into: &out)
    var note = ""
    var type: String
    if alias.isOptional, case .sequence(let element, _) = alias.type {
      if isReference(element) || optionalElement(element) != nil {
        diagnostics.report(
          .error, .swiftUnsupported, "'\(declaration.name)' cannot be an optional value: its element is optional already",
          at: declaration.location)
      }
      type = swiftType(element, in: scope, at: declaration.location) + "?"
    } else {
      type = swiftType(alias.type, in: scope, at: declaration.location)
      // A reference is optional where it is used, so that the name can be used for what it points at.
      if isReference(alias.type), type.hasSuffix("?") { type.removeLast() }
      note = bound(of: alias.type).map { "  // the bound \($0) is enforced by the codecs" } ?? ""
    }
    out.line("\(access)typealias \(ReservedWords.escaped(names.name(declaration.id))) = \(type)\(note)")
  }

  private func bound(of type: TypeExpression) -> UInt32? {
    switch type {
    case .string(let bound), .wstring(let bound), .sequence(_, let bound): bound
    default: nil
    }
  }

  func write(_ enumeration: Enumeration, _ declaration: Declaration, scope: SwiftScope, into out: inout SourceText) {
    let path = scope.path + [names.name(declaration.id)]
    out.gap()
    document(declaration.documentation, repositoryID: declaration.repositoryID, into: &out)
    let name = ReservedWords.escaped(path[path.count - 1])
    let conformances = ["UInt32", "Sendable", "CaseIterable"].map(standard).joined(separator: ", ")
    out.block("\(access)enum \(name): \(conformances)") { out in
      for (index, enumerator) in enumeration.enumerators.enumerated() {
        document(enumerator.documentation, into: &out)
        out.line("case \(ReservedWords.escaped(names.members(declaration.id)[index]))" + (index == 0 ? " = 0" : ""))
      }
    }
    extensions.gap()
    extensions.block("extension \(spelled(path)): \(runtime("EnumerationConvertible"))") { out in
      out.line("\(access)static let enumerationType = CDR.EnumerationType(")
      let enumerators = enumeration.enumerators.map { "\"\($0.name)\"" }.joined(separator: ", ")
      out.line("  id: \(SourceText.literal(declaration.repositoryID)), name: \"\(declaration.name)\",")
      out.line("  enumerators: [\(enumerators)])")
    }
  }

  /// A path as it stands behind `extension`.
  func spelled(_ path: [String]) -> String { path.map(ReservedWords.escaped).joined(separator: ".") }
}
