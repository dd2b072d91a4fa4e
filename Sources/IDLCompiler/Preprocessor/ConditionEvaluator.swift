extension Preprocessor {
  /// Evaluates the expression of `#if` or `#elif`; an error counts as false.
  func holdsCondition(_ tokens: [Token], at location: SourceLocation) -> Bool {
    var evaluator = ConditionEvaluator(tokens: tokens, preprocessor: self)
    do throws(ConditionEvaluator.Malformed) {
      let value = try evaluator.expression(minimum: 0, depth: 0)
      guard evaluator.isAtEnd else { throw ConditionEvaluator.Malformed(reason: "unexpected '\(evaluator.current)'") }
      return value != 0
    } catch {
      diagnostics.error(.malformedCondition, "malformed condition: \(error.reason)", at: location)
      return false
    }
  }
}

/// Integer expressions with `defined`, by precedence climbing; undefined names count as 0.
struct ConditionEvaluator {
  struct Malformed: Error {
    let reason: String
  }

  private var tokens: [Token]
  private var position = 0
  private let preprocessor: Preprocessor

  init(tokens: [Token], preprocessor: Preprocessor) {
    self.tokens = tokens
    self.preprocessor = preprocessor
  }

  var isAtEnd: Bool { position >= tokens.count }
  var current: String { isAtEnd ? "end of line" : tokens[position].text }

  private static let precedences: [Punctuation: Int] = [
    .logicalOr: 1, .logicalAnd: 2, .or: 3, .exclusiveOr: 4, .and: 5, .isEqual: 6, .isNotEqual: 6, .less: 7, .lessOrEqual: 7,
    .greater: 7, .greaterOrEqual: 7, .plus: 9, .minus: 9, .times: 10, .divide: 10, .remainder: 10,
  ]

  mutating func expression(minimum: Int, depth: Int) throws(Malformed) -> Int64 {
    var left = try operand(depth: depth)
    while !isAtEnd, case .punctuation(let sign) = tokens[position].kind, let precedence = Self.precedences[sign], precedence > minimum {
      position += 1
      left = try apply(sign, left, try expression(minimum: precedence, depth: depth + 1))
    }
    return left
  }

  private mutating func operand(depth: Int) throws(Malformed) -> Int64 {
    guard depth < preprocessor.limits.nesting else { throw Malformed(reason: "too many levels") }
    guard !isAtEnd else { throw Malformed(reason: "an operand is missing") }
    let token = tokens[position]
    position += 1
    switch token.kind {
    case .integer(let value): return Int64(truncatingIfNeeded: value)
    case .punctuation(.not): return try operand(depth: depth + 1) == 0 ? 1 : 0
    case .punctuation(.minus): return 0 &- (try operand(depth: depth + 1))
    case .punctuation(.plus): return try operand(depth: depth + 1)
    case .punctuation(.openParenthesis):
      let value = try expression(minimum: 0, depth: depth + 1)
      guard take(.closeParenthesis) else { throw Malformed(reason: "')' is missing") }
      return value
    case .identifier("defined"):
      let hasParenthesis = take(.openParenthesis)
      guard !isAtEnd, case .identifier(let name) = tokens[position].kind else {
        throw Malformed(reason: "a name is missing after 'defined'")
      }
      position += 1
      guard !hasParenthesis || take(.closeParenthesis) else { throw Malformed(reason: "')' is missing") }
      return preprocessor.macros[name] == nil ? 0 : 1
    case .identifier(let name):
      guard let value = preprocessor.macros[name] else { return 0 }
      preprocessor.expandedTokens += 1
      guard preprocessor.expandedTokens <= preprocessor.limits.expandedTokens else { throw Malformed(reason: "macros expand without end") }
      // The value of the macro as one operand; a macro that names itself counts as 0.
      var inner = ConditionEvaluator(tokens: value.filter { $0.kind != .identifier(name) }, preprocessor: preprocessor)
      let result = try inner.expression(minimum: 0, depth: depth + 8)
      guard inner.isAtEnd else { throw Malformed(reason: "macro '\(name)' is no number") }
      return result
    default: throw Malformed(reason: "unexpected '\(token.text)'")
    }
  }

  private mutating func take(_ sign: Punctuation) -> Bool {
    guard !isAtEnd, tokens[position].kind == .punctuation(sign) else { return false }
    position += 1
    return true
  }

  private func apply(_ sign: Punctuation, _ left: Int64, _ right: Int64) throws(Malformed) -> Int64 {
    switch sign {
    case .logicalOr: return left != 0 || right != 0 ? 1 : 0
    case .logicalAnd: return left != 0 && right != 0 ? 1 : 0
    case .or: return left | right
    case .exclusiveOr: return left ^ right
    case .and: return left & right
    case .isEqual: return left == right ? 1 : 0
    case .isNotEqual: return left != right ? 1 : 0
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    case .greater: return left > right ? 1 : 0
    case .greaterOrEqual: return left >= right ? 1 : 0
    case .plus: return left &+ right
    case .minus: return left &- right
    case .times: return left &* right
    default:
      guard right != 0 else { throw Malformed(reason: "division by zero") }
      if sign == .divide { return left.dividedReportingOverflow(by: right).partialValue }
      return left.remainderReportingOverflow(dividingBy: right).partialValue
    }
  }
}
