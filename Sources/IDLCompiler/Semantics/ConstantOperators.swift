/// The operators of constant expressions.
extension Analyzer {
  func apply(_ sign: Punctuation, _ value: ConstantValue, _ target: ConstantTarget, at location: SourceLocation) -> ConstantValue? {
    switch (value, target) {
    case (.integer(let number), .integer(_, _, let complement)):
      switch (sign, complement) {
      case (.plus, _): return value
      case (.minus, _): return bounded(0 - number, at: location)
      case (_, .signed): return bounded(-1 - number, at: location)
      case (_, .unsigned(let bits)): return bounded((Int128(1) << Int128(bits)) - 1 - number, at: location)
      }
    case (.floating(let number), _) where sign != .tilde: return .floating(sign == .minus ? -number : number)
    case (.fixed(let number), _) where sign != .tilde: return .fixed(sign == .minus ? number.negated : number)
    default: return misplaced(sign, value, at: location)
    }
  }

  func apply(
    _ sign: Punctuation, _ left: ConstantValue, _ right: ConstantValue, _ target: ConstantTarget, at location: SourceLocation
  ) -> ConstantValue? {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): return apply(sign, left, right, at: location)
    case (.floating(let first), .floating(let second)):
      guard sign != .divide || second != 0 else { return dividedByZero(at: location) }
      let result: Double
      switch sign {
      case .plus: result = first + second
      case .minus: result = first - second
      case .times: result = first * second
      case .divide: result = first / second
      default: return misplaced(sign, left, at: location)
      }
      return result.isFinite ? .floating(result) : overflowed("the range of double", at: location)
    case (.fixed(let first), .fixed(let second)):
      guard sign != .divide || second.coefficient != 0 else { return dividedByZero(at: location) }
      let result: DecimalValue?
      switch sign {
      case .plus: result = first.adding(second)
      case .minus: result = first.adding(second.negated)
      case .times: result = first.multiplied(by: second)
      case .divide: result = first.divided(by: second)
      default: return misplaced(sign, left, at: location)
      }
      return result.map { .fixed($0) } ?? overflowed("31 digits", at: location)
    default: return misplaced(sign, left, at: location)
    }
  }

  private func apply(_ sign: Punctuation, _ left: Int128, _ right: Int128, at location: SourceLocation) -> ConstantValue? {
    switch sign {
    case .plus: return bounded(left + right, at: location)
    case .minus: return bounded(left - right, at: location)
    case .times:
      let (product, hasOverflow) = left.multipliedReportingOverflow(by: right)
      return hasOverflow ? overflowed("64 bits", at: location) : bounded(product, at: location)
    case .divide: return right == 0 ? dividedByZero(at: location) : bounded(left / right, at: location)
    case .remainder: return right == 0 ? dividedByZero(at: location) : bounded(left % right, at: location)
    case .or: return bounded(left | right, at: location)
    case .exclusiveOr: return bounded(left ^ right, at: location)
    case .and: return bounded(left & right, at: location)
    default:
      guard (0..<64).contains(right) else {
        diagnostics.error(.badShift, "shift by \(right), which is not 0 to 63", at: location)
        return nil
      }
      // 64 bits shifted by at most 63 places do not leave 127 bits.
      return bounded(sign == .shiftLeft ? left << right : left >> right, at: location)
    }
  }

  /// Every part of an integer expression is in the range of the 64-bit types.
  private func bounded(_ value: Int128, at location: SourceLocation) -> ConstantValue? {
    (Int128(Int64.min)...Int128(UInt64.max)).contains(value) ? .integer(value) : overflowed("64 bits", at: location)
  }

  private func overflowed(_ limit: String, at location: SourceLocation) -> ConstantValue? {
    diagnostics.error(.overflow, "the result exceeds \(limit)", at: location)
    return nil
  }

  private func dividedByZero(at location: SourceLocation) -> ConstantValue? {
    diagnostics.error(.divisionByZero, "division by zero", at: location)
    return nil
  }

  private func misplaced(_ sign: Punctuation, _ value: ConstantValue, at location: SourceLocation) -> ConstantValue? {
    diagnostics.error(.typeMismatch, "operator '\(sign.rawValue)' cannot take \(value.kindName)", at: location)
    return nil
  }
}
