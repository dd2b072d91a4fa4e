/// IDL `fixed<digits, scale>`: a decimal number of at most `digits` digits, `scale` of them behind the point
/// (CORBA 3.3, part 1, 7.11.3.4). A number never has more digits than its type.
public struct Fixed<let digits: Int, let scale: Int>: Hashable, Sendable, BitwiseCopyable {
  /// The number times ten to the power `scale`, in two halves: with one value of 128 bits, asynchronous functions that take several such
  /// parameters crashed in debug builds of Swift 6.3 on x86-64 (the cause is not established).
  @usableFromInline let high: Int64
  @usableFromInline let low: UInt64

  /// The number times ten to the power `scale`.
  @inlinable public var unscaled: Int128 { Int128(high) << 64 | Int128(low) }

  /// - Throws: ``CDRError/fixedOverflow(digits:scale:)``.
  @inlinable public init(unscaled: Int128) throws(CDRError) {
    guard unscaled.magnitude < DecimalNumber.power(digits).magnitude else { throw .fixedOverflow(digits: digits, scale: scale) }
    high = Int64(truncatingIfNeeded: unscaled >> 64)
    low = UInt64(truncatingIfNeeded: unscaled)
  }

  /// The number with exactly this scale.
  ///
  /// - Throws: ``CDRError/fixedOverflow(digits:scale:)``, also where digits behind the point would be lost.
  public init(_ number: DecimalNumber) throws(CDRError) {
    guard let exact = number.rescaled(to: scale, rounding: .exact) else { throw .fixedOverflow(digits: digits, scale: scale) }
    try self.init(unscaled: exact.unscaled)
  }

  /// Reads a decimal such as `-12.50`; nil where it is no number or does not fit.
  public init?(_ text: some StringProtocol) {
    guard let number = DecimalNumber(text), let fixed = try? Fixed(number) else { return nil }
    self = fixed
  }

  /// The same number with its scale.
  public var decimal: DecimalNumber { DecimalNumber(unscaled: unscaled, scale: scale)! }
}

extension Fixed: Comparable, CustomStringConvertible {
  @inlinable public static func < (left: Fixed, right: Fixed) -> Bool { left.unscaled < right.unscaled }
  public var description: String { decimal.description }
}

extension Fixed: CDRCodable {
  @inlinable public static var minimumWireSize: Int { (digits + 2) / 2 }
  @inlinable public static var typeCode: TypeCode { .fixed(digits: UInt16(digits), scale: UInt16(scale)) }
  public var value: Value { .decimal(decimal) }

  public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encodeFixed(unscaled, digits: digits) }

  public init(from decoder: inout CDRDecoder) throws(CDRError) {
    try self.init(unscaled: try decoder.decodeFixed(digits: digits))
  }

  public init(value: Value) throws(CDRError) {
    guard let number = value.number else { throw .mismatch("a number for fixed<\(digits),\(scale)>", value) }
    try self.init(number)
  }
}

extension CDREncoder {
  /// Packed decimal: two digits an octet, the sign in the last nibble, a leading zero nibble for an even number of digits (9.3.2.8).
  mutating func encodeFixed(_ unscaled: Int128, digits: Int) {
    let size = (digits + 2) / 2
    let start = count
    for _ in 0..<size { encode(0 as UInt8) }
    var rest = unscaled.magnitude
    // The low nibble of an octet: the sign at first, then every second digit.
    var low: UInt8 = unscaled < 0 ? 0xD : 0xC
    for index in stride(from: start + size - 1, through: start, by: -1) {
      let pair: UInt8
      // Most `fixed` in use fit into 64 bits, where division is one instruction.
      if let small = UInt64(exactly: rest) {
        if small == 0 && low == 0 { return }
        pair = UInt8(truncatingIfNeeded: small % 100)
        rest = UInt128(small / 100)
      } else {
        pair = UInt8(rest % 100)
        rest /= 100
      }
      overwrite(octet: (pair % 10) << 4 | low, at: index)
      low = pair / 10
    }
  }
}

extension CDRDecoder {
  mutating func decodeFixed(digits: Int) throws(CDRError) -> Int128 {
    let size = (digits + 2) / 2
    let start = position
    let octets = try take(size)
    var small: UInt64 = 0
    var result: UInt128 = 0
    var nibbles = 0
    for index in 0..<size {
      let octet = unsafe octets.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
      let high = octet >> 4
      // The nibble before an even number of digits is padding and must be zero.
      guard high < 10, index > 0 || high == 0 || digits % 2 != 0 else { throw .invalidFixed(offset: start) }
      // 18 digits fit into 64 bits; flush before they overflow.
      if nibbles >= 17 {
        result = result * UInt128(Self.tens(nibbles)) + UInt128(small)
        small = 0
        nibbles = 0
      }
      small = small &* 10 &+ UInt64(high)
      nibbles += 1
      if index < size - 1 {
        guard octet & 15 < 10 else { throw .invalidFixed(offset: start) }
        small = small &* 10 &+ UInt64(octet & 15)
        nibbles += 1
      } else {
        result = result * UInt128(Self.tens(nibbles)) + UInt128(small)
        switch octet & 15 {
        case 0xC: return Int128(result)
        case 0xD: return -Int128(result)
        default: throw .invalidFixed(offset: start)
        }
      }
    }
    throw .invalidFixed(offset: start)
  }

  private static func tens(_ exponent: Int) -> UInt64 {
    var result: UInt64 = 1
    for _ in 0..<exponent { result &*= 10 }
    return result
  }
}
