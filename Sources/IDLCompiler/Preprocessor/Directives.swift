/// The lines that begin with `#`.
extension Preprocessor {
  /// Carries out the directive whose `#` was just read.
  func directive(at hash: SourceLocation) {
    let top = frames.count - 1
    frames[top].isAtLineStart = true
    let isActive = frames[top].conditions.last?.isActive ?? true
    let word = frames[top].scanner.next()
    if case .newline = word.kind { return }
    if case .end = word.kind { return }
    switch word.text {
    case "if", "ifdef", "ifndef", "elif", "else", "endif":
      condition(word, isActive: isActive)
      dropDocumentation()
    case _ where !isActive: frames[top].scanner.skipLine()
    case "pragma": pragma(at: hash)
    case "include":
      dropDocumentation()
      include(at: word.location)
    case "define":
      dropDocumentation()
      define(at: word.location)
    case "undef":
      dropDocumentation()
      guard let name = macroName(after: "#undef", at: word.location) else { return }
      macros[name] = nil
      expectEndOfLine(after: "#undef")
    case "error": diagnostics.error(.errorDirective, "#error \(frames[top].scanner.skipLine())", at: word.location)
    case "warning": diagnostics.warning(.errorDirective, "#warning \(frames[top].scanner.skipLine())", at: word.location)
    case "ident": frames[top].scanner.skipLine()
    default:
      frames[top].scanner.skipLine()
      diagnostics.error(.unknownDirective, "unknown directive '#\(word.text)'", at: word.location)
    }
  }

  /// Reads the tokens up to the end of the line, without comments.
  func restOfLine() -> [Token] {
    let top = frames.count - 1
    var tokens: [Token] = []
    while true {
      let token = frames[top].scanner.next()
      switch token.kind {
      case .newline, .end: return tokens
      case .documentation: continue
      default: tokens.append(token)
      }
    }
  }

  private func expectEndOfLine(after directive: String) {
    guard let extra = restOfLine().first else { return }
    diagnostics.warning(.malformedDirective, "\(extra.quoted) behind \(directive) is ignored", at: extra.location)
  }

  /// Reads the name of a macro; at an error the rest of the line too.
  private func macroName(after directive: String, at location: SourceLocation) -> String? {
    let top = frames.count - 1
    let token = frames[top].scanner.next()
    if case .identifier(let name) = token.kind, name != "defined" { return name }
    if token.kind != .newline { frames[top].scanner.skipLine() }
    diagnostics.error(.malformedDirective, "expected the name of a macro after \(directive)", at: location)
    return nil
  }

  private func condition(_ word: Token, isActive: Bool) {
    let top = frames.count - 1
    switch word.text {
    case "if", "ifdef", "ifndef":
      var holds = false
      if !isActive {
        frames[top].scanner.skipLine()
      } else if word.text == "if" {
        holds = holdsCondition(restOfLine(), at: word.location)
      } else if let name = macroName(after: "#\(word.text)", at: word.location) {
        holds = (macros[name] != nil) == (word.text == "ifdef")
        expectEndOfLine(after: "#\(word.text)")
      }
      guard frames[top].conditions.count < limits.nesting else {
        return diagnostics.stop(.nestingTooDeep, "more than \(limits.nesting) '#if' inside one another", at: word.location)
      }
      frames[top].conditions.append(
        Condition(location: word.location, isParentActive: isActive, isTaken: holds, isActive: isActive && holds))
    default:
      guard let current = frames[top].conditions.indices.last, word.text == "endif" || !frames[top].conditions[current].hasElse else {
        frames[top].scanner.skipLine()
        return diagnostics.error(.strayConditional, "'#\(word.text)' without '#if'", at: word.location)
      }
      var condition = frames[top].conditions[current]
      if word.text == "elif", condition.isParentActive, !condition.isTaken {
        condition.isActive = holdsCondition(restOfLine(), at: word.location)
        condition.isTaken = condition.isActive
      } else {
        frames[top].scanner.skipLine()
        condition.isActive = word.text == "else" && condition.isParentActive && !condition.isTaken
        condition.hasElse = word.text == "else"
      }
      if word.text == "endif" { frames[top].conditions.removeLast() } else { frames[top].conditions[current] = condition }
    }
  }

  private func define(at location: SourceLocation) {
    let top = frames.count - 1
    guard let name = macroName(after: "#define", at: location) else { return }
    if frames[top].scanner.sees("(") {
      frames[top].scanner.skipLine()
      return diagnostics.error(
        .functionLikeMacro, "macro '\(name)' with parameters is not supported", at: location, hint: "only '#define NAME value' is known")
    }
    let value = restOfLine()
    if let old = macros[name], old.map(\.text) != value.map(\.text) {
      diagnostics.warning(.macroRedefined, "macro '\(name)' is defined again with another value", at: location)
    }
    macros[name] = value
  }

  /// Takes `NAME` or `NAME=VALUE`; a macro without value is 1, as on the command line of a C compiler.
  func define(commandLine definition: String) {
    let parts = definition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    func tokens(_ text: String) -> [Token] {
      var scanner = Scanner(CleanSource(Array(text.utf8)), path: "<command line>", diagnostics: diagnostics, limits: limits)
      var tokens: [Token] = []
      while true {
        let token = scanner.next()
        if token.kind == .end { return tokens }
        if token.kind != .newline { tokens.append(token) }
      }
    }
    let name = tokens(parts[0])
    guard name.count == 1, case .identifier(let text) = name[0].kind else {
      return diagnostics.error(
        .malformedDirective, "'\(parts[0])' is no name of a macro", at: SourceLocation(file: "<command line>", line: 1, column: 1))
    }
    macros[text] = tokens(parts.count == 2 ? parts[1] : "1")
  }
}
