extension FileWriter {
  /// The servant's side: the dispatcher lists all operations, inherited ones too, and calls one helper for each.
  func writeDispatch(_ declaration: Declaration, _ own: [CallShape], path: [String]) {
    let scope = SwiftScope(extending: path + ["Servant"])
    let bases = model.allBases(of: declaration.id)
    let all = bases.flatMap { id -> [CallShape] in
      guard case .interface(let base) = model[id].kind else { return [] }
      return base.contents.flatMap(calls(of:))
    }
    let calls = all + own
    let identifiers = ([declaration.id] + bases.reversed()).map { SourceText.literal(model[$0].repositoryID) }
    extensions.gap()
    extensions.block("extension \(spelled(path)).Servant") { out in
      out.line("\(access)var repositoryIDs: [\(standard("String"))] { [\(identifiers.joined(separator: ", "))] }")
      out.gap()
      let request = "_ request: \(orb("IncomingRequest"))"
      out.block("\(access)nonisolated(nonsending) func dispatch(\(request)) async throws -> \(orb("Reply"))") { out in
        out.line("switch request.operation {")
        for call in calls where !call.isSynchronous {
          out.line("case \"\(call.wireName)\": return try await _dispatch_\(call.wireName)(request)")
        }
        out.line("default: throw request.unknownOperation(of: \(identifiers[0]))")
        out.line("}")
      }
      if calls.contains(where: \.isSynchronous) {
        out.gap()
        out.line("/// Operations that answer without suspension; nil for all others.")
        out.block("\(access)func dispatchSynchronously(\(request)) throws -> \(orb("Reply"))?") { out in
          out.line("switch request.operation {")
          for call in calls where call.isSynchronous {
            out.line("case \"\(call.wireName)\": return try _dispatch_\(call.wireName)(request)")
          }
          out.line("default: return nil")
          out.line("}")
        }
      }
      for call in own { writeHelper(call, scope: scope, into: &out) }
    }
  }

  private func writeHelper(_ call: CallShape, scope: SwiftScope, into out: inout SourceText) {
    let request = call.unused("request")
    let isolation = call.isSynchronous ? "" : "nonisolated(nonsending) "
    let effects = call.isSynchronous ? "throws" : "async throws"
    let parameter = "_ \(request): \(orb("IncomingRequest"))"
    out.gap()
    out.block("\(inlinable)\(isolation)func _dispatch_\(call.wireName)(\(parameter)) \(effects) -> \(orb("Reply"))") { out in
      let values = writeArguments(call, request: request, scope: scope, into: &out)
      let passed = zip(call.arguments, values).map { argument, value in
        call.form == .setter ? value : "\(argument.label): \(value)"
      }
      let called = "self.\(ReservedWords.escaped(call.name))(\((passed + ["context: \(request).context"]).joined(separator: ", ")))"
      let wait = call.isSynchronous ? "try" : "try await"
      if call.raises.isEmpty {
        writeAnswer(call, "\(wait) \(called)", request: request, into: &out)
      } else {
        out.line("do {")
        var inner = SourceText()
        writeAnswer(call, "\(wait) \(called)", request: request, into: &inner)
        for line in inner.text.split(separator: "\n") { out.line("  " + line) }
        let catches = call.raises.map { id in
          "} catch let error as \(reference(to: id, in: scope, at: call.location)) {"
        }
        for line in catches {
          out.line(line)
          out.line("  return try \(request).raise(error)")
        }
        out.line("}")
      }
    }
  }

  /// Reads the arguments; the answer is how each is named from then on.
  private func writeArguments(_ call: CallShape, request: String, scope: SwiftScope, into out: inout SourceText) -> [String] {
    let decoder = call.unused("decoder")
    let lines = reading(call.arguments, decoder, scope)
    switch call.arguments.count {
    case 0:
      out.line("try \(request).noArguments()")
      return []
    case 1:
      let name = ReservedWords.escaped(call.arguments[0].name)
      out.line("let \(name) = try \(request).arguments { (\(decoder)) throws(CDRError) in \(lines[0]) }")
      return [name]
    default:
      let tuple = call.unused("arguments")
      out.line("let \(tuple) = try \(request).arguments { (\(decoder)) throws(CDRError) in")
      for line in lines { out.line("  " + line) }
      out.line("}")
      return call.arguments.map { "\(tuple).\(ReservedWords.escaped($0.name))" }
    }
  }

  private func writeAnswer(_ call: CallShape, _ called: String, request: String, into out: inout SourceText) {
    guard !call.answers.isEmpty else {
      out.line(called)
      out.line("return \(request).reply()")
      return
    }
    let result = call.unused("result")
    out.line("let \(result) = \(called)")
    let values = call.answers.count == 1 ? [result] : call.answers.map { "\(result).\(ReservedWords.escaped($0.name))" }
    let lines = zip(values, call.answers).map { encoding($0, $1.type) }
    if lines.count == 1 {
      out.line("return try \(request).reply { (encoder) throws(CDRError) in \(lines[0]) }")
    } else {
      out.line("return try \(request).reply { (encoder) throws(CDRError) in")
      for line in lines { out.line("  " + line) }
      out.line("}")
    }
  }
}
