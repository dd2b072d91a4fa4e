/// A value whose type is known only at run time. Its ``TypeCode`` gives it names.
public enum Value: Hashable, Sendable {
  /// An optional value that is not there, or a nil reference.
  case absent
  case boolean(Bool)
  /// All integer types, `octet` and `wchar`: see ``integer(_:)``.
  case whole(WholeNumber)
  /// `fixed`.
  case decimal(DecimalNumber)
  /// `float` and `double`.
  case double(Double)
  /// `string`, `wstring`, `char`, and object references as stringified IORs.
  case text(String)
  /// `sequence<octet>`, arrays of octets, and the 16 octets of a `long double`.
  case octets([UInt8])
  /// An enumerator, as IDL spells it.
  case enumerator(String)
  case record(Record)
  /// Sequences and arrays.
  case list([Value])

  /// What kind of value this is, in words for error messages, with the value itself where it is short.
  public var summary: String {
    switch self {
    case .absent: "nothing"
    case .boolean(let flag): flag ? "true" : "false"
    case .whole(let number): String(number.value)
    case .decimal(let number): number.description
    case .double(let number): String(number)
    case .text(let text): "\"\(text.count > 40 ? text.prefix(40) + "…" : text)\""
    case .octets(let octets): "\(octets.count) octets"
    case .enumerator(let name): name
    case .record(let record): "a \(record.type.name)"
    case .list(let values): "a list of \(values.count)"
    }
  }

  /// The exact number, if this is one (not for binary fractions).
  public var number: DecimalNumber? {
    switch self {
    case .whole(let number): DecimalNumber(unscaled: number.value, scale: 0)
    case .decimal(let number): number
    default: nil
    }
  }

  @inlinable func integer<T: FixedWidthInteger>(of type: T.Type) throws(CDRError) -> T {
    guard case .whole(let number) = self, let result = T(exactly: number.value) else { throw .mismatch("an integer of \(T.self)", self) }
    return result
  }
}

extension Value {
  @inlinable public static func integer(_ number: Int128) -> Value { .whole(WholeNumber(number)) }
}

/// An integer in two halves: with one number of 128 bits every ``Value`` would take 32 octets instead of 24, and every list of values
/// memory at an address that is a multiple of 16, which costs several times as much to get.
public struct WholeNumber: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline let high: Int64
  @usableFromInline let low: UInt64

  @inlinable public init(_ value: Int128) {
    high = Int64(truncatingIfNeeded: value >> 64)
    low = UInt64(truncatingIfNeeded: value)
  }

  @inlinable public var value: Int128 { Int128(high) << 64 | Int128(low) }
}

/// The values of a struct, by slot of its type description.
public struct Record: Hashable, Sendable {
  /// Not counted: types live as long as the process, and the records of one type are on all cores, which would wait for one another at
  /// its count.
  @usableFromInline unowned(unsafe) let uncountedType: RecordType
  @inlinable public var type: RecordType { unsafe uncountedType }
  /// One value for each field of ``type``, in its order.
  public var slots: [Value]

  public static func == (left: Record, right: Record) -> Bool { left.type == right.type && left.slots == right.slots }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(type)
    hasher.combine(slots)
  }

  /// - Precondition: as many values as the type has fields.
  public init(type: RecordType, slots: [Value]) {
    precondition(slots.count == type.fields.count, "\(type.name) has \(type.fields.count) fields, not \(slots.count)")
    unsafe uncountedType = type
    self.slots = slots
  }

  /// The value of the field of that name; setting an unknown name is a programmer's error.
  public subscript(name: String) -> Value? {
    get { type.slot(of: name).map { slots[$0] } }
    set {
      guard let slot = type.slot(of: name) else { preconditionFailure("\(type.name) has no field \(name)") }
      slots[slot] = newValue ?? .absent
    }
  }
}

extension CDRError {
  /// The value has another shape than its type asks for.
  public static func mismatch(_ expected: String, _ found: Value) -> CDRError {
    .valueMismatch(expected: expected, found: found.summary, path: "")
  }

  /// The same error, seen from the value that contains it under `name`.
  public func inside(_ name: String) -> CDRError {
    guard case .valueMismatch(let expected, let found, let path) = self else { return self }
    return .valueMismatch(expected: expected, found: found, path: path.isEmpty || path.hasPrefix("[") ? name + path : "\(name)/\(path)")
  }
}
