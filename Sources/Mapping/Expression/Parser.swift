import CDR

/// Reads the grammar of expressions, by descent.
///
///     or         = and *("or" and)
///     and        = comparison *("and" comparison)
///     comparison = sum ["=" | "!=" | "<" | "<=" | ">" | ">=" sum]
///     sum        = product *("+" | "-" product)
///     product    = unary *("*" unary)
///     unary      = *"-" primary
///     primary    = "(" or ")" | text | number | name "(" [or *("," or)] ")" | path
///     path       = "/" step *("/" step) | "." *predicate | [".." *("/" "..") "/"] step *("/" step) | ".." *("/" "..")
///     step       = ["@"] name *predicate
///     predicate  = "[" or "]"
struct Parser {
  static let greatestDepth = 64
  /// Operators of one expression; they nest to the left.
  static let greatestOperatorCount = 256

  private let tokens: [Token]
  private var position = 0
  private var depth = 0
  private var operators = 0

  private init(_ tokens: [Token]) { self.tokens = tokens }

  /// The whole text as one expression.
  static func parse(_ text: String) throws(ExpressionFault) -> Syntax {
    var parser = Parser(try Lexer.tokens(of: text))
    if parser.current.kind == .end { throw parser.fault("the expression is empty") }
    let syntax = try parser.or()
    guard parser.current.kind == .end else { throw parser.unexpected("an operator or the end") }
    return syntax
  }

  private var current: Token { tokens[position] }
  private var following: Token { tokens[min(position + 1, tokens.count - 1)] }

  private mutating func advance() { if position < tokens.count - 1 { position += 1 } }

  private mutating func take(_ symbol: String) -> Bool {
    guard current.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard current.kind == .name(word) else { return false }
    advance()
    return true
  }

  private func fault(_ message: String, hint: String = "") -> ExpressionFault {
    ExpressionFault(code: .syntax, message: message, offset: current.range.lowerBound, hint: hint)
  }

  private func unexpected(_ expected: String) -> ExpressionFault {
    var hint = ""
    if case .name(let word) = current.kind, word == "div" || word == "mod" {
      hint = "a division states its scale and rounding: div(a, b, 4, 'half-even')"
    }
    if case .symbol(let symbol) = current.kind, ["=", "!=", "<", "<=", ">", ">="].contains(symbol) {
      hint = "comparisons do not chain; join them with 'and'"
    }
    return fault("expected \(expected), found \(current.quoted)", hint: hint)
  }

  private mutating func binary(_ operation: Syntax.Operator, _ left: Syntax, _ right: Syntax) throws(ExpressionFault) -> Syntax {
    operators += 1
    guard operators <= Self.greatestOperatorCount else {
      throw ExpressionFault(
        code: .tooLarge, message: "the expression has more than \(Self.greatestOperatorCount) operators", offset: right.range.lowerBound)
    }
    return Syntax(node: .binary(operation, left, right), range: left.range.lowerBound..<right.range.upperBound)
  }

  private mutating func or() throws(ExpressionFault) -> Syntax {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.greatestDepth else {
      throw ExpressionFault(
        code: .tooLarge, message: "the expression is nested deeper than \(Self.greatestDepth) levels", offset: current.range.lowerBound)
    }
    var left = try and()
    while take(word: "or") { left = try binary(.or, left, and()) }
    return left
  }

  private mutating func and() throws(ExpressionFault) -> Syntax {
    var left = try comparison()
    while take(word: "and") { left = try binary(.and, left, comparison()) }
    return left
  }

  private mutating func comparison() throws(ExpressionFault) -> Syntax {
    let left = try sum()
    guard case .symbol(let symbol) = current.kind, let operation = Syntax.Operator(rawValue: symbol), operation.isComparison else {
      return left
    }
    advance()
    return try binary(operation, left, sum())
  }

  private mutating func sum() throws(ExpressionFault) -> Syntax {
    var left = try product()
    while true {
      if take("+") {
        left = try binary(.plus, left, product())
      } else if take("-") {
        left = try binary(.minus, left, product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(ExpressionFault) -> Syntax {
    var left = try unary()
    while take("*") { left = try binary(.times, left, unary()) }
    return left
  }

  private mutating func unary() throws(ExpressionFault) -> Syntax {
    let start = current.range.lowerBound
    var negative = false
    var signs = 0
    while take("-") {
      negative.toggle()
      signs += 1
    }
    let operand = try primary()
    guard signs > 0 else { return operand }
    let range = start..<operand.range.upperBound
    let negated = Syntax(node: .negation(operand), range: range)
    // Two signs leave the number as it is, but it must still be a number.
    return negative ? negated : Syntax(node: .negation(negated), range: range)
  }

  private mutating func primary() throws(ExpressionFault) -> Syntax {
    let token = current
    switch token.kind {
    case .text(let text):
      advance()
      return Syntax(node: .text(text), range: token.range)
    case .number(let number):
      advance()
      return Syntax(node: .number(number), range: token.range)
    case .symbol("("):
      advance()
      let inner = try or()
      guard take(")") else { throw unexpected("')'") }
      return inner
    case .name(let name) where following.kind == .symbol("("):
      return try call(name, from: token.range.lowerBound)
    case .name, .symbol("."), .symbol(".."), .symbol("/"), .symbol("@"): return try path()
    default: throw unexpected("a value")
    }
  }

  private mutating func call(_ name: String, from start: Int) throws(ExpressionFault) -> Syntax {
    advance()
    advance()
    var arguments: [Syntax] = []
    if !take(")") {
      repeat { arguments.append(try or()) } while take(",")
      guard current.kind == .symbol(")") else { throw unexpected("',' or ')'") }
      advance()
    }
    return Syntax(node: .call(name, arguments), range: start..<tokens[position - 1].range.upperBound)
  }

  private mutating func path() throws(ExpressionFault) -> Syntax {
    let start = current.range.lowerBound
    let isAbsolute = take("/")
    var ascents = 0
    var selfPredicates: [Syntax] = []
    var steps: [PathSyntax.Step] = []
    var more = true
    if !isAbsolute, take(".") {
      selfPredicates = try predicates()
      more = take("/")
    } else {
      while !isAbsolute, more, take("..") {
        ascents += 1
        more = take("/")
      }
    }
    while more {
      steps.append(try step())
      more = take("/")
    }
    let path = PathSyntax(isAbsolute: isAbsolute, ascents: ascents, selfPredicates: selfPredicates, steps: steps)
    return Syntax(node: .path(path), range: start..<tokens[position - 1].range.upperBound)
  }

  private mutating func step() throws(ExpressionFault) -> PathSyntax.Step {
    let start = current.range.lowerBound
    let isAttribute = take("@")
    switch current.kind {
    case .name(let name):
      advance()
      let range = start..<tokens[position - 1].range.upperBound
      return PathSyntax.Step(name: (isAttribute ? "@" : "") + name, predicates: try predicates(), range: range)
    case .symbol("*"): throw fault("a path names its fields; '*' is not among them")
    case .symbol(".."): throw fault("'..' stands only at the beginning of a path")
    case .symbol("/"): throw fault("'//' is not part of the language; name each step")
    default: throw unexpected("the name of a field")
    }
  }

  private mutating func predicates() throws(ExpressionFault) -> [Syntax] {
    var result: [Syntax] = []
    while take("[") {
      result.append(try or())
      guard take("]") else { throw unexpected("']'") }
    }
    return result
  }
}
