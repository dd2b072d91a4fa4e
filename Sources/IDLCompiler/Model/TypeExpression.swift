/// A use of a type.
///
/// Bounds, dimensions, digits and scale are evaluated and in range: bounds and dimensions are 1 to 2³²-1.
public indirect enum TypeExpression: Hashable, Sendable {
  /// 16 bits, signed.
  case short
  /// 32 bits, signed.
  case long
  /// 64 bits, signed.
  case longLong
  /// 16 bits, unsigned.
  case unsignedShort
  /// 32 bits, unsigned.
  case unsignedLong
  /// 64 bits, unsigned.
  case unsignedLongLong
  /// Eight bits that no code-set conversion touches.
  case octet
  /// A character of the single-byte code set.
  case char
  /// A character of the wide code set.
  case wchar
  /// True or false.
  case boolean
  /// IEEE 754, 32 bits.
  case float
  /// IEEE 754, 64 bits.
  case double
  /// IEEE 754, 128 bits.
  case longDouble
  /// A value with its type code.
  case any
  /// A reference to any object.
  case object
  /// The pseudo-object `CORBA::TypeCode`, the description of a type.
  case typeCode
  /// A narrow string; `bound` is the greatest length without the terminating zero, nil = unbounded.
  case string(bound: UInt32?)
  /// A wide string; `bound` is the greatest length, nil = unbounded.
  case wstring(bound: UInt32?)
  /// A decimal of 1 to 31 digits, `scale` of them (0 to `digits`) behind the point.
  case fixed(digits: Int, scale: Int)
  /// A sequence; `bound` is the greatest count, nil = unbounded.
  case sequence(TypeExpression, bound: UInt32?)
  /// An array: `long a[2][3]` has the dimensions 2, 3.
  case array(TypeExpression, dimensions: [UInt32])
  /// A declared type: an alias, struct, enum or interface (never an exception).
  case named(DeclarationID)
}
