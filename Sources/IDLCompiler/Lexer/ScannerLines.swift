/// What the preprocessor reads without cutting it into tokens.
extension Scanner {
  /// Reads a comment; gives the token of a documentation comment.
  mutating func comment(at start: SourceLocation) -> Token.Kind? {
    advance()
    if advance() == UInt8(ascii: "/") {
      let first = position
      while !isAtEnd, !sees("\n") { advance() }
      return DocumentationComment.line(text(from: first))
    }
    let first = position
    while !isAtEnd {
      if sees("*"), sees("/", ahead: 1) {
        let content = text(from: first)
        advance()
        advance()
        return DocumentationComment.block(content)
      }
      advance()
    }
    diagnostics.error(.unterminatedComment, "comment without '*/'", at: start)
    return nil
  }

  /// Moves to the end of the line, comments included; the newline itself stays.
  ///
  /// - Returns: The text of the line without comments and outer space.
  @discardableResult mutating func skipLine() -> String {
    var content = ""
    var first = position
    var quote: UInt8?
    while !isAtEnd, !sees("\n") {
      if quote == nil, sees("/"), sees("*", ahead: 1) || sees("/", ahead: 1) {
        content += text(from: first)
        _ = comment(at: location)
        first = position
        continue
      }
      let byte = advance()
      if byte == UInt8(ascii: "\\"), quote != nil, !isAtEnd, !sees("\n") {
        advance()
      } else if byte == quote {
        quote = nil
      } else if quote == nil, byte == UInt8(ascii: "\"") {
        quote = byte
      }
    }
    content += text(from: first)
    while content.last == " " || content.last == "\t" { content.removeLast() }
    return String(content.drop { $0 == " " || $0 == "\t" })
  }

  /// Moves behind the next `#` that begins a line; for the branches that a condition switched off.
  ///
  /// - Returns: The place of the `#`; nil at the end of the file.
  mutating func skipToDirective() -> SourceLocation? {
    while !isAtEnd {
      while sees(" ") || sees("\t") { advance() }
      if sees("#") {
        let place = location
        advance()
        return place
      }
      skipLine()
      if !isAtEnd { advance() }
    }
    return nil
  }

  /// Reads the file name of an `#include`.
  ///
  /// - Returns: The name and whether it stood in quotes; nil when there is neither form, with nothing read but space.
  mutating func headerName() -> (name: String, isQuoted: Bool)? {
    while sees(" ") || sees("\t") { advance() }
    guard sees("\"") || sees("<") else { return nil }
    let isQuoted = advance() == UInt8(ascii: "\"")
    let first = position
    while !isAtEnd, !sees("\n") {
      if sees(isQuoted ? "\"" : ">") {
        let name = text(from: first)
        advance()
        return name.isEmpty ? nil : (name, isQuoted)
      }
      advance()
    }
    return nil
  }
}
