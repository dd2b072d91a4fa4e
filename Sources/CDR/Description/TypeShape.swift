import Synchronization

/// A list of fields with their types, as text: what is stored beside a record says so by which fields it is to be read.
///
/// Names are in quotes, everything is in the order of the octets. Aliases are left out, since they change nothing of them:
///
///     record "xml:shop:Item" "Item" 2 "@code" optional string 0 "size" fixed 18 6
public struct TypeShape: Sendable, Hashable {
  /// The same for the same fields.
  public let text: String

  /// A text that ``text`` was.
  public init(text: String) { self.text = text }

  /// The shape of a type; made once for each.
  public init(_ type: RecordType) {
    let known = Self.made.withLock { $0[ObjectIdentifier(type)] }
    if let known {
      self = known
      return
    }
    var writer = ShapeWriter()
    writer.write(type)
    text = writer.text
    // Types live as long as the process.
    Self.made.withLock { [self] in $0[ObjectIdentifier(type)] = self }
  }

  /// Tells shapes apart in nearly all cases, the same in every process: FNV-1a.
  public var hash: Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for octet in text.utf8 { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
    return Int64(bitPattern: hash)
  }

  /// The type with these fields; the same for the same shape, since types are never given back.
  ///
  /// - Throws: ``ShapeFault`` where the text describes no record, or where all shapes together have more fields than is bounded.
  public func recordType() throws(ShapeFault) -> RecordType {
    if let type = Self.read.withLock({ $0.types[text] }) { return type }
    var reader = ShapeReader(text)
    let type = try reader.record()
    let fields = reader.fieldCount
    let kept = Self.read.withLock { state -> RecordType? in
      if let other = state.types[text] { return other }
      guard state.fields + fields <= Self.greatestFieldCount else { return nil }
      state.fields += fields
      state.types[text] = type
      return type
    }
    guard let kept else { throw ShapeFault("there are more than \(Self.greatestFieldCount) fields in the shapes of stored records") }
    return kept
  }

  /// Fields of all shapes that a process reads.
  static let greatestFieldCount = 100_000
  /// Octets of one shape.
  static let greatestText = 4 << 20

  private static let made = Mutex<[ObjectIdentifier: TypeShape]>([:])
  private static let read = Mutex<(types: [String: RecordType], fields: Int)>(([:], 0))
}

/// A stored shape that cannot be read.
public struct ShapeFault: Error, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

private struct ShapeWriter {
  var text = ""

  private mutating func word(_ word: String) {
    if !text.isEmpty { text += " " }
    text += word
  }

  private mutating func quoted(_ name: String) {
    word("\"\(name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"")
  }

  mutating func write(_ type: RecordType) {
    word("record")
    quoted(type.id)
    quoted(type.name)
    word("\(type.fields.count)")
    for field in type.fields {
      quoted(field.name)
      write(field.type)
    }
  }

  private mutating func write(_ type: TypeCode) {
    switch type.resolved {
    case .string(let bound): word("string \(bound)")
    case .wstring(let bound): word("wstring \(bound)")
    case .fixed(let digits, let scale): word("fixed \(digits) \(scale)")
    case .objectReference(let id, let name):
      word("reference")
      quoted(id)
      quoted(name)
    case .enumeration(let enumeration):
      word("enum")
      quoted(enumeration.id)
      quoted(enumeration.name)
      word("\(enumeration.enumerators.count)")
      for enumerator in enumeration.enumerators { quoted(enumerator) }
    case .record(let record): write(record)
    case .sequence(let element, let bound):
      word("sequence \(bound)")
      write(element)
    case .array(let element, let length):
      word("array \(length)")
      write(element)
    case .optional(let element):
      word("optional")
      write(element)
    case .recursive(let id):
      word("recursive")
      quoted(id)
    case let plain: word(ShapeWords.words[plain] ?? "void")
    }
  }
}

/// The types that a word alone names.
private enum ShapeWords {
  static let types: [String: TypeCode] = [
    "void": .void, "short": .short, "long": .long, "longlong": .longLong, "ushort": .unsignedShort, "ulong": .unsignedLong,
    "ulonglong": .unsignedLongLong, "float": .float, "double": .double, "longdouble": .longDouble, "boolean": .boolean, "char": .char,
    "wchar": .wchar, "octet": .octet,
  ]
  static let words = Dictionary(uniqueKeysWithValues: types.map { ($1, $0) })
}

private struct ShapeReader {
  private let octets: [UInt8]
  private var offset = 0
  private var depth = 0
  private(set) var fieldCount = 0

