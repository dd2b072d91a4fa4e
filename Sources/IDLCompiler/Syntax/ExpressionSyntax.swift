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
  /// The operator of a binary expression, else the first token.
  let location: SourceLocation
  /// The greatest number of operators inside one another; bounds every recursion over the expression.
  let depth: Int
}
