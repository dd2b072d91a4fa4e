/// IDL `char`: one octet of a single-octet character.
public struct Char: Hashable, Sendable, BitwiseCopyable {
  public var octet: UInt8
  @inlinable public init(_ octet: UInt8) { self.octet = octet }
  /// The character, where it is one of the first 256 of Unicode.
  public init?(_ character: Unicode.Scalar) {
    guard let octet = UInt8(exactly: character.value) else { return nil }
    self.init(octet)
  }
  public var character: Unicode.Scalar { Unicode.Scalar(octet) }
}

/// IDL `wchar`: one UTF-16 unit, which may be half of a surrogate pair.
public struct WChar: Hashable, Sendable, BitwiseCopyable {
  public var unit: UInt16
  @inlinable public init(_ unit: UInt16) { self.unit = unit }
}

/// IDL `long double`: an IEEE 754 quadruple in 16 octets, most significant first, kept as they are.
public struct LongDouble: Hashable, Sendable, BitwiseCopyable {
  /// Sign, 15 bits of exponent and the upper 48 bits of the fraction.
  public var high: UInt64
  /// The lower 64 bits of the fraction.
  public var low: UInt64

  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The same number; every `Double` but a NaN's payload fits without loss.
  public init(_ value: Double) {
    let sign: UInt64 = value.sign == .minus ? 1 << 63 : 0
    if value.isNaN || value.isInfinite {
      self.init(high: sign | 0x7FFF << 48 | (value.isNaN ? 1 << 47 : 0), low: 0)
    } else if value.isZero {
      self.init(high: sign, low: 0)
    } else {
      let biased = UInt64(value.exponent + 16383)
      // `significandBitPattern` of a subnormal has no hidden bit; the significand does.
      let fraction = (value.significand - 1).bitPattern == 0 ? 0 : UInt64((value.significand - 1) * 0x1p52)
      self.init(high: sign | biased << 48 | fraction >> 4, low: fraction << 60)
    }
  }

  /// The nearest `Double` towards zero; infinite where the number is beyond its range.
  public var double: Double {
    let sign: FloatingPointSign = high >> 63 == 0 ? .plus : .minus
    let exponent = Int(high >> 48 & 0x7FFF)
    let fraction = (high & 0xFFFF_FFFF_FFFF) << 4 | low >> 60
    if exponent == 0x7FFF { return fraction == 0 && low == 0 ? (sign == .plus ? .infinity : -.infinity) : .nan }
    if exponent == 0 { return Double(sign: sign, exponent: 0, significand: 0) }
    if exponent - 16383 > 1023 { return sign == .plus ? .infinity : -.infinity }
    return Double(sign: sign, exponent: exponent - 16383, significand: 1 + Double(fraction) * 0x1p-52)
  }
}
