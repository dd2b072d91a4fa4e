/// A word of the source.
struct Token {
  /// What it is, with its value.
  enum Kind: Equatable {
    /// Without the underscore that escapes a keyword.
    case identifier(String)
    case keyword(Keyword)
    case integer(Int128)
    case floating(Double)
    case fixed(DecimalValue)
    case character(UInt8)
    case wideCharacter(UInt16)
    case string(String)
    case wideString(String)
    case punctuation(Punctuation)
    /// A documentation comment; `isTrailing` when it describes what stands before it. Never reaches the parser.
    case documentation(lines: [String], isTrailing: Bool, isLine: Bool)
    /// The end of a line. Never reaches the parser.
    case newline
    /// The end of the file, or of everything.
    case end
  }

  var kind: Kind
  /// As spelled.
  let text: String
  let location: SourceLocation
  /// The place behind the last character.
  let end: SourceLocation
  /// The documentation comment in front.
  var documentation: [String] = []
  /// Documentation comments in front that belong to what stands before them.
  var trailingDocumentation: [String] = []
}

/// Signs and operators, those of the preprocessor included.
enum Punctuation: String, CaseIterable {
  case openBrace = "{"
  case closeBrace = "}"
  case openParenthesis = "("
  case closeParenthesis = ")"
  case openBracket = "["
  case closeBracket = "]"
  case semicolon = ";"
  case colon = ":"
  case scope = "::"
  case comma = ","
  case equal = "="
  case less = "<"
  case greater = ">"
  case shiftLeft = "<<"
  case shiftRight = ">>"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case remainder = "%"
  case tilde = "~"
  case or = "|"
  case exclusiveOr = "^"
  case and = "&"
  case hash = "#"
  case not = "!"
  case logicalAnd = "&&"
  case logicalOr = "||"
  case isEqual = "=="
  case isNotEqual = "!="
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
}

extension Token {
  /// The token as an error message quotes it.
  var quoted: String {
    switch kind {
    case .end: "the end of the file"
    case .keyword(let keyword): "the keyword '\(keyword.rawValue)'"
    case .string, .wideString: "a string literal"
    default: "'\(text)'"
    }
  }
}
