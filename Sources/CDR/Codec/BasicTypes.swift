// The runtime's own types: each is written and read by the encoder's and decoder's method for it.

extension UInt8: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 1 }
  @inlinable public static var typeCode: TypeCode { .octet }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(UInt8.self) }
  @inlinable public var value: Value { .integer(Int128(self)) }
  @inlinable public init(value: Value) throws(CDRError) { self = try value.integer(of: UInt8.self) }
  public static func listValue(_ elements: [UInt8]) -> Value { .octets(elements) }
  public static func list(from value: Value) throws(CDRError) -> [UInt8] {
    guard case .octets(let octets) = value else { throw .mismatch("octets", value) }
    return octets
  }
  @inlinable public static func encodeElements(_ elements: [UInt8], into encoder: inout CDREncoder) throws(CDRError) {
    encoder.append(raw: unsafe elements.span.bytes)
  }
  @inlinable public static func decodeElements(_ count: Int, from decoder: inout CDRDecoder) throws(CDRError) -> [UInt8] {
    let octets = try decoder.take(count)
    return unsafe octets.withUnsafeBytes { unsafe [UInt8]($0) }
  }
}

extension Int16: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 2 }
  @inlinable public static var typeCode: TypeCode { .short }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(Int16.self) }
  @inlinable public var value: Value { .integer(Int128(self)) }
  @inlinable public init(value: Value) throws(CDRError) { self = try value.integer(of: Int16.self) }
}

extension UInt16: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 2 }
  @inlinable public static var typeCode: TypeCode { .unsignedShort }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(UInt16.self) }
  @inlinable public var value: Value { .integer(Int128(self)) }
  @inlinable public init(value: Value) throws(CDRError) { self = try value.integer(of: UInt16.self) }
}

extension Int32: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 4 }
  @inlinable public static var typeCode: TypeCode { .long }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(Int32.self) }
  @inlinable public var value: Value { .integer(Int128(self)) }
  @inlinable public init(value: Value) throws(CDRError) { self = try value.integer(of: Int32.self) }
}

extension UInt32: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 4 }
  @inlinable public static var typeCode: TypeCode { .unsignedLong }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(UInt32.self) }
  @inlinable public var value: Value { .integer(Int128(self)) }
  @inlinable public init(value: Value) throws(CDRError) { self = try value.integer(of: UInt32.self) }
}

extension Int64: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 8 }
  @inlinable public static var typeCode: TypeCode { .longLong }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(Int64.self) }
  @inlinable public var value: Value { .integer(Int128(self)) }
  @inlinable public init(value: Value) throws(CDRError) { self = try value.integer(of: Int64.self) }
}

extension UInt64: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 8 }
  @inlinable public static var typeCode: TypeCode { .unsignedLongLong }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(UInt64.self) }
  @inlinable public var value: Value { .integer(Int128(self)) }
  @inlinable public init(value: Value) throws(CDRError) { self = try value.integer(of: UInt64.self) }
}

extension Float: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 4 }
  @inlinable public static var typeCode: TypeCode { .float }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(Float.self) }
  @inlinable public var value: Value { .double(Double(self)) }
  @inlinable public init(value: Value) throws(CDRError) {
    guard case .double(let number) = value else { throw .mismatch("a floating-point number", value) }
    self = Float(number)
  }
}

extension Double: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 8 }
  @inlinable public static var typeCode: TypeCode { .double }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(Double.self) }
  @inlinable public var value: Value { .double(Double(self)) }
  @inlinable public init(value: Value) throws(CDRError) {
    guard case .double(let number) = value else { throw .mismatch("a floating-point number", value) }
    self = Double(number)
  }
}

extension Bool: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 1 }
  @inlinable public static var typeCode: TypeCode { .boolean }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(Bool.self) }
  @inlinable public var value: Value { .boolean(self) }
  @inlinable public init(value: Value) throws(CDRError) {
    guard case .boolean(let flag) = value else { throw .mismatch("a boolean", value) }
    self = flag
  }
}

