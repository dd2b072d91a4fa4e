/// A stored record that says something which the fields of today cannot say.
public struct ReshapingFault: Error, Sendable, CustomStringConvertible {
  /// The field, from the record.
  public let path: String
  /// What stands there, and what is to.
  public let explanation: String
  public var description: String { "\(path): \(explanation)" }
}

extension Record {
  /// The field of a document's record that holds the text of an element which has attributes or children as well.
  public static let ownText = "text"

  /// The record as another type of the same thing has it: each field by its name.
  ///
  /// A field that this record does not have is empty; one that the type does not have is left out, since nothing reads it. A text becomes
  /// the ``ownText`` of a record, and the other way round; one value becomes a list of one, and the other way round.
  ///
  /// - Throws: ``ReshapingFault`` where a value would be lost or mean something else: several values where one is to stand, a text where a
  ///   number is.
  public func reshaped(to type: RecordType) throws(ReshapingFault) -> Record {
    if self.type === type { return self }
    var slots: [Value] = []
    slots.reserveCapacity(type.fields.count)
    for field in type.fields {
      let target = field.type.unrolled(in: type)
      guard let slot = self.type.slot(of: field.name) else {
        slots.append(target.missing)
        continue
      }
      do throws(ReshapingFault) {
        slots.append(try Self.reshaped(self.slots[slot], self.type.fields[slot].type.unrolled(in: self.type), to: target))
      } catch {
        throw ReshapingFault(path: error.path.isEmpty ? field.name : "\(field.name)/\(error.path)", explanation: error.explanation)
      }
    }
    return Record(type: type, slots: slots)
  }

  private static func reshaped(_ value: Value, _ source: TypeCode, to target: TypeCode) throws(ReshapingFault) -> Value {
    let (source, target) = (source.resolved, target.resolved)
    if source == target, source.innermostRecord == nil { return value }
    switch (source, target) {
    case (.optional(let inner), .optional(let element)):
      return value == .absent ? .absent : try reshaped(value, inner, to: element)
    case (.optional(let inner), _):
      return value == .absent ? target.missing : try reshaped(value, inner, to: target)
    case (_, .optional(let element)):
      if case .list(let values) = value, values.isEmpty { return .absent }
      return try reshaped(value, source, to: element)
    default: break
    }
    if let inner = source.elements, let element = target.elements {
      guard case .list(let values) = value else { return value }
      var list: [Value] = []
      for value in values { list.append(try reshaped(value, inner, to: element)) }
      return .list(list)
    }
    if let inner = source.elements, case .list(let values) = value {
      guard values.count < 2 else {
        throw ReshapingFault(path: "", explanation: "\(values.count) values were stored, and one is to stand there now")
      }
      return try values.first.map { value throws(ReshapingFault) in try reshaped(value, inner, to: target) } ?? target.missing
    }
    if let element = target.elements { return .list([try reshaped(value, source, to: element)]) }
    switch (value, target) {
    case (.record(let record), .record(let type)): return .record(try record.reshaped(to: type))
    case (.text, .record(let type)):
      guard let slot = type.slot(of: ownText) else { break }
      var slots = type.fields.map { $0.type.unrolled(in: type).missing }
      slots[slot] = value
      return .record(Record(type: type, slots: slots))
    case (.record(let record), .string):
      if case .text(let text)? = record[ownText] { return .text(text) }
      return .text("")
    case (.text, .string), (.text, .wstring), (.boolean, .boolean), (.enumerator, .enumeration): return value
    case (.whole, let type) where type.isInteger: return value
    case (.whole, .fixed), (.decimal, .fixed), (.double, .float), (.double, .double), (.octets, _): return value
    default: break
    }
    throw ReshapingFault(path: "", explanation: "\(value.summary) was stored as \(source), and \(target) is to stand there now")
  }
}

extension TypeCode {
  /// The type of the elements of a list; nil for other types, and for octets, which are one value.
  fileprivate var elements: TypeCode? {
    switch self {
    case .sequence(let element, _), .array(let element, _): element.resolved == .octet ? nil : element
    default: nil
    }
  }

  fileprivate var isInteger: Bool {
    switch self {
    case .short, .long, .longLong, .unsignedShort, .unsignedLong, .unsignedLongLong, .octet, .wchar: true
    default: false
    }
  }

  /// What a field holds of which nothing was stored: nothing, never a number.
  fileprivate var missing: Value {
    switch resolved {
    case .string, .wstring: .text("")
    case .sequence(let element, _): element.resolved == .octet ? .octets([]) : .list([])
    case .record(let type): .record(Record(type: type, slots: type.fields.map { $0.type.unrolled(in: type).missing }))
    default: .absent
    }
  }
}
