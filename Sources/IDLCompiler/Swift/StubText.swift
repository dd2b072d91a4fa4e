extension FileWriter {
  /// The client's side: operations in an extension of the protocol, so that references to derived interfaces inherit them.
  func writeStub(_ calls: [CallShape], path: [String]) {
    guard !calls.isEmpty else { return }
    let scope = SwiftScope(extending: path + ["Stub"])
    extensions.gap()
    extensions.block("extension \(spelled(path)).Stub") { out in
      for call in calls {
        out.gap()
        document(call, into: &out)
        let result = resultType(of: call, in: scope)
        switch call.form {
        case .getter:
          out.block("\(inlinable)nonisolated(nonsending) var \(ReservedWords.escaped(call.name)): \(result ?? "")") { out in
            out.block("get async throws") { out in writeInvocation(call, scope: scope, into: &out) }
          }
        case .operation, .setter:
          let parameters = parameterList(of: call, in: scope).joined(separator: ", ")
          let head = "\(inlinable)nonisolated(nonsending) func \(ReservedWords.escaped(call.name))(\(parameters)) async throws"
          out.block(head + (result.map { " -> \($0)" } ?? "")) { out in writeInvocation(call, scope: scope, into: &out) }
        }
      }
    }
  }

  private func writeInvocation(_ call: CallShape, scope: SwiftScope, into out: inout SourceText) {
    let invoke = call.isOneway ? "invokeOneway" : "invoke"
    var closures: [(label: String, head: String, lines: [String])] = []
    if !call.arguments.isEmpty {
      let encoder = call.unused("encoder")
      let lines = call.arguments.map { encoding(ReservedWords.escaped($0.name), $0.type, encoder: encoder) }
      closures.append((label: "", head: "(\(encoder)) throws(CDRError) in", lines: lines))
    }
    if !call.answers.isEmpty {
      let decoder = call.unused("decoder")
      closures.append((label: "result", head: "(\(decoder)) throws(CDRError) in", lines: reading(call.answers, decoder, scope)))
    }
    if !call.raises.isEmpty {
      let lines = call.raises.map { id in
        let exception = reference(to: id, in: scope, at: call.location)
        return "if id == \(exception).repositoryID { throw try \(exception)(from: &decoder) }"
      }
      closures.append((label: "raises", head: "id, decoder in", lines: lines))
    }
    guard let first = closures.first else { return out.line("try await objectRef.\(invoke)(\"\(call.wireName)\")") }
    // Only a closure without label may stand behind the parentheses alone.
    let isTrailing = first.label.isEmpty
    for (index, closure) in closures.enumerated() {
      switch (index, isTrailing) {
      case (0, true): out.line("try await objectRef.\(invoke)(\"\(call.wireName)\") { \(closure.head)")
      case (0, false): out.line("try await objectRef.\(invoke)(\"\(call.wireName)\", \(closure.label): { \(closure.head)")
      case (_, true): out.line("} \(closure.label): { \(closure.head)")
      case (_, false): out.line("}, \(closure.label): { \(closure.head)")
      }
      for line in closure.lines { out.line("  " + line) }
    }
    out.line(isTrailing ? "}" : "})")
  }

  /// The lines of a closure that reads values in order: one bare, several as a labelled tuple.
  func reading(_ values: [CallShape.Travelling], _ decoder: String, _ scope: SwiftScope) -> [String] {
    func read(_ value: CallShape.Travelling) -> String { decoding(value.type, in: scope, at: value.location, decoder: decoder) }
    if values.count == 1 { return [read(values[0])] }
    let named = values.map { (name: ReservedWords.escaped($0.name), value: $0) }
    let tuple = named.map { "\($0.value.label): \($0.name)" }.joined(separator: ", ")
    return named.map { "let \($0.name) = \(read($0.value))" } + ["return (\(tuple))"]
  }
}
