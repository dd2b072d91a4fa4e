public import CDR

/// An amount of a document for which another one stands in what a mapping made of it: it was rounded away, wholly or in part.
public struct ChangedAmount: Sendable {
  /// The field of the target: `position_list[2]/position_price`.
  public let field: String
  /// The record of the document that has the amount.
  public let source: Record
  /// Its field there: `unitPrice`.
  public let sourceField: String
  /// The amount in the document.
  public let amount: DecimalNumber
  /// The amount that stands for it, in the document's measure; 0 where a price was worked out of it that became 0.
  public let becomes: DecimalNumber
  /// The `<set>` that did it.
  public let place: SourcePlace
}

/// The types of the canonical model by which amounts are known.
private enum AmountType: String {
  case money = "MoneyAmount"
  case price = "UnitPriceAmount"
  case quantity = "QuantityAmount"
  case percent = "PercentAmount"

  init?(_ type: TypeCode) {
    guard case .alias(_, let name, _) = type, let known = AmountType(rawValue: name) else { return nil }
    self = known
  }
}

/// An amount of the document that an expression reads.
private struct ReadAmount {
  let type: AmountType
  let record: Record
  let slot: Int
  let number: DecimalNumber
}

// Which amounts become others. An amount that is handed on as it is, or in another unit (times a power of ten), must be the same
// afterwards. What is worked out of several ones (a price with tax) has digits of its own; but a price that was one must not be 0.
extension MappingRun {
  /// Notes the amount that an expression reads where the value that was made of it says another.
  mutating func trace(_ value: Value, of expression: Expression, _ field: AssignedField, _ trace: Trace) {
    guard changedAmounts.count < MappingContext.greatestProblemCount, let number = Self.number(value) else { return }
    if let (amount, shift) = shifted(expression) {
      guard let becomes = Self.shifted(number, by: -shift), becomes != amount.number else { return }
      note(amount, becomes, field, trace)
    } else if number.unscaled == 0 {
      let read = amounts(in: expression)
      guard !read.contains(where: { $0.type == .quantity || $0.type == .money }),
        let price = read.first(where: { $0.type == .price && $0.number.unscaled != 0 })
      else { return }
      note(price, DecimalNumber(0), field, trace)
    }
  }

  private mutating func note(_ amount: ReadAmount, _ becomes: DecimalNumber, _ field: AssignedField, _ trace: Trace) {
    changedAmounts.append(
      ChangedAmount(
        field: name(of: field), source: amount.record, sourceField: amount.record.type.fields[amount.slot].name, amount: amount.number,
        becomes: becomes, place: trace.place))
  }

  private static func number(_ value: Value) -> DecimalNumber? {
    switch value {
    case .text(let text): DecimalNumber(text)
    case .double(let number): DecimalNumber(String(number))
    default: value.number
    }
  }

  /// The amount that an expression hands on, and by which power of ten it is multiplied; nil where it does something else.
  private mutating func shifted(_ expression: Expression) -> (ReadAmount, Int)? {
    switch expression {
    case .field(let frame, let slot, _): return amount(frame, [slot]).map { ($0, 0) }
    case .descent(let frame, let slots, _): return amount(frame, slots).map { ($0, 0) }
    case .decimal(let operand, _), .round(let operand, _, _): return shifted(operand)
    case .call(.string, let operands) where operands.count == 1: return shifted(operands[0])
    case .coalesce(let operands): return operands.first.flatMap { shifted($0) }
    case .conditional(let condition, let yes, let no):
      guard let isSo = try? evaluator.boolean(condition) else { return nil }
      return shifted(isSo ? yes : no)
    case .arithmetic(.times, let left, let right):
      if let power = Self.power(right) { return shifted(left).map { ($0.0, $0.1 + power) } }
      if let power = Self.power(left) { return shifted(right).map { ($0.0, $0.1 + power) } }
      return nil
    case .quotient(let dividend, let divisor, _, _):
      guard let power = Self.power(divisor) else { return nil }
      return shifted(dividend).map { ($0.0, $0.1 - power) }
    default: return nil
    }
  }

  /// The exponent where an expression is a constant power of ten.
  private static func power(_ expression: Expression) -> Int? {
    guard let number = expression.constantValue?.number?.normalized, number.unscaled > 0 else { return nil }
    var (rest, exponent) = (number.unscaled, -number.scale)
    while rest % 10 == 0 {
      rest /= 10
      exponent += 1
    }
    return rest == 1 ? exponent : nil
  }

  private static func shifted(_ number: DecimalNumber, by exponent: Int) -> DecimalNumber? {
    if exponent <= 0 { return DecimalNumber(unscaled: number.unscaled, scale: number.scale - exponent) }
    guard exponent < 38 else { return nil }
    return DecimalNumber(unscaled: DecimalNumber.power(exponent), scale: 0).flatMap { number.multiplied(by: $0) }
  }

  private func amount(_ frame: Int, _ slots: [Int]) -> ReadAmount? {
    var node = evaluator.frames[frame].node
    for (depth, slot) in slots.enumerated() {
      guard case .record(let record) = node, slot < record.slots.count else { return nil }
      node = record.slots[slot]
      guard depth == slots.count - 1 else { continue }
      guard let type = AmountType(record.type.fields[slot].type), let number = node.number else { return nil }
      return ReadAmount(type: type, record: record, slot: slot, number: number)
    }
    return nil
  }

  /// The amounts that an expression works with; those that conditions look at do not count.
  private mutating func amounts(in expression: Expression) -> [ReadAmount] {
    switch expression {
    case .field(let frame, let slot, _): return amount(frame, [slot]).map { [$0] } ?? []
    case .descent(let frame, let slots, _): return amount(frame, slots).map { [$0] } ?? []
    case .decimal(let operand, _), .round(let operand, _, _), .negation(let operand): return amounts(in: operand)
    case .conditional(let condition, let yes, let no):
      guard let isSo = try? evaluator.boolean(condition) else { return [] }
      return amounts(in: isSo ? yes : no)
    case .arithmetic(_, let left, let right), .quotient(let left, let right, _, _): return amounts(in: left) + amounts(in: right)
    case .coalesce(let operands), .call(_, let operands):
      var found: [ReadAmount] = []
      for operand in operands { found += amounts(in: operand) }
      return found
    default: return []
    }
  }
}
