import CDR

extension Evaluator {
  static func overflow(_ what: String) -> EvaluationError {
    EvaluationError(code: .overflow, message: "\(what) has more than \(DecimalNumber.maximumDigits) digits")
  }

  static func inexact(_ number: String, _ scale: Int, _ rounding: DecimalNumber.Rounding) -> EvaluationError {
    rounding == .exact
      ? EvaluationError(
        code: .inexact, message: "\(number) has more than \(scale) digits behind the point, and the rounding is 'exact'", value: number)
      : overflow("\(number) with \(scale) digits behind the point")
  }

  mutating func arithmetic(
    _ operation: Syntax.Operator, _ left: Expression, _ right: Expression
  ) throws(EvaluationError) -> DecimalNumber {
    let (left, right) = (try number(left), try number(right))
    let result =
      switch operation {
      case .plus: left.adding(right)
      case .minus: left.subtracting(right)
      default: left.multiplied(by: right)
      }
    guard let result else { throw Self.overflow("\(left) \(operation.rawValue) \(right)") }
    return result
  }

  func quotient(
    _ dividend: DecimalNumber, _ divisor: DecimalNumber, _ scale: Int, _ rounding: DecimalNumber.Rounding
  ) throws(EvaluationError) -> DecimalNumber {
    if divisor.unscaled == 0 { throw EvaluationError(code: .divisionByZero, message: "\(dividend) is divided by zero", value: "0") }
    guard let result = dividend.divided(by: divisor, scale: scale, rounding: rounding) else {
      throw Self.inexact("\(dividend) / \(divisor)", scale, rounding)
    }
    return result
  }

  func decimal(_ value: Value, _ marks: DecimalMarks, of expression: Expression) throws(EvaluationError) -> DecimalNumber {
    guard case .text(let text) = value, !value.isBlank else {
      return try Self.number(value.isBlank ? .absent : value, expression.pathText)
    }
    return try Self.number(ofText: text, marks, expression.pathText)
  }

  /// The number that a text denotes, or where it is none.
  static func number(ofText text: String, _ marks: DecimalMarks, _ path: String?) throws(EvaluationError) -> DecimalNumber {
    do throws(DecimalMarks.Fault) { return try marks.number(text) } catch {
      throw EvaluationError(
        code: .notANumber,
        message: (path.map { "\($0) is \(Value.text(text).summary), which" } ?? Value.text(text).summary)
          + " is no decimal number: character \(error.character): \(error.reason)",
        value: text, hint: "digits with a sign and a point, at most 37; other marks are declared: decimal(…, ',', '.')")
    }
  }

  mutating func truth(_ operand: Expression) throws(EvaluationError) -> Bool {
    let text = try text(operand)
    if let flag = TruthWords.value(text) { return flag }
    let path = operand.pathText
    if text.withoutOuterBlanks.isEmpty {
      throw EvaluationError(
        code: .emptyValue, message: "\(path ?? "the operand") is empty where a truth value is needed",
        hint: "say what empty means: boolean(coalesce(…, '0')), or a condition with when=")
    }
    throw EvaluationError(
      code: .notABoolean, message: "\(path.map { "\($0) is " } ?? "")\(Value.text(text).summary), which is no truth value", value: text,
      hint: "there are \(TruthWords.list)")
  }

  mutating func date(_ operand: Expression, _ from: DateForms, _ to: DateFormat) throws(EvaluationError) -> Value {
    let text = try text(operand)
    // The first form that fits counts, and would write the same.
    if to.isISO, from.forms[0].readsISO, DateFormat.isISODay(text) { return .text(text) }
    if text.withoutOuterBlanks.isEmpty { return .absent }
    guard let time = from.microseconds(of: text), let date = to.text(ofMicroseconds: time) else {
      throw notADate(text, from, operand)
    }
    return .text(date)
  }

  mutating func time(_ operand: Expression, _ format: DateForms, _ offset: Int64) throws(EvaluationError) -> Int64 {
    let text = try text(operand)
    if text.withoutOuterBlanks.isEmpty {
      throw EvaluationError(code: .emptyValue, message: "\(operand.pathText ?? "the operand") is empty where a time is needed")
    }
    guard let time = format.microseconds(of: text) else { throw notADate(text, format, operand) }
    return time - offset
  }

  mutating func timeText(_ operand: Expression, _ format: DateFormat, _ offset: Int64) throws(EvaluationError) -> Value {
    let number = try number(operand)
    guard let whole = number.rescaled(to: 0, rounding: .exact), let time = Int64(exactly: whole.unscaled),
      case let (local, overflow) = time.addingReportingOverflow(offset), !overflow, let text = format.text(ofMicroseconds: local)
    else {
      throw EvaluationError(
        code: .notADate, message: "\(number) is no time in microseconds since 1970 of the years 1 to 9999", value: number.description)
    }
    return .text(text)
  }

  private func notADate(_ text: String, _ forms: DateForms, _ operand: Expression) -> EvaluationError {
    let path = operand.pathText.map { "\($0) is " } ?? ""
    return EvaluationError(
      code: .notADate, message: "\(path)\(Value.text(text).summary), which is no date of the calendar written as \(forms.pattern)",
      value: text)
  }

