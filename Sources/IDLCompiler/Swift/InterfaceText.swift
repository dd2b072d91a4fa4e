extension FileWriter {
  /// The client's reference with the protocols for both sides; the operations follow in extensions.
  func write(_ interface: Interface, _ declaration: Declaration, scope: SwiftScope, into out: inout SourceText) {
    let path = scope.path + [names.name(declaration.id)]
    let inside = scope.inside(path[path.count - 1])
    let name = ReservedWords.escaped(path[path.count - 1])
    guard interface.isDefined else { return }
    if let modifier = interface.modifier {
      diagnostics.report(
        .error, .swiftUnsupported, "the Swift mapping does not cover \(modifier.rawValue) interfaces such as '\(declaration.name)'",
        at: declaration.location)
      return
    }
    let calls = interface.contents.flatMap(calls(of:))
    func protocols(_ kind: String) -> String {
      let bases = interface.bases.map { "\(reference(to: $0, in: inside, at: declaration.location)).\(kind)" }
      return bases.isEmpty ? orb(kind == "Stub" ? "ObjectReference" : "Servant") : bases.joined(separator: ", ")
    }
    out.gap()
    document(declaration.documentation, repositoryID: declaration.repositoryID, into: &out)
    out.block("\(access)struct \(name): \(orb("ObjectReference")), \(name).Stub") { out in
      out.line("\(inlinable)static var repositoryID: \(standard("String")) { \(SourceText.literal(declaration.repositoryID)) }")
      out.line("\(access)let objectRef: \(orb("ObjectRef"))")
      out.line("\(inlinable)init(unchecked objectRef: \(orb("ObjectRef"))) { self.objectRef = objectRef }")
      writeBases(of: declaration, calls, scope: inside, into: &out)
      for id in interface.contents { write(model[id], scope: inside, into: &out) }
      out.gap()
      out.line("/// What clients can call; references to derived interfaces have it, too.")
      out.line("\(access)protocol Stub: \(protocols("Stub")) {}")
      out.gap()
      out.line("/// What an implementation provides.")
      out.block("\(access)protocol Servant: \(protocols("Servant"))") { out in
        for call in calls { writeRequirement(call, scope: inside, into: &out) }
      }
    }
    writeDescription(interface, declaration, calls, path: path)
    writeStub(calls, path: path)
    writeDispatch(declaration, calls, path: path)
  }

  /// Widening is local: the same reference under the name of a base.
  private func writeBases(of declaration: Declaration, _ calls: [CallShape], scope: SwiftScope, into out: inout SourceText) {
    var used = Set(calls.map(\.name))
    for base in model.allBases(of: declaration.id).reversed() {
      let short = "as" + names.name(base)
      let name = used.insert(short).inserted ? short : "as" + names.path(base).joined()
      let type = reference(to: base, in: scope, at: declaration.location)
      out.gap()
      out.line("/// The same object by its base interface.")
      out.line("\(inlinable)var \(name): \(type) { \(type)(unchecked: objectRef) }")
    }
  }

  private func writeRequirement(_ call: CallShape, scope: SwiftScope, into out: inout SourceText) {
    document(call, into: &out)
    let parameters = parameterList(of: call, in: scope) + ["context: \(orb("ServerContext"))"]
    let result = resultType(of: call, in: scope).map { " -> \($0)" } ?? ""
    let isolation = call.isSynchronous ? "" : "nonisolated(nonsending) "
    let effects = call.isSynchronous ? "throws" : "async throws"
    out.line("\(isolation)func \(ReservedWords.escaped(call.name))(\(parameters.joined(separator: ", "))) \(effects)\(result)")
  }

  private func writeDescription(_ interface: Interface, _ declaration: Declaration, _ calls: [CallShape], path: [String]) {
    let scope = SwiftScope(extending: path)
    extensions.gap()
    extensions.block("extension \(spelled(path))") { out in
      out.line("/// The interface for calls without generated code.")
      out.line("\(access)static let interfaceDescription = \(runtime("InterfaceDescription"))(")
      out.line("  id: \(SourceText.literal(declaration.repositoryID)), name: \"\(declaration.name)\",")
      let bases = interface.bases.map { "\(reference(to: $0, in: scope, at: declaration.location)).interfaceDescription" }
      out.line("  inheriting: [\(bases.joined(separator: ", "))],")
      out.line("  operations: [")
      for call in calls { out.line("    \(description(of: call, in: scope)),") }
      out.line("  ])")
    }
  }

  /// The comment of an operation, with the exceptions that it declares.
  func document(_ call: CallShape, into out: inout SourceText) {
    let speaks = call.documentation.contains { line in ["@throw", "@exception", "@raises"].contains { line.contains($0) } }
    let raised = call.raises.map { "``\(names.path($0).joined(separator: "/"))``" }
    var lines = call.documentation
    if !speaks, !raised.isEmpty {
      lines.append("- Throws: \(raised.joined(separator: ", ")), or a system exception.")
    }
    let parameters = Dictionary(call.parameters.map { ($0.idlName, $0.name) }) { first, _ in first }
    document(lines, parameters: parameters, into: &out)
  }
}
