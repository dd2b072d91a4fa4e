/// A constant expression as written.
struct ExpressionSyntax {
  indirect enum Kind {
    case literal(Token.Kind)
    case boolean(Bool)
    case name(ScopedNameSyntax)
    case unary(Punctuation, ExpressionSyntax)
    case binary(Punctuation, ExpressionSyntax, ExpressionSyntax)
  }

  let kind: Kind
  /// The operator, or the only token.
  let location: SourceLocation
  /// The first token.
  let start: SourceLocation
  /// The greatest number of operators inside one another; bounds every recursion over the expression.
  let depth: Int
}
