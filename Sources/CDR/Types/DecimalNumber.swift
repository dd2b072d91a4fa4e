/// An exact decimal number: `unscaled` divided by ten to the power `scale`.
///
/// Money, quantities and factors are computed with it, never with binary fractions. Numbers that are equal compare equal whatever
/// their scale (`1.50 == 1.5`); ``description`` shows the scale.
public struct DecimalNumber: Sendable {
  /// The digits as an integer; at most ``maximumDigits`` of them.
  public var unscaled: Int128 { Int128(high) << 64 | Int128(low) }
  /// In two halves for the reason that ``Fixed`` gives.
  private let high: Int64
  private let low: UInt64
  /// Digits behind the point, 0 to ``maximumScale``.
  public let scale: Int

  /// 31, as `fixed` has (CORBA 3.3, part 1, 7.11.3.4), and room for intermediate results.
  public static var maximumDigits: Int { 37 }
  public static var maximumScale: Int { 31 }
  /// Ten to the power of ``maximumDigits``, written out since every number made is compared with it.
  private static var limit: UInt128 { 10_000_000_000_000_000_000_000_000_000_000_000_000 }

  /// Nil where the digits or the scale exceed their maximum.
  public init?(unscaled: Int128, scale: Int) {
    guard scale >= 0, scale <= Self.maximumScale, unscaled.magnitude < Self.limit else { return nil }
    high = Int64(truncatingIfNeeded: unscaled >> 64)
    low = UInt64(truncatingIfNeeded: unscaled)
    self.scale = scale
  }

  public init(_ integer: some BinaryInteger) {
    let unscaled = Int128(integer)
    high = Int64(truncatingIfNeeded: unscaled >> 64)
    low = UInt64(truncatingIfNeeded: unscaled)
    scale = 0
  }

  /// Reads an optional sign, digits and an optional point with digits; nil for anything else, also for exponents and blanks.
  public init?(_ text: some StringProtocol) { self.init(octets: text.utf8) }

  /// The same for the frequent type, so that other modules call code made for it.
  public init?(_ text: String) { self.init(octets: text.utf8) }

  private init?(octets: some Sequence<UInt8>) {
    var unscaled: Int128 = 0
    var scale = 0
    var digits = 0
    var significant = 0
    var negative = false
    var signed = false
    var point = false
    for octet in octets {
      switch octet {
      case UInt8(ascii: "-") where digits == 0 && !point && !signed:
        negative = true
        signed = true
      case UInt8(ascii: "+") where digits == 0 && !point && !signed: signed = true
      case UInt8(ascii: ".") where !point: point = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        if significant > 0 || octet != UInt8(ascii: "0") { significant += 1 }
        guard significant <= Self.maximumDigits else { return nil }
        unscaled = unscaled * 10 + Int128(octet - UInt8(ascii: "0"))
        if point { scale += 1 }
      default: return nil
      }
    }
    guard digits > 0 else { return nil }
    self.init(unscaled: negative ? -unscaled : unscaled, scale: scale)
  }

  /// Ten to the power `exponent`, 0 to 38.
  public static func power(_ exponent: Int) -> Int128 { powers[exponent] }

  private static let powers: [Int128] = (0..<38).reduce(into: [1]) { powers, _ in powers.append(powers.last! * 10) }

  /// How digits are dropped.
  public enum Rounding: String, Sendable, CaseIterable {
    /// To the nearest; a tie to the even neighbour.
    case halfEven = "half-even"
    /// To the nearest; a tie away from zero.
    case halfUp = "half-up"
    /// Towards zero.
    case down
    /// Away from zero.
    case up
    /// Not at all: a number that would lose digits has no result.
    case exact
  }

  /// The number with `scale` digits behind the point; nil where it overflows, or where `exact` would lose digits.
  public func rescaled(to target: Int, rounding: Rounding) -> DecimalNumber? {
    if target >= scale {
      guard target - scale <= 38 else { return nil }
      let (product, overflow) = unscaled.multipliedReportingOverflow(by: Self.power(target - scale))
      return overflow ? nil : DecimalNumber(unscaled: product, scale: target)
    }
    return DecimalNumber.divide(unscaled, by: Self.power(scale - target), rounding: rounding)
      .flatMap { DecimalNumber(unscaled: $0, scale: target) }
  }

