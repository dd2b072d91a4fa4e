/// Object-like macros.
extension Preprocessor {
  /// Replaces a macro's name by its value, which takes the place of the name; other tokens come back as they are.
  func expand(_ token: Token) -> [Token] {
    guard case .identifier(let name) = token.kind else { return [token] }
    if macros[name] == nil { return [finished(token, name)] }
    var result: [Token] = []
    expand(name, at: token, hidden: [], into: &result)
    return result
  }

  private func expand(_ name: String, at use: Token, hidden: Set<String>, into result: inout [Token]) {
    guard hidden.count < limits.nesting else {
      return diagnostics.stop(.expansionTooLarge, "macro '\(name)' stands more than \(limits.nesting) macros deep", at: use.location)
    }
    for token in macros[name] ?? [] {
      guard !diagnostics.isStopped else { return }
      expandedTokens += 1
      guard expandedTokens <= limits.expandedTokens else {
        return diagnostics.stop(.expansionTooLarge, "macros expand to more than \(limits.expandedTokens) words", at: use.location)
      }
      if case .identifier(let inner) = token.kind, inner != name, !hidden.contains(inner), macros[inner] != nil {
        expand(inner, at: use, hidden: hidden.union([name]), into: &result)
        continue
      }
      let placed = Token(kind: token.kind, text: token.text, location: use.location, end: use.end)
      if case .identifier(let text) = token.kind { result.append(finished(placed, text)) } else { result.append(placed) }
    }
  }

  /// Tells keywords from identifiers, and takes the escape off (OMG CORBA 3.0, 3.2.3).
  private func finished(_ token: Token, _ text: String) -> Token {
    var token = token
    if text.hasPrefix("_") {
      let name = text.drop { $0 == "_" }
      if text.count - name.count > 1 || name.isEmpty || name.first?.isNumber == true {
        diagnostics.error(
          .unexpectedToken, "'\(text)' is no identifier", at: token.location,
          hint: "an underscore in front only escapes a name that begins with a letter")
      }
      token.kind = .identifier(name.isEmpty ? "x" : String(name))
    } else if let keyword = Keyword(rawValue: text) {
      token.kind = .keyword(keyword)
    } else if let keyword = Keyword.collision(with: text) {
      diagnostics.error(
        .keywordCollision, "identifier '\(text)' differs from the keyword '\(keyword.rawValue)' only in case", at: token.location,
        hint: "write '_\(text)' to use it as a name")
    }
    return token
  }
}
