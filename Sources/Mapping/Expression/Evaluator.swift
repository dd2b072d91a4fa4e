import CDR

/// Computes checked expressions over one document.
///
/// The frames are the nodes that paths can begin at: the document, and the element of each for-each and predicate that is being
/// worked on. Which frame holds what is known when the mapping is checked.
struct Evaluator {
  struct Frame {
    var node: Value
    /// From 1.
    var position: Int
  }

  /// Octets of a text that a function may make.
  static let greatestTextLength = 1 << 20

  var frames: [Frame]
  /// Microseconds since 1970, UTC.
  let documentTime: Int64

  init(root: Value, documentTime: Int64) {
    frames = []
    frames.reserveCapacity(8)
    frames.append(Frame(node: root, position: 1))
    self.documentTime = documentTime
  }

  /// The value of a field of the document; nil where there is none, or an empty one.
  func value(of field: FieldCopy) -> Value? {
    guard case .record(let record) = frames[field.frame].node, field.slot < record.slots.count, !record.slots[field.slot].isEmpty else {
      return nil
    }
    return record.slots[field.slot]
  }

  /// The value at a place of the document; nil where there is none, or an empty one.
  func value(at place: CopiedPlace) -> Value? {
    if let slot = place.single { return value(of: FieldCopy(frame: place.frame, slot: slot)) }
    var node = frames[place.frame].node
    for slot in place.slots {
      guard case .record(let record) = node, slot < record.slots.count else { return nil }
      node = record.slots[slot]
    }
    return node.isEmpty ? nil : node
  }

  /// The value; absent where a path has no node.
  mutating func value(_ expression: Expression) throws(EvaluationError) -> Value {
    switch expression {
    case .constant(let value): return value
    case .field(let frame, let slot, _):
      guard case .record(let record) = frames[frame].node, slot < record.slots.count else { return .absent }
      return record.slots[slot]
    case .descent(let frame, let slots, _):
      var node = frames[frame].node
      for slot in slots {
        guard case .record(let record) = node, slot < record.slots.count else { return .absent }
        node = record.slots[slot]
      }
      return node
    case .node(let frame): return frames[frame].node
    case .path(let path): return try single(path)
    case .position(let frame): return .integer(Int128(frames[frame].position))
    case .documentTime: return .integer(Int128(documentTime))
    case .not, .and, .or, .equality, .order, .truth: return .boolean(try boolean(expression))
    case .arithmetic, .negation, .sum, .count, .decimal, .round, .quotient, .time: return .decimal(try number(expression))
    case .conditional(let condition, let yes, let no): return try boolean(condition) ? try value(yes) : try value(no)
    case .coalesce(let choices):
      for choice in choices.dropLast() {
        let found = try value(choice)
        if !found.isEmpty { return found }
      }
      return try value(choices[choices.count - 1])
    case .date(let text, let from, let to): return try date(text, from, to)
    case .timeText(let number, let format, let offset): return try timeText(number, format, offset)
    case .call(let function, let arguments): return try call(function, arguments)
    }
  }

  /// The value as text; empty where there is none.
  mutating func text(_ expression: Expression) throws(EvaluationError) -> String {
    switch try value(expression) {
    case .text(let text), .enumerator(let text): return text
    case .absent: return ""
    case let other: return other.plainText
    }
  }

  /// The value as a number.
  mutating func number(_ expression: Expression) throws(EvaluationError) -> DecimalNumber {
    switch expression {
    case .arithmetic(let operation, let left, let right): return try arithmetic(operation, left, right)
    case .negation(let operand):
      let operand = try number(operand)
      guard let result = DecimalNumber(unscaled: -operand.unscaled, scale: operand.scale) else { throw Self.overflow("-\(operand)") }
      return result
    case .count(let path):
      var count = 0
      try visit(path) { (_, _) throws(EvaluationError) in count += 1 }
      return DecimalNumber(count)
    case .sum(let path): return try sum(path)
    case .decimal(let operand, let marks): return try decimal(try value(operand), marks, of: operand)
    case .round(let operand, let scale, let rounding):
      let operand = try number(operand)
      guard let result = operand.rescaled(to: scale, rounding: rounding) else { throw Self.inexact("\(operand)", scale, rounding) }
      return result
    case .quotient(let dividend, let divisor, let scale, let rounding):
      return try quotient(try number(dividend), try number(divisor), scale, rounding)
    case .time(let text, let format, let offset): return DecimalNumber(try time(text, format, offset))
    default: return try Self.number(try value(expression), expression.pathText)
    }
  }

