public import CDR

extension Value {
  /// What a field of the type is where a document says nothing of it.
  public static func empty(of type: TypeCode) -> Value {
    switch type.resolved {
    case .string, .wstring, .char: .text("")
    case .boolean: .boolean(false)
    case .fixed(_, let scale): .decimal(DecimalNumber(unscaled: 0, scale: Int(scale)) ?? DecimalNumber(0))
    case .float, .double: .double(0)
    case .enumeration(let type): type.enumerators.first.map(Value.enumerator) ?? .absent
    case .record(let type): .record(Record(type: type, slots: type.fields.indices.map { empty(of: type.type(ofSlot: $0)) }))
    case .sequence(.octet, _): .octets([])
    case .array(.octet, let length): .octets([UInt8](repeating: 0, count: Int(length)))
    case .sequence: .list([])
    case .array(let element, let length): .list([Value](repeating: empty(of: element), count: Int(length)))
    case .optional, .objectReference, .void, .recursive: .absent
    default: .integer(0)
    }
  }
}
