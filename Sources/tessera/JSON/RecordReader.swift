import CDR
import InterchangeIDL
import Mapping

/// Makes a canonical record of JSON that a person wrote: members named as in the IDL; what is left out is empty, false or absent, but for
/// the figures that must be told (``CanonicalAbsence``).
struct RecordReader {
  /// Everything that does not fit, each with its path.
  private(set) var faults: [String] = []

  /// Faults that are told at once; a person reads no more.
  static let limit = 20

  /// The record of a type.
  ///
  /// - Throws: ``Refusal`` with code `FILE_INVALID` and all faults.
  static func record(_ json: JSON, as type: RecordType, file: String) throws -> Record {
    var reader = RecordReader()
    let record = reader.record(json, type, "")
    if !reader.faults.isEmpty {
      throw Refusal("FILE_INVALID", "\(file) is no \(type.name): " + reader.faults.joined(separator: "; "))
    }
    return record
  }

  /// The value that a text stands for, as a cell of a table has it; what is wrong with it goes to ``faults``.
  ///
  /// An empty cell is no value: optional fields are absent, texts empty; a number, a truth value or a time is needed and must be written.
  mutating func value(ofText cell: String, _ type: TypeCode, _ path: String) -> Value {
    let isText = if case .string = type.resolved { true } else { false }
    let text = isText ? cell : cell.withoutOuterBlanks
    if type.isInstant, !text.isEmpty, !text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      return value(.string(text), type, path)
    }
    switch type.resolved {
    case .optional where text.isEmpty: return .absent
    case .optional(let element): return value(ofText: text, element, path)
    case _ where text.isEmpty:
      if CanonicalAbsence.isFigure(type) { fault(path, "the cell is empty where \(Self.words(type)) is needed; \(Self.neutral(type))") }
      return Self.empty(type)
    case .boolean:
      if let flag = TruthWords.value(text) { return .boolean(flag) }
      fault(path, "\"\(text)\" is neither true nor false")
      return .boolean(false)
    case .string(let bound) where bound > 0 && text.utf8.count > bound:
      fault(path, "\"\(text.prefix(40))\" has \(text.utf8.count) octets; there is room for \(bound)")
      return .text("")
    case .short, .long, .longLong, .unsignedShort, .unsignedLong, .unsignedLongLong, .octet, .fixed:
      return value(.number(text), type, path)
    case .string: return .text(text)
    default:
      fault(path, "a cell of a table cannot stand for \(Self.words(type))")
      return Self.empty(type)
    }
  }

  private mutating func fault(_ path: String, _ message: String) {
    if faults.count < Self.limit { faults.append("\(path.isEmpty ? "" : path + ": ")\(message)") }
  }

  private mutating func record(_ json: JSON, _ type: RecordType, _ path: String) -> Record {
    guard case .object(let members) = json else {
      fault(path, "an object should stand here, not \(json.kind)")
      return Record(type: type, slots: type.fields.map { Self.empty($0.type) })
    }
    for member in members where type.slot(of: member.name) == nil {
      fault(path, "\(type.name) has no field \"\(member.name)\"; it has \(type.fields.map(\.name).joined(separator: ", "))")
    }
    return Record(
      type: type,
      slots: type.fields.map { field in
        let inner = path.isEmpty ? field.name : "\(path)/\(field.name)"
        if let found = json[field.name] { return value(found, field.type, inner) }
        if CanonicalAbsence.needs(field, of: type) { fault(inner, "is left out; what is not told is not taken for 0") }
        return Self.empty(field.type)
      })
  }

  private mutating func value(_ json: JSON, _ type: TypeCode, _ path: String) -> Value {
    if type.isInstant, case .string(let text) = json {
      guard let time = Instant.microseconds(text) else {
        fault(path, "\"\(text)\" is no point in time such as 2026-03-31T08:00:00Z")
        return .integer(0)
      }
      return .integer(Int128(time))
    }
    switch (type.resolved, json) {
    case (.optional, .null): return .absent
    case (.optional(let element), _): return value(json, element, path)
    case (.boolean, .bool(let flag)): return .boolean(flag)
    case (.string, .string(let text)): return .text(text)
    case (.fixed(let digits, let scale), .string(let text)), (.fixed(let digits, let scale), .number(let text)):
      return decimal(text, Int(digits), Int(scale), path)
    case (.record(let inner), _): return .record(record(json, inner, path))
    case (.sequence(let element, _), .array(let elements)):
      return .list(elements.enumerated().map { value($1, element, "\(path)[\($0 + 1)]") })
    case (.short, .number(let digits)): return integer(digits, Int16.self, path)
    case (.long, .number(let digits)): return integer(digits, Int32.self, path)
    case (.longLong, .number(let digits)): return integer(digits, Int64.self, path)
    case (.unsignedLong, .number(let digits)): return integer(digits, UInt32.self, path)
    case (.unsignedShort, .number(let digits)): return integer(digits, UInt16.self, path)
    case (.unsignedLongLong, .number(let digits)): return integer(digits, UInt64.self, path)
    case (.octet, .number(let digits)): return integer(digits, UInt8.self, path)
    default:
      fault(path, "\(Self.words(type)) should stand here, not \(json.kind)")
      return Self.empty(type)
    }
  }

  private mutating func decimal(_ text: String, _ digits: Int, _ scale: Int, _ path: String) -> Value {
    guard let number = DecimalNumber(text) else {
      fault(path, "\"\(text)\" is no decimal number such as 12.50")
      return .decimal(DecimalNumber(0))
    }
    guard let exact = number.rescaled(to: scale, rounding: .exact), exact.unscaled.magnitude < DecimalNumber.power(digits).magnitude else {
      fault(path, "\(text) does not fit: at most \(digits - scale) digits before the point and \(scale) behind it")
      return .decimal(DecimalNumber(0))
    }
    return .decimal(exact)
  }

  private mutating func integer<Number: FixedWidthInteger>(_ digits: String, _: Number.Type, _ path: String) -> Value {
    guard let number = Number(digits) else {
      fault(path, "\(digits) is no whole number from \(Number.min) to \(Number.max)")
      return .integer(0)
    }
    return .integer(Int128(number))
  }

  /// What to write for none.
  private static func neutral(_ type: TypeCode) -> String {
    switch type.resolved {
    case .boolean: "write false where it is not so"
    case .enumeration: "write its name"
    default: "write 0 where it is 0"
    }
  }

  private static func words(_ type: TypeCode) -> String {
    switch type.resolved {
    case .boolean: "true or false"
    case .string: "a string"
    case .fixed: "a decimal number"
    case .sequence: "an array"
    case .record(let type): "an object (\(type.name))"
    default: "a whole number"
    }
  }

  /// What stands in a field that nobody filled in.
  static func empty(_ type: TypeCode) -> Value {
    switch type.resolved {
    case .boolean: .boolean(false)
    case .string, .wstring: .text("")
    case .fixed: .decimal(DecimalNumber(0))
    case .float, .double: .double(0)
    case .sequence(.octet, _): .octets([])
    case .sequence: .list([])
    case .record(let inner): .record(Record(type: inner, slots: inner.fields.map { empty($0.type) }))
    case .optional, .objectReference: .absent
    case .enumeration(let inner): .enumerator(inner.enumerators[0])
    default: .integer(0)
    }
  }
}

extension JSON {
  /// Reads the JSON document of a file.
  ///
  /// - Throws: ``Refusal`` with code `FILE_INVALID` and the place.
  init(reading octets: [UInt8], of file: String) throws {
    do throws(JSONFault) { try self.init(reading: octets) } catch {
      throw Refusal("FILE_INVALID", "\(file):\(error.line):\(error.column): \(error.message)")
    }
  }
}
