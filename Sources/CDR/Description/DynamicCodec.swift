// Dynamic values on the wire: the same octets as the generated code's, steered by a type description.

extension CDREncoder {
  /// Writes a dynamic value as its type says.
  ///
  /// - Throws: ``CDRError/valueMismatch(expected:found:path:)`` with the path of the value that does not fit.
  public mutating func encode(_ value: Value, as type: TypeCode) throws(CDRError) {
    switch (type, value) {
    case (.alias(_, _, let original), _): try encode(value, as: original)
    case (.void, .absent): break
    case (.boolean, .boolean(let flag)): encode(flag)
    case (.octet, _): encode(try value.integer(of: UInt8.self))
    case (.short, _): encode(try value.integer(of: Int16.self))
    case (.unsignedShort, _): encode(try value.integer(of: UInt16.self))
    case (.long, _): encode(try value.integer(of: Int32.self))
    case (.unsignedLong, _): encode(try value.integer(of: UInt32.self))
    case (.longLong, _): encode(try value.integer(of: Int64.self))
    case (.unsignedLongLong, _): encode(try value.integer(of: UInt64.self))
    case (.float, .double(let number)): encode(Float(number))
    case (.double, .double(let number)): encode(number)
    case (.longDouble, _): try encode(try LongDouble(value: value))
    case (.char, _): encode(try Char(value: value))
    case (.wchar, _): try encode(try WChar(value: value))
    case (.string(let bound), .text(let text)): try encode(text, bound: bound == 0 ? .max : Int(bound))
    case (.wstring(let bound), .text(let text)): try encode(wide: text, bound: bound == 0 ? .max : Int(bound))
    case (.fixed(let digits, let scale), _): try encodeFixed(value, digits: Int(digits), scale: Int(scale))
    case (.enumeration(let type), .enumerator(let name)):
      guard let ordinal = type.ordinal(of: name) else { throw .mismatch("one of \(type.enumerators.joined(separator: ", "))", value) }
      encode(ordinal)
    case (.objectReference, _): try encodeReference(value)
    case (.record(let type), .record(let record)): try encode(record, as: type)
    case (.optional(let element), _): try encodeOptional(value, as: element)
    case (.sequence(.octet, let bound), .octets(let octets)): try encode(octets, bound: bound == 0 ? .max : Int(bound))
    case (.sequence(let element, let bound), .list(let values)):
      if bound > 0, values.count > Int(bound) { throw .boundExceeded(bound: Int(bound), actual: values.count, offset: position) }
      encode(UInt32(values.count))
      try encode(values, each: element)
    case (.array(.octet, let length), .octets(let octets)):
      guard octets.count == Int(length) else { throw .mismatch("\(length) octets", value) }
      append(raw: unsafe octets.span.bytes)
    case (.array(let element, let length), .list(let values)):
      guard values.count == Int(length) else { throw .mismatch("\(length) elements", value) }
      try encode(values, each: element)
    default: throw .mismatch("\(type)", value)
    }
  }

  /// Writes the fields of a record whose type has the given shape.
  public mutating func encode(_ record: Record, as type: RecordType) throws(CDRError) {
    guard record.slots.count == type.fields.count else { throw .mismatch("a \(type.name)", .record(record)) }
    for (slot, field) in type.fields.enumerated() {
      do { try encode(record.slots[slot], as: field.type.unrolled(in: type)) } catch { throw error.inside(field.name) }
    }
  }

  private mutating func encode(_ values: [Value], each element: TypeCode) throws(CDRError) {
    for (index, value) in values.enumerated() {
      do { try encode(value, as: element) } catch { throw error.inside("[\(index + 1)]") }
    }
  }

  private mutating func encodeOptional(_ value: Value, as element: TypeCode) throws(CDRError) {
    if case .absent = value { return encode(0 as UInt32) }
    encode(1 as UInt32)
    try encode(value, as: element)
  }

  private mutating func encodeFixed(_ value: Value, digits: Int, scale: Int) throws(CDRError) {
    guard let number = value.number else { throw .mismatch("a number for fixed<\(digits),\(scale)>", value) }
    guard let exact = number.rescaled(to: scale, rounding: .exact), exact.unscaled.magnitude < DecimalNumber.power(digits).magnitude else {
      throw .fixedOverflow(digits: digits, scale: scale)
    }
    encodeFixed(exact.unscaled, digits: digits)
  }
}