  /// The integer quotient, rounded; nil where `exact` leaves a remainder or the divisor is zero.
  static func divide(_ dividend: Int128, by divisor: Int128, rounding: Rounding) -> Int128? {
    guard divisor != 0 else { return nil }
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    if remainder == 0 { return quotient }
    let away: Int128 = (dividend < 0) == (divisor < 0) ? 1 : -1
    let double = remainder.magnitude.multipliedReportingOverflow(by: 2)
    let half: Int = double.overflow || double.partialValue > divisor.magnitude ? 1 : (double.partialValue == divisor.magnitude ? 0 : -1)
    switch rounding {
    case .exact: return nil
    case .down: return quotient
    case .up: return quotient + away
    case .halfUp: return half >= 0 ? quotient + away : quotient
    case .halfEven: return half > 0 || (half == 0 && quotient % 2 != 0) ? quotient + away : quotient
    }
  }

  /// Without trailing zeros behind the point.
  public var normalized: DecimalNumber {
    var unscaled = unscaled
    var scale = scale
    while scale > 0, unscaled % 10 == 0 {
      unscaled /= 10
      scale -= 1
    }
    return DecimalNumber(unscaled: unscaled, scale: scale) ?? self
  }

  /// Both as integers over the same power of ten; nil where that overflows.
  private static func aligned(_ left: DecimalNumber, _ right: DecimalNumber) -> (Int128, Int128, scale: Int)? {
    let scale = max(left.scale, right.scale)
    let (l, overflowLeft) = left.unscaled.multipliedReportingOverflow(by: power(scale - left.scale))
    let (r, overflowRight) = right.unscaled.multipliedReportingOverflow(by: power(scale - right.scale))
    return overflowLeft || overflowRight ? nil : (l, r, scale)
  }

  /// The exact sum; nil on overflow.
  public func adding(_ other: DecimalNumber) -> DecimalNumber? {
    guard let (left, right, scale) = Self.aligned(self, other) else { return nil }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : DecimalNumber(unscaled: sum, scale: scale)
  }

  /// The exact difference; nil on overflow.
  public func subtracting(_ other: DecimalNumber) -> DecimalNumber? {
    DecimalNumber(unscaled: -other.unscaled, scale: other.scale).flatMap(adding)
  }

  /// The exact product; nil on overflow.
  public func multiplied(by other: DecimalNumber) -> DecimalNumber? {
    let (left, right) = (normalized, other.normalized)
    let (product, overflow) = left.unscaled.multipliedReportingOverflow(by: right.unscaled)
    return overflow ? nil : DecimalNumber(unscaled: product, scale: left.scale + right.scale)
  }

  /// The quotient with `scale` digits behind the point; nil for a zero divisor, on overflow, and where `exact` leaves a remainder.
  public func divided(by other: DecimalNumber, scale target: Int, rounding: Rounding) -> DecimalNumber? {
    // self / other = (u1 / 10^s1) / (u2 / 10^s2) = u1 * 10^(target + s2 - s1) / u2 / 10^target
    let (left, right) = (normalized, other.normalized)
    let shift = target + right.scale - left.scale
    guard abs(shift) <= 38, target >= 0, target <= Self.maximumScale else { return nil }
    let (dividend, overflow) =
      shift >= 0 ? left.unscaled.multipliedReportingOverflow(by: Self.power(shift)) : (left.unscaled, false)
    let (divisor, overflowed) =
      shift < 0 ? right.unscaled.multipliedReportingOverflow(by: Self.power(-shift)) : (right.unscaled, false)
    if overflow || overflowed { return nil }
    return Self.divide(dividend, by: divisor, rounding: rounding).flatMap { DecimalNumber(unscaled: $0, scale: target) }
  }
}

extension DecimalNumber: Hashable, Comparable {
  public static func == (left: DecimalNumber, right: DecimalNumber) -> Bool {
    if left.scale == right.scale { return left.unscaled == right.unscaled }
    let (l, r) = (left.normalized, right.normalized)
    return l.unscaled == r.unscaled && l.scale == r.scale
  }

  public static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
    if left.scale == right.scale { return left.unscaled < right.unscaled }
    if let (l, r, _) = aligned(left, right) { return l < r }
    // One overflows when brought to the other's scale, so the whole parts differ.
    return left.unscaled / power(left.scale) < right.unscaled / power(right.scale)
  }

  public func hash(into hasher: inout Hasher) {
    let normal = normalized
    hasher.combine(normal.unscaled)
    hasher.combine(normal.scale)
  }
}

extension DecimalNumber: CustomStringConvertible {
  /// Digits with a point and exactly ``scale`` digits behind it, no exponent: `-12.50`.
  public var description: String {
    if scale == 0 { return String(unscaled) }
    let digits = String(unscaled.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    return (unscaled < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}
