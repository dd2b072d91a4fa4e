/// The lines `#pragma ...`.
extension Preprocessor {
  /// Carries out `#pragma` after the word was read.
  func pragma(at hash: SourceLocation) {
    let top = frames.count - 1
    let word = frames[top].scanner.next()
    switch word.text {
    case "prefix": prefixPragma(restOfLine(), at: word.location)
    case "ID": repositoryIDPragma(restOfLine(), at: word.location)
    case "version": versionPragma(restOfLine(), at: word.location)
    case "tessera": tesseraPragma(restOfLine(), at: word.location)
    case "once":
      frames[top].scanner.skipLine()
      filesToIncludeOnce.insert(frames[top].scanner.path)
    case "\n", "": diagnostics.warning(.unknownPragma, "empty pragma is ignored", at: hash)
    default:
      frames[top].scanner.skipLine()
      diagnostics.warning(.unknownPragma, "unknown pragma '\(word.text)' is ignored", at: word.location)
    }
  }

  private func malformed(_ usage: String, at location: SourceLocation) {
    diagnostics.error(.malformedPragma, "malformed pragma, expected: #pragma \(usage)", at: location)
  }

  private func prefixPragma(_ tokens: [Token], at location: SourceLocation) {
    guard tokens.count == 1, case .string(let prefix) = tokens[0].kind else { return malformed("prefix \"text\"", at: location) }
    deliver(.pragma(.prefix(prefix), tokens[0].location))
  }

  private func repositoryIDPragma(_ tokens: [Token], at location: SourceLocation) {
    guard let (name, rest) = scopedName(tokens[...]), rest.count == 1, case .string(let id) = rest[rest.startIndex].kind else {
      return malformed("ID name \"IDL:...:1.0\"", at: location)
    }
    deliver(.pragma(.repositoryID(name, id), rest[rest.startIndex].location))
  }

  private func versionPragma(_ tokens: [Token], at location: SourceLocation) {
    guard let (name, rest) = scopedName(tokens[...]), rest.count == 1, let token = rest.first,
      case let parts = token.text.split(separator: ".", omittingEmptySubsequences: false), parts.count == 2,
      parts.allSatisfy({ UInt16($0) != nil && !$0.hasPrefix("+") })
    else { return malformed("version name major.minor", at: location) }
    deliver(.pragma(.version(name, token.text), token.location))
  }

  private func tesseraPragma(_ tokens: [Token], at location: SourceLocation) {
    guard let word = tokens.first, ["optional", "sync"].contains(word.text), let (name, rest) = scopedName(tokens.dropFirst()), rest.isEmpty
    else { return malformed("tessera optional NAME, or: #pragma tessera sync NAME", at: location) }
    deliver(.pragma(word.text == "sync" ? .synchronous(name) : .optional(name), name.location))
  }

  /// Reads a scoped name; names of keywords need no escape here.
  private func scopedName(_ tokens: ArraySlice<Token>) -> (ScopedNameSyntax, rest: ArraySlice<Token>)? {
    var rest = tokens
    let isAbsolute = rest.first?.kind == .punctuation(.scope)
    if isAbsolute { rest.removeFirst() }
    var parts: [ScopedNameSyntax.Part] = []
    while case .identifier(let text)? = rest.first?.kind, let location = rest.first?.location {
      let name = text.hasPrefix("_") ? String(text.dropFirst()) : text
      parts.append(ScopedNameSyntax.Part(text: name, location: location))
      rest.removeFirst()
      guard rest.first?.kind == .punctuation(.scope) else { return (ScopedNameSyntax(isAbsolute: isAbsolute, parts: parts), rest) }
      rest.removeFirst()
    }
    return nil
  }
}