extension CDRDecoder {
  /// Reads a dynamic value as its type says.
  public mutating func decodeValue(_ type: TypeCode) throws(CDRError) -> Value {
    switch type {
    case .alias(_, _, let original): return try decodeValue(original)
    case .void: return .absent
    case .boolean: return .boolean(try decode(Bool.self))
    case .octet: return .integer(Int128(try decode(UInt8.self)))
    case .short: return .integer(Int128(try decode(Int16.self)))
    case .unsignedShort: return .integer(Int128(try decode(UInt16.self)))
    case .long: return .integer(Int128(try decode(Int32.self)))
    case .unsignedLong: return .integer(Int128(try decode(UInt32.self)))
    case .longLong: return .integer(Int128(try decode(Int64.self)))
    case .unsignedLongLong: return .integer(Int128(try decode(UInt64.self)))
    case .float: return .double(Double(try decode(Float.self)))
    case .double: return .double(try decode(Double.self))
    case .longDouble: return try decode(LongDouble.self).value
    case .char: return try decode(Char.self).value
    case .wchar: return try decode(WChar.self).value
    case .string(let bound): return .text(try decode(String.self, bound: bound == 0 ? .max : Int(bound)))
    case .wstring(let bound): return .text(try decodeWide(bound: bound == 0 ? .max : Int(bound)))
    case .fixed(let digits, let scale):
      let unscaled = try decodeFixed(digits: Int(digits))
      guard let number = DecimalNumber(unscaled: unscaled, scale: Int(scale)) else { throw .invalidFixed(offset: position) }
      return .decimal(number)
    case .enumeration(let type):
      let ordinal = try decode(UInt32.self)
      guard ordinal < type.enumerators.count else { throw .invalidEnumerator(ordinal, type: type.name, offset: position - 4) }
      return .enumerator(type.enumerators[Int(ordinal)])
    case .record(let type): return .record(try decodeRecord(type))
    case .optional(let element): return try decodeOptional { (decoder) throws(CDRError) in try decoder.decodeValue(element) } ?? .absent
    case .sequence(.octet, let bound): return .octets(try decodeOctets(bound: bound == 0 ? .max : Int(bound)))
    case .sequence(let element, let bound):
      return .list(
        try decodeSequence(minimumSize: element.minimumWireSize, bound: bound == 0 ? .max : Int(bound)) { (decoder) throws(CDRError) in
          try decoder.decodeValue(element)
        })
    case .array(.octet, let length): return .octets(try UInt8.decodeElements(Int(length), from: &self))
    case .array(let element, let length):
      guard Int(length) * element.minimumWireSize <= remaining else { throw truncation(needed: Int(length) * element.minimumWireSize) }
      return .list(try decodeElements(element, count: Int(length)))
    case .objectReference: return try decodeReferenceValue()
    case .recursive: throw .valueMismatch(expected: "a type that dynamic values carry", found: "\(type)", path: "")
    }
  }

  /// Reads the fields of a struct.
  public mutating func decodeRecord(_ type: RecordType) throws(CDRError) -> Record {
    try enterNesting()
    var slots: [Value] = []
    slots.reserveCapacity(type.fields.count)
    for field in type.fields { slots.append(try decodeValue(field.type.unrolled(in: type))) }
    leaveNesting()
    return Record(type: type, slots: slots)
  }

  private mutating func decodeElements(_ element: TypeCode, count: Int) throws(CDRError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try decodeValue(element)) }
    return values
  }
}

extension TypeCode {
  /// The type with every ``recursive(id:)`` that names `record` replaced by it, one level deep; the next level unrolls itself.
  func unrolled(in record: RecordType) -> TypeCode {
    guard openReferences.contains(record.id) else { return self }
    switch self {
    case .recursive: return .record(record)
    case .sequence(let element, let bound): return .sequence(element: element.unrolled(in: record), bound: bound)
    case .optional(let element): return .optional(element.unrolled(in: record))
    case .array(let element, let length): return .array(element: element.unrolled(in: record), length: length)
    case .alias(let id, let name, let original): return .alias(id: id, name: name, original: original.unrolled(in: record))
    case .record(let type): return .record(type.unrolled(in: record))
    default: return self
    }
  }

  /// The ids of records around this type that ``recursive(id:)`` inside of it names.
  var openReferences: Set<String> {
    switch self {
    case .recursive(let id): [id]
    case .sequence(let element, _), .optional(let element), .array(let element, _): element.openReferences
    case .alias(_, _, let original): original.openReferences
    case .record(let type): type.openReferences
    default: []
    }
  }
}
