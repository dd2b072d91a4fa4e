extension FileWriter {
  /// The Swift type that an IDL type becomes, as written inside `scope`. Object references are optional: a reference may be nil.
  func swiftType(_ type: TypeExpression, in scope: SwiftScope, at location: SourceLocation) -> String {
    switch type {
    case .short: return standard("Int16")
    case .long: return standard("Int32")
    case .longLong: return standard("Int64")
    case .unsignedShort: return standard("UInt16")
    case .unsignedLong: return standard("UInt32")
    case .unsignedLongLong: return standard("UInt64")
    case .octet: return standard("UInt8")
    case .boolean: return standard("Bool")
    case .float: return standard("Float")
    case .double: return standard("Double")
    case .string, .wstring: return standard("String")
    case .char: return runtime("Char")
    case .wchar: return runtime("WChar")
    case .longDouble: return runtime("LongDouble")
    case .fixed(let digits, let scale): return runtime("Fixed<\(digits), \(scale)>")
    case .object: return orb("ObjectRef") + "?"
    case .sequence(let element, _): return "[" + swiftType(element, in: scope, at: location) + "]"
    case .array(let element, let dimensions):
      let innermost = swiftType(element, in: scope, at: location)
      return dimensions.reversed().reduce(innermost) { element, length in runtime("FixedArray<\(length), \(element)>") }
    case .named(let id): return reference(to: id, in: scope, at: location) + (isReference(type) ? "?" : "")
    case .any, .typeCode:
      let construct = type == .any ? "any" : "TypeCode"
      diagnostics.report(.error, .swiftUnsupported, "the Swift mapping does not cover '\(construct)'", at: location)
      return "Never"
    }
  }

  /// The name of a declared type, without the `?` of references.
  func reference(to id: DeclarationID, in scope: SwiftScope, at location: SourceLocation) -> String {
    let declaration = model[id]
    let path = names.path(id)
    guard !localFiles.contains(declaration.file) else {
      if case .interface(let interface) = declaration.kind, !interface.isDefined {
        diagnostics.report(
          .error, .swiftInterfaceUndefined, "interface '\(declaration.qualifiedName)' is declared, but never defined",
          at: declaration.location)
      }
      return lookup.spelling(of: path, from: scope) ?? alias(for: path)
    }
    guard let module = options.modules.module(ofFile: declaration.file) else {
      diagnostics.report(
        .error, .swiftModuleMissing, "'\(declaration.qualifiedName)' comes from \(declaration.file), which no Swift module is named for",
        at: location, notes: [Diagnostic.Note("name it in idl-swift.json: \"modules\": { \"\(declaration.file)\": \"ItsSwiftModule\" }")])
      return path.joined(separator: ".")
    }
    importModule(module)
    return ([module] + path.map(ReservedWords.escaped)).joined(separator: ".")
  }

  /// Whether the type, behind its aliases, is an object reference.
  func isReference(_ type: TypeExpression) -> Bool {
    switch model.resolved(type) {
    case .object: return true
    case .named(let id): if case .interface = model[id].kind { return true } else { return false }
    default: return false
    }
  }

  /// Whether a value of the type holds references outside of structs.
  func holdsReferences(_ type: TypeExpression) -> Bool {
    switch model.resolved(type) {
    case .sequence(let element, _), .array(let element, _): holdsReferences(element)
    default: isReference(type)
    }
  }

  /// The element of the optional that `#pragma tessera optional` makes of a typedef; nil for other types.
  func optionalElement(_ type: TypeExpression) -> TypeExpression? {
    guard case .named(let id) = type, case .alias(let alias) = model[id].kind else { return nil }
    if alias.isOptional, case .sequence(let element, _) = alias.type { return element }
    return optionalElement(alias.type)
  }

  /// Octets that a value takes at least, as the runtime counts them. Declared structs never contain themselves but through sequences.
  func minimumWireSize(_ type: TypeExpression) -> Int {
    switch type {
    case .octet, .char, .boolean: return 1
    case .short, .unsignedShort, .wchar: return 2
    case .long, .unsignedLong, .float, .sequence, .wstring: return 4
    case .string: return 5
    case .longLong, .unsignedLongLong, .double: return 8
    case .longDouble: return 16
    case .fixed(let digits, _): return (digits + 2) / 2
    case .object: return 12
    case .any, .typeCode: return 4
    case .array(let element, let dimensions):
      return dimensions.reduce(minimumWireSize(element)) { Self.saturated($0.multipliedReportingOverflow(by: Int($1))) }
    case .named(let id):
      switch model[id].kind {
      case .alias(let alias): return minimumWireSize(alias.type)
      case .structure(let structure):
        // Kept: a struct may hold the one before it twice, and so on.
        if let known = wireSizes[id] { return known }
        let size = minimumWireSize(structure.members)
        wireSizes[id] = size
        return size
      case .interface: return 12
      default: return 4
      }
    }
  }

  func minimumWireSize(_ members: [Member]) -> Int {
    max(1, members.reduce(0) { Self.saturated($0.addingReportingOverflow(minimumWireSize($1.type))) })
  }

  /// A size that is far beyond what any message holds is one that is too large, not a small one.
  private static func saturated(_ result: (partialValue: Int, overflow: Bool)) -> Int {
    result.overflow ? Int(Int32.max) : min(result.partialValue, Int(Int32.max))
  }

  /// Reports arrays that would make a value too large to be kept in line.
  func checkSize(_ type: TypeExpression, at location: SourceLocation) {
    let limit = 65_536
    let count = inlineCount(type)
    if count > limit {
      diagnostics.report(
        .error, .swiftArrayTooLarge, "an array of \(count) elements is too large to be kept in line; the limit is \(limit)", at: location,
        notes: [Diagnostic.Note("use a sequence")])
    }
    if case .sequence(let element, _) = type { checkSize(element, at: location) }
  }

  private func inlineCount(_ type: TypeExpression) -> Int {
    guard case .array(let element, let dimensions) = model.resolved(type) else { return 1 }
    return dimensions.reduce(inlineCount(element)) { count, dimension in
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(dimension))
      return overflow ? .max : product
    }
  }
}
