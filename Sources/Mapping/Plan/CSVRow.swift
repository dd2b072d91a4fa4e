public import CDR

/// A row of a CSV file as a record: every cell with the name of its column.
///
/// Mapping files declare the columns that they read and see a record with one text field for each of them (``MappingPlan/document(_:)``).
/// What is kept of a row is this form, so that a row that waits can still be read when its mapping file has got other columns.
public enum CSVRow {
  /// The dialect of all CSV files: `csv:customers`.
  public static let dialect = "csv"
  private static let cell = RecordType(
    id: "csv:cell", name: "cell", fields: [RecordType.Field("name", .string(bound: 0)), RecordType.Field("value", .string(bound: 0))])
  public static let type = RecordType(
    id: "csv:row", name: "row",
    fields: [RecordType.Field("line", .long), RecordType.Field("cells", .sequence(element: .record(cell), bound: 0))])

  /// Whether a mapping's type is one of CSV files.
  public static func isTypeName(_ name: String) -> Bool { name.hasPrefix("\(dialect):") }

  /// The type that a mapping sees, with these columns.
  public static func type(named name: String, columns: [String]) -> RecordType {
    RecordType(id: "\(dialect):\(name)", name: name, fields: columns.map { RecordType.Field($0, .string(bound: 0)) })
  }

  /// - Parameter line: on which the row begins, from 1.
  public static func record(line: Int, cells: [(name: String, value: String)]) -> Record {
    Record(
      type: type,
      slots: [
        .integer(Int128(line)), .list(cells.map { .record(Record(type: cell, slots: [.text($0.name), .text($0.value)])) }),
      ])
  }

  /// The cell of each field; absent where the file has no column of that name.
  static func fields(of row: Record, as type: RecordType) -> Record {
    var texts: [String: String] = [:]
    if case .list(let cells) = row.slots[1] {
      for case .record(let cell) in cells {
        if case .text(let name) = cell.slots[0], case .text(let value) = cell.slots[1] { texts[name] = value }
      }
    }
    return Record(type: type, slots: type.fields.map { field in texts[field.name].map { .text($0) } ?? .absent })
  }
}

extension MappingPlan {
  /// A document as the mapping reads it: a row of a CSV file with a field for each declared column, anything else as it is.
  public func document(_ record: Record) -> Record {
    record.type === CSVRow.type ? CSVRow.fields(of: record, as: sourceType) : record
  }
}
