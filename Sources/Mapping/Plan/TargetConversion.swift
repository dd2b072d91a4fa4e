import CDR

/// How a value becomes one of its field's type.
enum TargetConversion: Sendable, Hashable {
  /// The types are the same.
  case copy
  /// - Parameter bound: Octets of UTF-8, of `wstring` UTF-16 units; nil for none.
  case text(bound: Int?, isWide: Bool)
  case character
  /// - Parameter rounding: The declared scale and how digits are dropped; nil: none may be lost.
  case number(NumberTarget, rounding: DeclaredRounding?)
  case boolean
  case enumeration(EnumerationType)

  struct DeclaredRounding: Sendable, Hashable {
    var scale: Int
    var mode: DecimalNumber.Rounding
  }
}

/// The range of a numeric field.
enum NumberTarget: Sendable, Hashable {
  /// - Parameter limit: Ten to the power of the digits.
  case fixed(digits: Int, scale: Int, limit: UInt128)
  case integer(ClosedRange<Int128>, name: String)
  case double
  case float

  init?(_ type: TypeCode) {
    switch type.resolved {
    case .fixed(let digits, let scale):
      self = .fixed(digits: Int(digits), scale: Int(scale), limit: DecimalNumber.power(Int(digits)).magnitude)
    case .octet: self = .integer(0...255, name: "octet")
    case .short: self = .integer(Int128(Int16.min)...Int128(Int16.max), name: "short")
    case .unsignedShort: self = .integer(0...Int128(UInt16.max), name: "unsigned short")
    case .long: self = .integer(Int128(Int32.min)...Int128(Int32.max), name: "long")
    case .unsignedLong: self = .integer(0...Int128(UInt32.max), name: "unsigned long")
    case .longLong: self = .integer(Int128(Int64.min)...Int128(Int64.max), name: "long long")
    case .unsignedLongLong: self = .integer(0...Int128(UInt64.max), name: "unsigned long long")
    case .double: self = .double
    case .float: self = .float
    default: return nil
    }
  }
}

extension TargetConversion {
  /// Whether a text of blanks is no value: numbers and truth values have no blanks of their own.
  func isEmpty(_ value: Value) -> Bool {
    switch self {
    case .number, .boolean: value.isBlank
    default: value.isEmpty
    }
  }

  /// Converts a value that is there.
  func convert(_ value: Value) throws(EvaluationError) -> Value {
    switch self {
    case .copy: return value
    case .text(let bound, let isWide):
      let text = value.plainText
      if let bound, case let length = isWide ? text.utf16.count : text.utf8.count, length > bound {
        throw EvaluationError(
          code: .textTooLong, message: "\(Value.text(text).summary) has \(length) octets, where at most \(bound) fit", value: text)
      }
      if case .text = value { return value }
      return .text(text)
    case .character:
      let scalars = value.plainText.unicodeScalars
      guard scalars.count == 1, let scalar = scalars.first, scalar.value < 256 else {
        throw EvaluationError(
          code: .textTooLong, message: "\(value.summary) is not one character of ISO 8859-1", value: value.plainText)
      }
      return .text(String(Character(scalar)))
    case .number(let target, let rounding): return try target.convert(try Self.number(value), rounding)
    case .boolean:
      switch value {
      case .boolean: return value
      default:
        if case .text(let text) = value, let flag = TruthWords.value(text) { return .boolean(flag) }
        if let number = value.number, number == DecimalNumber(0) || number == DecimalNumber(1) {
          return .boolean(number == DecimalNumber(1))
        }
        throw EvaluationError(
          code: .notABoolean, message: "\(value.summary) is no truth value; there are \(TruthWords.list)", value: value.plainText)
      }
    case .enumeration(let type):
      let name = value.plainText
      guard type.ordinal(of: name) != nil else {
        throw EvaluationError(
          code: .notAnEnumerator, message: "\(Value.text(name).summary) is no enumerator of \(type.name)", value: name,
          hint: NameSuggestion.hint(for: name, among: type.enumerators))
      }
      return .enumerator(name)
    }
  }

  /// Text is read here, since `as` or a value map's answer asks for it; truth values are 1 and 0.
  private static func number(_ value: Value) throws(EvaluationError) -> DecimalNumber {
    switch value {
    case .boolean(let flag): return DecimalNumber(flag ? 1 : 0)
    case .text(let text) where !text.isEmpty:
      if let number = DecimalNumber(text) { return number }
      return try Evaluator.number(ofText: text, .plain, nil)
    default: return try Evaluator.number(value, nil)
    }
  }
}

extension NumberTarget {
  func convert(_ number: DecimalNumber, _ rounding: TargetConversion.DeclaredRounding?) throws(EvaluationError) -> Value {
    var result = number
    if let rounding {
      guard let rounded = number.rescaled(to: rounding.scale, rounding: rounding.mode) else {
        throw doesNotFit(number, "has more than \(rounding.scale) digits behind the point")
      }
      result = rounded
    }
    switch self {
    case .fixed(let digits, let scale, let limit):
      guard let exact = result.rescaled(to: scale, rounding: .exact) else {
        throw doesNotFit(number, "does not fit into fixed<\(digits),\(scale)>")
      }
      guard exact.unscaled.magnitude < limit else { throw doesNotFit(number, "does not fit into fixed<\(digits),\(scale)>") }
      return .decimal(exact)
    case .integer(let range, let name):
      guard let whole = result.rescaled(to: 0, rounding: .exact), range.contains(whole.unscaled) else {
        throw doesNotFit(number, "does not fit into \(name)")
      }
      return .integer(whole.unscaled)
    case .double: return .double(Double(result.description) ?? 0)
    case .float: return .double(Float(result.description).map(Double.init) ?? 0)
    }
  }

  private func doesNotFit(_ number: DecimalNumber, _ why: String) -> EvaluationError {
    EvaluationError(
      code: .doesNotFit, message: "\(number) \(why)", value: number.description, hint: "declare what is lost: scale= and round=")
  }
}
