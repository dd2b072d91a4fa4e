/// The kind of value that a constant expression must have.
enum ConstantTarget {
  /// An integer type by its name, with its range and the width in which `~` works.
  case integer(name: String, range: ClosedRange<Int128>, complement: Complement)
  /// `float` when single, else `double` or `long double`.
  case floating(isSingle: Bool)
  /// With the limits of a named fixed type.
  case fixed(digits: Int, scale: Int)
  /// Without limits but 31 digits.
  case anyFixed
  case boolean
  case character
  case wideCharacter
  case string(bound: UInt32?)
  case wideString(bound: UInt32?)
  case enumeration(DeclarationID, name: String)

  /// How `~` is computed: as `long`, `unsigned long`, `long long` or `unsigned long long` (OMG CORBA 3.0, 3.10.2).
  enum Complement {
    /// -(value + 1)
    case signed
    /// 2^bits - 1 - value
    case unsigned(bits: Int)
  }

  static let long = whole("long", Int32.self, .signed)
  static let longLong = whole("long long", Int64.self, .signed)
  static let unsignedLongLong = whole("unsigned long long", UInt64.self, .unsigned(bits: 64))

  /// Bounds, sizes, digits: any 64 bits, so that the message about the value names its true limits.
  static let bound = Self.integer(name: "a bound", range: Int128(Int64.min)...Int128(UInt64.max), complement: .unsigned(bits: 32))

  /// The target of a type that has aliases resolved, nil when a constant cannot have it. Enums are looked up by the caller.
  init?(_ type: TypeExpression) {
    switch type {
    case .short: self = Self.whole("short", Int16.self, .signed)
    case .long: self = Self.long
    case .longLong: self = Self.longLong
    case .unsignedShort: self = Self.whole("unsigned short", UInt16.self, .unsigned(bits: 32))
    case .unsignedLong: self = Self.whole("unsigned long", UInt32.self, .unsigned(bits: 32))
    case .unsignedLongLong: self = Self.unsignedLongLong
    case .octet: self = Self.whole("octet", UInt8.self, .unsigned(bits: 32))
    case .float: self = .floating(isSingle: true)
    case .double, .longDouble: self = .floating(isSingle: false)
    case .fixed(let digits, let scale): self = .fixed(digits: digits, scale: scale)
    case .boolean: self = .boolean
    case .char: self = .character
    case .wchar: self = .wideCharacter
    case .string(let bound): self = .string(bound: bound)
    case .wstring(let bound): self = .wideString(bound: bound)
    default: return nil
    }
  }

  private static func whole<Number: FixedWidthInteger>(_ name: String, _: Number.Type, _ complement: Complement) -> Self {
    .integer(name: name, range: Int128(Number.min)...Int128(Number.max), complement: complement)
  }

  /// The type as messages name it.
  var name: String {
    switch self {
    case .integer(let name, _, _): name
    case .floating(let isSingle): isSingle ? "float" : "double"
    case .fixed, .anyFixed: "fixed"
    case .boolean: "boolean"
    case .character: "char"
    case .wideCharacter: "wchar"
    case .string: "string"
    case .wideString: "wstring"
    case .enumeration(_, let name): name
    }
  }
}

extension ConstantValue {
  /// What kind of value it is, as messages name it.
  var kindName: String {
    switch self {
    case .integer: "an integer"
    case .floating: "a floating-point number"
    case .fixed: "a fixed-point number"
    case .string: "a string"
    case .wideString: "a wide string"
    case .character: "a character"
    case .wideCharacter: "a wide character"
    case .boolean: "a boolean"
    case .enumerator: "an enumerator"
    }
  }
}
