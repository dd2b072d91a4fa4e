public import CDR

/// A number without any rounding: a fraction in its lowest terms.
///
/// Factors of units are fractions, so that a quantity in another unit may have no end as a decimal number: ten units of 1/3 are 3 1/3.
public struct ExactQuantity: Hashable, Sendable {
  public let numerator: Int128
  /// Above 0.
  public let denominator: Int128

  public static let zero = ExactQuantity(0)
  public static let one = ExactQuantity(1)

  /// A fraction; nil for a denominator of 0, or of the smallest number that there is.
  public init?(_ numerator: Int128, over denominator: Int128) {
    guard denominator != 0, numerator != .min, denominator != .min else { return nil }
    let sign: Int128 = denominator < 0 ? -1 : 1
    let divisor = max(1, Self.greatestDivisor(numerator, denominator))
    self.numerator = sign * numerator / divisor
    self.denominator = sign * denominator / divisor
  }

  public init(_ integer: Int64) {
    numerator = Int128(integer)
    denominator = 1
  }

  /// The number itself; nil for one with so many decimals that the fraction has no room.
  public init?(_ number: DecimalNumber) {
    let number = number.normalized
    guard number.scale <= 30 else { return nil }
    self.init(number.unscaled, over: DecimalNumber.power(number.scale))
  }

  private static func greatestDivisor(_ left: Int128, _ right: Int128) -> Int128 {
    var (a, b) = (left.magnitude, right.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return Int128(a)
  }

  /// The exact product; nil where it has no room.
  public func multiplied(by other: ExactQuantity) -> ExactQuantity? {
    // Crosswise first, so that the factors stay small.
    guard let left = ExactQuantity(numerator, over: other.denominator), let right = ExactQuantity(other.numerator, over: denominator)
    else { return nil }
    let (above, overflowAbove) = left.numerator.multipliedReportingOverflow(by: right.numerator)
    let (below, overflowBelow) = left.denominator.multipliedReportingOverflow(by: right.denominator)
    return overflowAbove || overflowBelow ? nil : ExactQuantity(above, over: below)
  }

  /// The exact quotient; nil for a divisor of 0, and where it has no room.
  public func divided(by other: ExactQuantity) -> ExactQuantity? {
    ExactQuantity(other.denominator, over: other.numerator).flatMap(multiplied)
  }

  /// The whole number towards zero, and the fraction that remains, with the same sign.
  public var wholeAndRest: (whole: Int128, rest: ExactQuantity) {
    let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    return (whole, ExactQuantity(rest, over: denominator) ?? .zero)
  }

  /// The decimal number that it is; nil where it has no end, or more than 18 decimals.
  public var decimal: DecimalNumber? {
    var (rest, twos, fives) = (denominator, 0, 0)
    while rest % 2 == 0 { (rest, twos) = (rest / 2, twos + 1) }
    while rest % 5 == 0 { (rest, fives) = (rest / 5, fives + 1) }
    let scale = max(twos, fives)
    guard rest == 1, scale <= 18 else { return nil }
    let (unscaled, overflow) = numerator.multipliedReportingOverflow(by: DecimalNumber.power(scale) / denominator)
    return overflow ? nil : DecimalNumber(unscaled: unscaled, scale: scale)
  }

  /// `12.5`, or `3 1/3` where no decimal number says it.
  public var words: String {
    if let decimal { return decimal.normalized.description }
    let (whole, rest) = wholeAndRest
    if whole == 0 { return rest.fraction }
    return "\(whole) \(rest.numerator.magnitude)/\(rest.denominator)"
  }

  /// `1/3`.
  public var fraction: String { "\(numerator)/\(denominator)" }
}
