/// The value of a constant, converted to the constant's declared type.
public enum ConstantValue: Hashable, Sendable {
  /// Of any integer type, `octet` included; in the range of that type.
  case integer(Int128)
  /// Of `float` (rounded to it), `double` or `long double` (kept with the precision of a `Double`); always finite.
  case floating(Double)
  /// Of `fixed`.
  case fixed(DecimalValue)
  /// Of `string`; an escape such as `\xE9` is the character of ISO 8859-1. Holds no U+0000.
  case string(String)
  /// Of `wstring`. Holds no U+0000.
  case wideString(String)
  /// Of `char`: the code in ISO 8859-1.
  case character(UInt8)
  /// Of `wchar`: one UTF-16 unit.
  case wideCharacter(UInt16)
  /// Of `boolean`.
  case boolean(Bool)
  /// Of an enum: the declaration of the enum and the position of the enumerator in it.
  case enumerator(DeclarationID, index: Int)
}

/// A decimal number of at most 31 digits: `coefficient` · 10^-`scale`.
public struct DecimalValue: Hashable, Sendable {
  /// The digits as an integer, with the sign; its magnitude is below 10^31.
  public let coefficient: Int128
  /// The number of digits behind the point, 0 to 31; no trailing zero among them.
  public let scale: Int

  /// The number of digits that `fixed<digits, scale>` needs to hold the value, at least 1 and at least ``scale``.
  public var digits: Int { max(1, scale, String(coefficient.magnitude).count) }
}

extension DecimalValue: CustomStringConvertible {
  /// The plain decimal notation, for example `-12.05`.
  public var description: String {
    let digits = String(coefficient.magnitude)
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    let whole = padded.dropLast(scale)
    return (coefficient < 0 ? "-" : "") + whole + (scale > 0 ? "." + padded.suffix(scale) : "")
  }
}
