/// Collects documentation comments until the token that they describe arrives.
struct PendingDocumentation {
  private var leading: [String] = []
  private var trailing: [String] = []
  /// The line on which a `///` comment ended, when that was the last one.
  private var lastLine: Int?

  mutating func take(_ lines: [String], isTrailing: Bool, isLine: Bool, from first: Int, to last: Int) {
    if isTrailing {
      trailing += lines
    } else if isLine, let lastLine, lastLine + 1 == first {
      leading += lines
    } else {
      leading = lines
    }
    lastLine = isLine && !isTrailing ? last : nil
  }

  mutating func give(to token: inout Token) {
    token.documentation = leading
    token.trailingDocumentation = trailing
    self = PendingDocumentation()
  }

  mutating func dropLeading() {
    leading = []
    lastLine = nil
  }
}
