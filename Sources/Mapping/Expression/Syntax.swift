import CDR

/// An expression as it is written.
struct Syntax: Sendable {
  indirect enum Node: Sendable {
    case text(String)
    case number(DecimalNumber)
    case path(PathSyntax)
    case call(String, [Syntax])
    case negation(Syntax)
    case binary(Operator, Syntax, Syntax)
  }

  enum Operator: String, Sendable {
    case or, and
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"

    var isComparison: Bool {
      switch self {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
      default: false
      }
    }
  }

  let node: Node
  /// Octets in the expression's UTF-8.
  let range: Range<Int>
}

/// `../entry[unit_code != '']/rate`
struct PathSyntax: Sendable {
  struct Step: Sendable {
    /// A field's name; an attribute bears its `@`.
    let name: String
    let predicates: [Syntax]
    let range: Range<Int>
  }

  /// From the root of the document.
  let isAbsolute: Bool
  /// How many `..` the path begins with.
  let ascents: Int
  /// Predicates on `.` itself.
  let selfPredicates: [Syntax]
  let steps: [Step]
}