  init(_ text: String) { octets = text.utf8.count <= TypeShape.greatestText ? Array(text.utf8) : [] }

  mutating func record() throws(ShapeFault) -> RecordType {
    guard case .record(let type) = try type(), offset == octets.count else { throw fault("a record") }
    return type
  }

  private func fault(_ expected: String) -> ShapeFault { ShapeFault("\(expected) is expected at octet \(offset) of a stored shape") }

  /// The next word, or what stands in quotes.
  private mutating func next() throws(ShapeFault) -> (text: String, isQuoted: Bool) {
    if offset < octets.count, octets[offset] == UInt8(ascii: " ") { offset += 1 }
    guard offset < octets.count else { throw fault("more") }
    var found: [UInt8] = []
    guard octets[offset] == UInt8(ascii: "\"") else {
      while offset < octets.count, octets[offset] != UInt8(ascii: " ") {
        found.append(octets[offset])
        offset += 1
      }
      return (String(decoding: found, as: UTF8.self), false)
    }
    offset += 1
    while offset < octets.count, octets[offset] != UInt8(ascii: "\"") {
      if octets[offset] == UInt8(ascii: "\\") { offset += 1 }
      if offset < octets.count { found.append(octets[offset]) }
      offset += 1
    }
    guard offset < octets.count else { throw fault("a quote") }
    offset += 1
    return (String(decoding: found, as: UTF8.self), true)
  }

  private mutating func name() throws(ShapeFault) -> String {
    let (text, isQuoted) = try next()
    guard isQuoted else { throw fault("a name") }
    return text
  }

  private mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws(ShapeFault) -> Number {
    guard let number = Number(try next().text) else { throw fault("a number") }
    return number
  }

  private mutating func count() throws(ShapeFault) -> Int {
    let count = try number(Int.self)
    guard (0...TypeShape.greatestFieldCount).contains(count) else { throw fault("a smaller number") }
    return count
  }

  private mutating func type() throws(ShapeFault) -> TypeCode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 200 else { throw fault("a type that is not nested as deeply") }
    let word = try next().text
    if let type = ShapeWords.types[word] { return type }
    switch word {
    case "string": return .string(bound: try number(UInt32.self))
    case "wstring": return .wstring(bound: try number(UInt32.self))
    case "fixed": return .fixed(digits: try number(UInt16.self), scale: try number(UInt16.self))
    case "reference": return .objectReference(id: try name(), name: try name())
    case "sequence": return .sequence(element: TypeCode.void, bound: try number(UInt32.self)).containing(try type())
    case "array": return .array(element: TypeCode.void, length: try number(UInt32.self)).containing(try type())
    case "optional": return .optional(try type())
    case "recursive": return .recursive(id: try name())
    case "enum":
      let (id, name) = (try name(), try name())
      var enumerators: [String] = []
      for _ in 0..<(try count()) { enumerators.append(try self.name()) }
      return .enumeration(EnumerationType(id: id, name: name, enumerators: enumerators))
    case "record":
      let (id, name, count) = (try name(), try name(), try count())
      fieldCount += count
      guard fieldCount <= TypeShape.greatestFieldCount else { throw fault("a type with fewer fields") }
      var fields: [RecordType.Field] = []
      for _ in 0..<count { fields.append(RecordType.Field(try self.name(), try type())) }
      return .record(RecordType(id: id, name: name, fields: fields))
    default: throw fault("a type")
    }
  }
}

extension TypeCode {
  /// The same list with elements of another type.
  fileprivate func containing(_ element: TypeCode) -> TypeCode {
    switch self {
    case .sequence(_, let bound): .sequence(element: element, bound: bound)
    case .array(_, let length): .array(element: element, length: length)
    default: self
    }
  }
}
