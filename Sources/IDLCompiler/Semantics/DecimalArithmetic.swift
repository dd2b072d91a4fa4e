/// Arithmetic of `fixed` constants: exact, then cut to 31 digits (OMG CORBA 3.0, 3.10.2).
extension DecimalValue {
  static let one = DecimalValue(coefficient: 1, scale: 0)

  /// 10 to a power of at most 38.
  static func power(_ exponent: Int) -> UInt128 { (0..<exponent).reduce(1) { product, _ in product * 10 } }

  /// Reads digits in front of and behind the point; nil when more than 31 remain without outer zeros.
  init?(whole: Substring, fraction: Substring) {
    let front = whole.drop { $0 == "0" }
    var back = fraction
    while back.last == "0" { back.removeLast() }
    guard front.utf8.count + back.utf8.count <= 31 else { return nil }
    self.init(coefficient: Int128(String(front + back)) ?? 0, scale: back.utf8.count)
  }

  var negated: DecimalValue { DecimalValue(coefficient: -coefficient, scale: scale) }

  /// Without the digits behind a place.
  func truncated(toScale limit: Int) -> DecimalValue {
    guard scale > limit else { return self }
    let magnitude = coefficient.magnitude / Self.power(scale - limit)
    return Wide(low: magnitude).decimal(isNegative: coefficient < 0, scale: limit) ?? self
  }

  func adding(_ other: DecimalValue) -> DecimalValue? {
    let common = max(scale, other.scale)
    let left = Wide(coefficient.magnitude, times: Self.power(common - scale))
    let right = Wide(other.coefficient.magnitude, times: Self.power(common - other.scale))
    if (coefficient < 0) == (other.coefficient < 0) { return left.adding(right).decimal(isNegative: coefficient < 0, scale: common) }
    let isLeftLarger = right < left
    let difference = isLeftLarger ? left.subtracting(right) : right.subtracting(left)
    return difference.decimal(isNegative: (isLeftLarger ? coefficient : other.coefficient) < 0, scale: common)
  }

  func multiplied(by other: DecimalValue) -> DecimalValue? {
    Wide(coefficient.magnitude, times: other.coefficient.magnitude)
      .decimal(isNegative: (coefficient < 0) != (other.coefficient < 0), scale: scale + other.scale)
  }

  /// Division by a number other than zero, with as many digits as fit.
  func divided(by other: DecimalValue) -> DecimalValue? {
    let (limit, divisor) = (Self.power(31), other.coefficient.magnitude)
    var (quotient, rest) = coefficient.magnitude.quotientAndRemainder(dividingBy: divisor)
    var scale = self.scale - other.scale
    while scale < 0 || (rest != 0 && scale < 31 && quotient < limit / 10) {
      guard quotient < limit else { return nil }
      let (digit, next) = (rest * 10).quotientAndRemainder(dividingBy: divisor)
      (quotient, rest, scale) = (quotient * 10 + digit, next, scale + 1)
    }
    return Wide(low: quotient).decimal(isNegative: (coefficient < 0) != (other.coefficient < 0), scale: scale)
  }
}

/// 256 bits without sign, for the digits in between.
private struct Wide: Comparable {
  var high: UInt128 = 0
  var low: UInt128

  init(low: UInt128) { self.low = low }

  init(_ left: UInt128, times right: UInt128) { (high, low) = left.multipliedFullWidth(by: right) }

  static func < (left: Wide, right: Wide) -> Bool { (left.high, left.low) < (right.high, right.low) }

  func adding(_ other: Wide) -> Wide {
    var sum = self
    let carry = low.addingReportingOverflow(other.low)
    sum.low = carry.partialValue
    sum.high += other.high + (carry.overflow ? 1 : 0)
    return sum
  }

  /// The difference to a smaller or equal number.
  func subtracting(_ other: Wide) -> Wide {
    var difference = self
    let borrow = low.subtractingReportingOverflow(other.low)
    difference.low = borrow.partialValue
    difference.high -= other.high + (borrow.overflow ? 1 : 0)
    return difference
  }

  private mutating func dropDigit() {
    let (quotient, rest) = high.quotientAndRemainder(dividingBy: 10)
    high = quotient
    low = UInt128(10).dividingFullWidth((rest, low)).quotient
  }

  /// Cuts the last digits until 31 are left; nil when that would touch the digits in front of the point.
  func decimal(isNegative: Bool, scale: Int) -> DecimalValue? {
    var (number, scale) = (self, scale)
    while number.high != 0 || number.low >= DecimalValue.power(31) || scale > 31 {
      guard scale > 0 else { return nil }
      number.dropDigit()
      scale -= 1
    }
    while scale > 0, number.low % 10 == 0 {
      number.low /= 10
      scale -= 1
    }
    let coefficient = Int128(number.low)
    return DecimalValue(coefficient: isNegative ? -coefficient : coefficient, scale: scale)
  }
}
