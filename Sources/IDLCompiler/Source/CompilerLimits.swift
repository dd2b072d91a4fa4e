/// The bounds that keep hostile source from taking time or memory without end.
struct CompilerLimits {
  /// Bytes of one file.
  var fileBytes = 16 << 20
  /// Files of one translation unit, each inclusion counted.
  var inclusions = 10_000
  /// Files that include one another.
  var includeDepth = 64
  /// Scopes, types and parentheses inside one another; also interfaces derived from one another.
  var nesting = 200
  /// Operators inside one another, which includes a chain such as `1 + 1 + 1`.
  var expressionDepth = 1_000
  /// Bytes of one identifier.
  var identifierBytes = 1_024
  /// Declarations, members, parameters and enumerators together.
  var declarations = 1_000_000
  /// Tokens that come out of macros.
  var expandedTokens = 1_000_000
  /// Errors that are shown.
  var errors = 1_000
}
