import Synchronization

/// The shape of an IDL type, with names (CORBA 3.3, part 1, 8.11). A bound of 0 means unbounded.
public indirect enum TypeCode: Hashable, Sendable {
  case void
  case short, long, longLong, unsignedShort, unsignedLong, unsignedLongLong
  case float, double, longDouble
  case boolean, char, wchar, octet
  case string(bound: UInt32)
  case wstring(bound: UInt32)
  case fixed(digits: UInt16, scale: UInt16)
  case objectReference(id: String, name: String)
  case enumeration(EnumerationType)
  /// A struct or an exception.
  case record(RecordType)
  case sequence(element: TypeCode, bound: UInt32)
  /// A sequence bounded by 1 that `#pragma tessera optional` declares to be an optional value.
  case optional(TypeCode)
  case array(element: TypeCode, length: UInt32)
  case alias(id: String, name: String, original: TypeCode)
  /// A struct that contains itself through a sequence, named by its repository id; the enclosing record of that id is meant.
  case recursive(id: String)

  /// The type behind all aliases.
  public var resolved: TypeCode {
    var type = self
    while case .alias(_, _, let original) = type { type = original }
    return type
  }

  /// The record type, seen through aliases, optionals, sequences and arrays; nil for other types.
  public var innermostRecord: RecordType? {
    switch resolved {
    case .record(let type): type
    case .optional(let element), .sequence(let element, _), .array(let element, _): element.innermostRecord
    default: nil
    }
  }

  /// Octets that a value takes at least on the wire.
  public var minimumWireSize: Int {
    switch self {
    case .void: 0
    case .boolean, .char, .octet: 1
    case .short, .unsignedShort, .wchar: 2
    case .long, .unsignedLong, .float, .enumeration, .sequence, .optional, .wstring, .recursive: 4
    case .string: 5
    case .longLong, .unsignedLongLong, .double: 8
    case .longDouble: 16
    case .fixed(let digits, _): (Int(digits) + 2) / 2
    case .objectReference: 12
    case .record(let type): max(1, type.fields.reduce(0) { $0 + $1.type.minimumWireSize })
    case .array(let element, let length): Int(length) * element.minimumWireSize
    case .alias(_, _, let original): original.minimumWireSize
    }
  }
}

extension TypeCode: CustomStringConvertible {
  /// The type as IDL writes it.
  public var description: String {
    switch self {
    case .void: "void"
    case .short: "short"
    case .long: "long"
    case .longLong: "long long"
    case .unsignedShort: "unsigned short"
    case .unsignedLong: "unsigned long"
    case .unsignedLongLong: "unsigned long long"
    case .float: "float"
    case .double: "double"
    case .longDouble: "long double"
    case .boolean: "boolean"
    case .char: "char"
    case .wchar: "wchar"
    case .octet: "octet"
    case .string(let bound): bound == 0 ? "string" : "string<\(bound)>"
    case .wstring(let bound): bound == 0 ? "wstring" : "wstring<\(bound)>"
    case .fixed(let digits, let scale): "fixed<\(digits),\(scale)>"
    case .objectReference(_, let name): name
    case .enumeration(let type): type.name
    case .record(let type): type.name
    case .sequence(let element, let bound): bound == 0 ? "sequence<\(element)>" : "sequence<\(element),\(bound)>"
    case .optional(let element): "optional \(element)"
    case .array(let element, let length): "\(element)[\(length)]"
    case .alias(_, let name, _): name
    case .recursive(let id): id
    }
  }
}

/// An IDL enum: its enumerators in order, as IDL spells them.
public final class EnumerationType: Sendable, Hashable {
  public let id: String
  public let name: String
  public let enumerators: [String]
  private let ordinals: [String: UInt32]

  public init(id: String, name: String, enumerators: [String]) {
    self.id = id
    self.name = name
    self.enumerators = enumerators
    ordinals = Dictionary(enumerators.enumerated().map { ($1, UInt32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  public func ordinal(of enumerator: String) -> UInt32? { ordinals[enumerator] }

  public static func == (left: EnumerationType, right: EnumerationType) -> Bool {
    left === right || (left.id == right.id && left.enumerators == right.enumerators)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// The fields of a struct or exception, in order. A ``Record`` holds one value for each; names live only here.
///
/// Types live as long as the process: records refer to them without counting. They are made from descriptions that are loaded, never from
/// what a message brings.
public final class RecordType: Sendable, Hashable {
  /// One member: its name as IDL spells it, and its type.
  public struct Field: Sendable, Hashable {
    public let name: String
    public let type: TypeCode
    public init(_ name: String, _ type: TypeCode) {
      self.name = name
      self.type = type
    }
  }

  /// The repository id, or for other dialects a URI.
  public let id: String
  public let name: String
  public let fields: [Field]
  private let slots: [String: Int]
  /// The ids of enclosing records that ``TypeCode/recursive(id:)`` inside of this one names: structs that contain one another.
  let openReferences: Set<String>
  private let unrolledTypes = Mutex<[ObjectIdentifier: RecordType]>([:])

  public init(id: String, name: String, fields: [Field]) {
    self.id = id
    self.name = name
    self.fields = fields
    openReferences = fields.reduce(into: Set()) { $0.formUnion($1.type.openReferences) }.subtracting([id])
    slots = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    // For good.
    _ = unsafe Unmanaged.passRetained(self)
  }

  /// The type with every ``TypeCode/recursive(id:)`` that names `record` replaced by it; made once.
  func unrolled(in record: RecordType) -> RecordType {
    unrolledTypes.withLock { known in
      if let type = known[ObjectIdentifier(record)] { return type }
      let type = RecordType(id: id, name: name, fields: fields.map { Field($0.name, $0.type.unrolled(in: record)) })
      known[ObjectIdentifier(record)] = type
      return type
    }
  }

  /// Which slot holds the field of that name.
  public func slot(of name: String) -> Int? { slots[name] }

  public static func == (left: RecordType, right: RecordType) -> Bool {
    left === right || (left.id == right.id && left.fields == right.fields)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