  /// The value as a condition.
  mutating func boolean(_ expression: Expression) throws(EvaluationError) -> Bool {
    switch expression {
    case .not(let operand): return try !boolean(operand)
    case .truth(let operand): return try truth(operand)
    case .and(let left, let right): return try boolean(left) ? try boolean(right) : false
    case .or(let left, let right): return try boolean(left) ? true : try boolean(right)
    case .equality(let left, let right, let comparedAs, let isEqual):
      switch comparedAs {
      case .text: return try (text(left) == text(right)) == isEqual
      case .number: return try (number(left) == number(right)) == isEqual
      case .boolean: return try (boolean(left) == boolean(right)) == isEqual
      }
    case .order(let operation, let left, let right):
      let (left, right) = (try number(left), try number(right))
      switch operation {
      case .less: return left < right
      case .lessOrEqual: return !(right < left)
      case .greater: return right < left
      default: return !(left < right)
      }
    default:
      switch try value(expression) {
      case .boolean(let flag): return flag
      case .absent:
        throw EvaluationError(
          code: .emptyValue, message: "\(expression.pathText ?? "the condition") is empty where a truth value is needed",
          hint: "say what empty means: coalesce(…, false())")
      case let other: throw EvaluationError(code: .shape, message: "\(other.summary) stands where a truth value is needed")
      }
    }
  }

  /// An exact number, or why it is none.
  static func number(_ value: Value, _ path: String?) throws(EvaluationError) -> DecimalNumber {
    switch value {
    case .decimal(let number): return number
    case .whole(let integer):
      if let number = DecimalNumber(unscaled: integer.value, scale: 0) { return number }
    case .double(let double):
      if let number = DecimalNumber(shortest: double) { return number }
    case .absent, .text(""):
      throw EvaluationError(
        code: .emptyValue, message: "\(path ?? "the operand") is empty where a number is needed",
        hint: "say what empty means: coalesce(…, 0), or a condition with when=")
    default: break
    }
    throw EvaluationError(
      code: .notANumber, message: "\(path.map { "\($0) is " } ?? "")\(value.summary) where a decimal number is needed",
      value: value.plainText)
  }
}

extension Value {
  /// No value, or the empty text.
  var isEmpty: Bool {
    switch self {
    case .absent: true
    case .text(let text): text.isEmpty
    default: false
    }
  }

  /// No value, or a text of blanks: what a number, a truth value or a date takes for none.
  var isBlank: Bool {
    switch self {
    case .absent: true
    case .text(let text): text.isEmpty || text.withoutOuterBlanks.isEmpty
    default: false
    }
  }

  /// A single value as a text says it; a number has no trailing zeros behind the point.
  var plainText: String {
    switch self {
    case .absent: ""
    case .boolean(let flag): flag ? "true" : "false"
    case .whole(let number): String(number.value)
    case .decimal(let number): number.normalized.description
    case .double(let number): DecimalNumber(shortest: number)?.normalized.description ?? String(number)
    case .text(let text), .enumerator(let text): text
    case .octets, .record, .list: summary
    }
  }
}

extension DecimalNumber {
  /// The shortest decimal that denotes a binary fraction; nil where it is infinite, no number, or has too many digits.
  init?(shortest double: Double) {
    guard double.isFinite else { return nil }
    let parts = String(double).split(separator: "e", maxSplits: 1)
    guard parts.count == 2 else {
      self.init(parts[0])
      return
    }
    guard let mantissa = DecimalNumber(parts[0]), let exponent = Int(parts[1]), abs(exponent) <= 60 else { return nil }
    let digits = mantissa.normalized
    let scale = digits.scale - exponent
    if scale >= 0 {
      self.init(unscaled: digits.unscaled, scale: scale)
    } else {
      guard scale >= -Self.maximumDigits else { return nil }
      let (product, overflow) = digits.unscaled.multipliedReportingOverflow(by: Self.power(-scale))
      guard !overflow else { return nil }
      self.init(unscaled: product, scale: 0)
    }
  }
}