extension String: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 5 }
  @inlinable public static var typeCode: TypeCode { .string(bound: 0) }
  @inlinable @inline(__always) public func encode(into encoder: inout CDREncoder) throws(CDRError) { try encoder.encode(self, bound: .max) }
  @inlinable @inline(__always) public init(from decoder: inout CDRDecoder) throws(CDRError) {
    self = try decoder.decode(String.self, bound: .max)
  }
  @inlinable public var value: Value { .text(self) }
  @inlinable public init(value: Value) throws(CDRError) {
    guard case .text(let text) = value else { throw .mismatch("text", value) }
    self = text
  }
}

extension Char: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 1 }
  @inlinable public static var typeCode: TypeCode { .char }
  @inlinable public func encode(into encoder: inout CDREncoder) throws(CDRError) { encoder.encode(self) }
  @inlinable public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(Char.self) }
  public var value: Value { .text(String(character)) }
  public init(value: Value) throws(CDRError) {
    guard case .text(let text) = value, let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1, let char = Char(scalar)
    else {
      throw .mismatch("one character", value)
    }
    self = char
  }
}

extension WChar: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 2 }
  @inlinable public static var typeCode: TypeCode { .wchar }
  @inlinable public func encode(into encoder: inout CDREncoder) throws(CDRError) { try encoder.encode(self) }
  @inlinable public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode(WChar.self) }
  /// A number, since half of a surrogate pair is no text.
  public var value: Value { .integer(Int128(unit)) }
  public init(value: Value) throws(CDRError) { self.init(try value.integer(of: UInt16.self)) }
}

extension LongDouble: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 16 }
  @inlinable public static var typeCode: TypeCode { .longDouble }
  @inlinable public func encode(into encoder: inout CDREncoder) throws(CDRError) {
    // Aligned on 8 (CORBA 3.3, part 2, table 9.1) and turned as a whole by the byte order.
    let little = encoder.format.byteOrder == .littleEndian
    encoder.encode(little ? low : high)
    encoder.encode(little ? high : low)
  }
  @inlinable public init(from decoder: inout CDRDecoder) throws(CDRError) {
    let first = try decoder.decode(UInt64.self)
    let second = try decoder.decode(UInt64.self)
    let little = decoder.format.byteOrder == .littleEndian
    self.init(high: little ? second : first, low: little ? first : second)
  }
  public var value: Value { .octets([high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }) }
  public init(value: Value) throws(CDRError) {
    guard case .octets(let octets) = value, octets.count == 16 else { throw .mismatch("the 16 octets of a long double", value) }
    let words = [octets[..<8], octets[8...]].map { $0.reduce(0 as UInt64) { $0 << 8 | UInt64($1) } }
    self.init(high: words[0], low: words[1])
  }
}

extension Array: CDRCodable where Element: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 4 }
  @inlinable public static var typeCode: TypeCode { .sequence(element: Element.typeCode, bound: 0) }
  @inlinable public func encode(into encoder: inout CDREncoder) throws(CDRError) { try encoder.encode(self, bound: .max) }
  @inlinable public init(from decoder: inout CDRDecoder) throws(CDRError) { self = try decoder.decode([Element].self, bound: .max) }
  @inlinable public var value: Value { Element.listValue(self) }
  @inlinable public init(value: Value) throws(CDRError) { self = try Element.list(from: value) }
}

extension Optional: CDRCodable where Wrapped: CDRCodable {
  @inlinable public static var minimumWireSize: Int { 4 }
  @inlinable public static var typeCode: TypeCode { .optional(Wrapped.typeCode) }
  @inlinable public func encode(into encoder: inout CDREncoder) throws(CDRError) {
    try encoder.encodeOptional(self) { (encoder, value) throws(CDRError) in try value.encode(into: &encoder) }
  }
  @inlinable public init(from decoder: inout CDRDecoder) throws(CDRError) {
    self = try decoder.decodeOptional { (decoder) throws(CDRError) in try Wrapped(from: &decoder) }
  }
  @inlinable public var value: Value {
    // No key path: making one costs more than the value.
    if let wrapped = self { wrapped.value } else { .absent }
  }
  @inlinable public init(value: Value) throws(CDRError) {
    if case .absent = value { self = nil } else { self = .some(try Wrapped(value: value)) }
  }
}
