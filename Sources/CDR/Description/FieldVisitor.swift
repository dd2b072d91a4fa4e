/// Visits the fields of a generated struct or exception in order, each with its own type.
public protocol FieldVisitor {
  /// - Parameter slot: the field's place in its type's ``RecordType``.
  mutating func visit<Field: CDRCodable>(_ field: Field, slot: Int)
  /// A field of wide text, which shares its Swift type with narrow text.
  mutating func visit(wide field: String, slot: Int)
}

extension FieldVisitor {
  @inlinable public mutating func visit(wide field: String, slot: Int) { visit(field, slot: slot) }
}

/// A generated struct or exception: its fields have names and can be visited.
public protocol RecordConvertible: CDRCodable {
  static var recordType: RecordType { get }
  func visitFields(_ visitor: inout some FieldVisitor)
  /// The typed form of a record of ``recordType``.
  init(record: Record) throws(CDRError)
}

extension RecordConvertible {
  public static var typeCode: TypeCode { .record(recordType) }

  /// The same fields as dynamic values.
  @inlinable public var record: Record {
    var builder = RecordBuilder(capacity: Self.recordType.fields.count)
    visitFields(&builder)
    return Record(type: Self.recordType, slots: builder.slots)
  }

  @inlinable public var value: Value { .record(record) }

  @inlinable public init(value: Value) throws(CDRError) {
    guard case .record(let record) = value, record.slots.count == Self.recordType.fields.count else {
      throw .mismatch("a \(Self.recordType.name)", value)
    }
    try self.init(record: record)
  }
}

extension Record {
  /// The typed value in a slot; errors name the field.
  @inlinable public func field<Field: CDRCodable>(_ slot: Int, as _: Field.Type = Field.self) throws(CDRError) -> Field {
    do { return try Field(value: slots[slot]) } catch { throw error.inside(type.fields[slot].name) }
  }
}

@usableFromInline struct RecordBuilder: FieldVisitor {
  @usableFromInline var slots: [Value] = []
  @inlinable init(capacity: Int) { slots.reserveCapacity(capacity) }
  @inlinable mutating func visit<Field: CDRCodable>(_ field: Field, slot: Int) { slots.append(field.value) }
}
