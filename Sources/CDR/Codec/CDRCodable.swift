/// A value that CDR can carry: the runtime's basic types and every generated one.
public protocol CDRCodable: Sendable {
  /// Octets that a value takes at least; bounds what a hostile length can make us allocate. Never 0.
  static var minimumWireSize: Int { get }
  /// The shape of the type, with member names, for mappings and dynamic values.
  static var typeCode: TypeCode { get }
  func encode(into encoder: inout CDREncoder) throws(CDRError)
  init(from decoder: inout CDRDecoder) throws(CDRError)
  /// The same value in dynamic form.
  var value: Value { get }
  /// The typed form of a dynamic value.
  ///
  /// - Throws: ``CDRError/valueMismatch(expected:found:path:)`` where the shapes differ.
  init(value: Value) throws(CDRError)
  /// A sequence of such values in dynamic form; octets have a form of their own.
  static func listValue(_ elements: [Self]) -> Value
  static func list(from value: Value) throws(CDRError) -> [Self]
  static func encodeElements(_ elements: [Self], into encoder: inout CDREncoder) throws(CDRError)
  static func decodeElements(_ count: Int, from decoder: inout CDRDecoder) throws(CDRError) -> [Self]
}

extension CDRCodable {
  @inlinable public static func listValue(_ elements: [Self]) -> Value { .list(elements.map(\.value)) }

  @inlinable public static func list(from value: Value) throws(CDRError) -> [Self] {
    guard case .list(let values) = value else { throw .mismatch("a list", value) }
    var result: [Self] = []
    result.reserveCapacity(values.count)
    for (index, element) in values.enumerated() {
      do { result.append(try Self(value: element)) } catch { throw error.inside("[\(index + 1)]") }
    }
    return result
  }

  @inlinable public static func encodeElements(_ elements: [Self], into encoder: inout CDREncoder) throws(CDRError) {
    // By way of the span, elements are borrowed; iterating would copy each, with its strings' reference counts.
    let span = elements.span
    for index in span.indices { try span[index].encode(into: &encoder) }
  }

  @inlinable public static func decodeElements(_ count: Int, from decoder: inout CDRDecoder) throws(CDRError) -> [Self] {
    try decoder.enterNesting()
    var result: [Self] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try Self(from: &decoder)) }
    decoder.leaveNesting()
    return result
  }
}

extension CDREncoder {
  @inlinable @inline(__always) public mutating func encode<T: CDRCodable>(_ value: T) throws(CDRError) { try value.encode(into: &self) }

  /// Writes a sequence: its length and its elements.
  ///
  /// - Throws: ``CDRError/boundExceeded(bound:actual:offset:)`` before anything is written.
  @inlinable public mutating func encode<T: CDRCodable>(_ elements: [T], bound: Int = .max) throws(CDRError) {
    if elements.count > bound { throw .boundExceeded(bound: bound, actual: elements.count, offset: position) }
    append(UInt32(truncatingIfNeeded: elements.count))
    try T.encodeElements(elements, into: &self)
  }

  /// Writes a sequence whose elements need more than their type says: bounded or wide strings, sequences of those.
  @inlinable public mutating func encodeSequence<T>(
    _ elements: [T], bound: Int = .max, _ body: (inout CDREncoder, T) throws(CDRError) -> Void
  ) throws(CDRError) {
    if elements.count > bound { throw .boundExceeded(bound: bound, actual: elements.count, offset: position) }
    append(UInt32(truncatingIfNeeded: elements.count))
    for element in elements { try body(&self, element) }
  }

  /// Writes the elements of an array whose elements need more than their type says.
  @inlinable public mutating func encodeArray<let length: Int, T>(
    _ array: FixedArray<length, T>, _ body: (inout CDREncoder, T) throws(CDRError) -> Void
  ) throws(CDRError) {
    for index in 0..<length { try body(&self, array[index]) }
  }

  /// Writes an optional value as what it is on the wire: a sequence bounded by 1.
  @inlinable public mutating func encodeOptional<T>(
    _ value: T?, _ body: (inout CDREncoder, T) throws(CDRError) -> Void
  ) throws(CDRError) {
    append(value == nil ? 0 : 1 as UInt32)
    if let value { try body(&self, value) }
  }
}

extension CDRDecoder {
  @inlinable @inline(__always) public mutating func decode<T: CDRCodable>(_: T.Type = T.self) throws(CDRError) -> T {
    try T(from: &self)
  }

  /// Reads a sequence; its length is checked against the bound and against the octets that are left.
  @inlinable public mutating func decode<T: CDRCodable>(_: [T].Type = [T].self, bound: Int = .max) throws(CDRError) -> [T] {
    let count = try decodeCount(minimumSize: T.minimumWireSize, bound: bound)
    return try T.decodeElements(count, from: &self)
  }

  /// Reads a sequence whose elements need more than their type says and take at least `minimumSize` octets each.
  @inlinable public mutating func decodeSequence<T>(
    minimumSize: Int, bound: Int = .max, _ body: (inout CDRDecoder) throws(CDRError) -> T
  ) throws(CDRError) -> [T] {
    let count = try decodeCount(minimumSize: minimumSize, bound: bound)
    try enterNesting()
    var result: [T] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try body(&self)) }
    leaveNesting()
    return result
  }

  /// Reads an array whose elements need more than their type says.
  @inlinable public mutating func decodeArray<let length: Int, T>(
    _: FixedArray<length, T>.Type = FixedArray<length, T>.self, _ body: (inout CDRDecoder) throws(CDRError) -> T
  ) throws(CDRError) -> FixedArray<length, T> {
    try require(length)
    var elements: [T] = []
    elements.reserveCapacity(length)
    for _ in 0..<length { elements.append(try body(&self)) }
    return FixedArray(elements)!
  }

  /// Reads an optional value: a sequence bounded by 1.
  @inlinable public mutating func decodeOptional<T>(_ body: (inout CDRDecoder) throws(CDRError) -> T) throws(CDRError) -> T? {
    let count = try decodeCount(minimumSize: 1, bound: 1)
    return count == 0 ? nil : try body(&self)
  }
}
