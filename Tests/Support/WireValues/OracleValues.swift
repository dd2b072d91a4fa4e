public import CDR
public import ForeignORB

/// A value in the JSON of Tests/Support/README.md.
public func oracleValue(_ value: Value, _ type: TypeCode) -> JSON {
  switch (type.resolved, value) {
  case (.optional(_), .absent): .array([])
  case (.optional(let element), _): .array([oracleValue(value, element)])
  case (.boolean, .boolean(let flag)): .bool(flag)
  case (.longLong, .whole(let number)), (.unsignedLongLong, .whole(let number)): .string(String(number.value))
  case (_, .whole(let number)): .integer(Int(number.value))
  case (.float, .double(let number)): .string(hexadecimal(UInt64(Float(number).bitPattern), digits: 8))
  case (_, .double(let number)): .string(hexadecimal(number.bitPattern, digits: 16))
  case (.char, .text(let text)): .integer(Int(text.unicodeScalars.first!.value))
  case (_, .text(let text)): .string(text)
  case (_, .decimal(let number)): .string(number.description)
  case (_, .enumerator(let name)): .string(name)
  case (_, .octets(let octets)): ["hex": .string(octets.hexadecimal)]
  case (.sequence(let element, _), .list(let values)), (.array(let element, _), .list(let values)):
    .array(values.map { oracleValue($0, element) })
  case (_, .record(let record)):
    .object(Dictionary(zip(record.type.fields, record.slots).map { ($0.name, oracleValue($1, $0.type)) }) { first, _ in first })
  default: .null
  }
}

private func hexadecimal(_ bits: UInt64, digits: Int) -> String {
  let text = String(bits, radix: 16)
  return String(repeating: "0", count: digits - text.count) + text
}