  mutating func call(_ function: Function, _ arguments: [Expression]) throws(EvaluationError) -> Value {
    switch function {
    case .concat:
      var result = ""
      for argument in arguments { result += try text(argument) }
      return .text(try bounded(result))
    case .substring:
      let text = try text(arguments[0])
      let start = try integer(arguments[1])
      let length = arguments.count > 2 ? try integer(arguments[2]) : .max
      return .text(Self.substring(text, start, length))
    case .substringBefore:
      let (text, mark) = (try text(arguments[0]), try text(arguments[1]))
      return .text(Self.range(of: mark, in: text).map { String(text[..<$0.lowerBound]) } ?? "")
    case .substringAfter:
      let (text, mark) = (try text(arguments[0]), try text(arguments[1]))
      return .text(Self.range(of: mark, in: text).map { String(text[$0.upperBound...]) } ?? "")
    case .normalizeSpace: return .text(Self.normalizingSpace(try text(arguments[0])))
    case .translate:
      let (text, from, to) = (try text(arguments[0]), try text(arguments[1]), try text(arguments[2]))
      return .text(Self.translate(text, Array(from.unicodeScalars), Array(to.unicodeScalars)))
    case .upper: return .text(try bounded(try text(arguments[0]).uppercased()))
    case .lower: return .text(try bounded(try text(arguments[0]).lowercased()))
    case .replace:
      let (text, old, new) = (try text(arguments[0]), try text(arguments[1]), try text(arguments[2]))
      return .text(try replace(text, old, new))
    case .startsWith:
      let (text, prefix) = (try text(arguments[0]), try text(arguments[1]))
      return .boolean(text.utf8.starts(with: prefix.utf8))
    case .contains:
      let (text, part) = (try text(arguments[0]), try text(arguments[1]))
      return .boolean(Self.range(of: part, in: text) != nil)
    case .stringLength: return .integer(Int128(try text(arguments[0]).unicodeScalars.count))
    case .string: return .text(try value(arguments[0]).plainText)
    }
  }

  private mutating func integer(_ expression: Expression) throws(EvaluationError) -> Int {
    let number = try number(expression)
    guard let whole = number.rescaled(to: 0, rounding: .exact), let integer = Int(exactly: whole.unscaled) else {
      throw EvaluationError(code: .notANumber, message: "\(number) is no whole number", value: number.description)
    }
    return integer
  }

  private func bounded(_ text: String) throws(EvaluationError) -> String {
    guard text.utf8.count <= Self.greatestTextLength else {
      throw EvaluationError(
        code: .textTooLong, message: "a text of \(text.utf8.count) octets was made; at most \(Self.greatestTextLength) are allowed")
    }
    return text
  }

  /// Characters are Unicode scalars, counted from 1 (XPath 1.0, 4.2); what lies outside the text is left out.
  static func substring(_ text: String, _ start: Int, _ length: Int) -> String {
    guard length > 0 else { return "" }
    let (end, overflow) = start.addingReportingOverflow(length)
    let scalars = text.unicodeScalars
    let first = max(1, start)
    let last = overflow ? Int.max : end
    guard last > first else { return "" }
    return String(String.UnicodeScalarView(scalars.dropFirst(first - 1).prefix(last - first)))
  }

  /// Compares octets, so that a mark is found only where it is written so.
  static func range(of part: String, in text: String) -> Range<String.Index>? {
    let (text, part) = (text.utf8, part.utf8)
    guard let first = part.first else { return text.startIndex..<text.startIndex }
    var index = text.startIndex
    while let found = text[index...].firstIndex(of: first) {
      if text[found...].starts(with: part) { return found..<text.index(found, offsetBy: part.count) }
      index = text.index(after: found)
    }
    return nil
  }

  /// Blanks, tabs and line ends at the ends left out, and one blank for each run of them inside (XPath 1.0, 4.2).
  static func normalizingSpace(_ text: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    var pending = false
    for octet in text.utf8 {
      if octet == 0x20 || octet == 0x09 || octet == 0x0A || octet == 0x0D {
        pending = !result.isEmpty
      } else {
        if pending { result.append(0x20) }
        pending = false
        result.append(octet)
      }
    }
    return result.count == text.utf8.count ? text : String(decoding: result, as: UTF8.self)
  }

  static func translate(_ text: String, _ from: [Unicode.Scalar], _ to: [Unicode.Scalar]) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard let place = from.firstIndex(of: scalar) else {
        result.append(scalar)
        continue
      }
      if place < to.count { result.append(to[place]) }
    }
    return String(result)
  }

  private func replace(_ text: String, _ old: String, _ new: String) throws(EvaluationError) -> String {
    if old.isEmpty { throw EvaluationError(code: .emptyValue, message: "the text to be replaced is empty") }
    let (octets, search, replacement) = (Array(text.utf8), Array(old.utf8), Array(new.utf8))
    var result: [UInt8] = []
    var position = 0
    while position < octets.count, result.count <= Self.greatestTextLength {
      if octets[position] == search[0], octets[position...].starts(with: search) {
        result.append(contentsOf: replacement)
        position += search.count
      } else {
        result.append(octets[position])
        position += 1
      }
    }
    return try bounded(String(decoding: result, as: UTF8.self))
  }
}
