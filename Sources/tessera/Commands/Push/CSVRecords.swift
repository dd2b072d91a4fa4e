import Broker
import CDR
import InterchangeIDL
import Mapping
import MappingFiles

/// The rows of a table as records of a mapping's source type.
struct CSVRecords: Sendable {
  let records: [Record]
  /// Columns that nobody reads.
  let ignored: [String]

  /// The mapping that reads records of a type; nil where none is needed to read the file.
  ///
  /// - Throws: ``Refusal`` where there is no such type, or the mapping file for it is wrong, or missing and says how the file is read.
  static func plan(_ typeName: String, _ system: SystemRow, _ files: FileMappings) throws -> MappingPlan? {
    if let plan = files.plan(from: typeName, target: nil, system: system.name, systemType: system.type) { return plan }
    if let fault = files.fault(from: typeName, target: nil, system: system.name, systemType: system.type) {
      throw Refusal(
        "MAPPING_INVALID", "no mapping file maps \(typeName) for \(system.name): \(fault)",
        hint: "`tessera mapping check` shows all that is wrong")
    }
    guard CSVRow.isTypeName(typeName) else {
      if files.types.type(named: typeName) == nil { throw unknown(typeName, files) }
      return nil
    }
    throw Refusal(
      "MAPPING_MISSING", "no mapping file maps \(typeName) for \(system.name)",
      hint: "write one with from=\"\(typeName)\" and a <column> for each column that it reads")
  }

  private static func unknown(_ typeName: String, _ files: FileMappings) -> Refusal {
    Refusal("TYPE_UNKNOWN", "there is no type \"\(typeName)\"", hint: NameSuggestion.hint(for: typeName, among: files.types.typeNames))
  }

  /// - Throws: ``CSVFaults``; ``Refusal`` where there is no such type.
  init(_ table: CSVTable, _ typeName: String, _ plan: MappingPlan?, _ files: FileMappings) throws {
    if let plan, CSVRow.isTypeName(typeName) {
      (records, ignored) = try Self.rows(table, files.files.columns(of: plan))
    } else {
      guard let type = files.types.type(named: typeName) else { throw Self.unknown(typeName, files) }
      (records, ignored) = (try Self.typed(table, type), [])
    }
  }

  private static func rows(_ table: CSVTable, _ columns: [MappingDefinition.Column]) throws -> ([Record], ignored: [String]) {
    var faults: [CSVFault] = []
    var places: [(name: String, field: Int)] = []
    for column in columns {
      if let field = table.columns.firstIndex(of: column.heading) {
        places.append((column.name.text, field))
      } else if !column.isOptional {
        let hint = NameSuggestion.hint(for: column.heading, among: table.columns)
        faults.append(
          table.fault("the column \"\(column.heading)\" is missing\(hint.isEmpty ? "" : "; \(hint)")", in: table.header, field: 0))
      }
    }
    if !faults.isEmpty { throw table.separatorFault.map { CSVFaults([$0]) } ?? CSVFaults(faults) }
    let records = table.rows.map { row in
      CSVRow.record(line: row.line, cells: places.map { ($0.name, row.fields[$0.field]) })
    }
    let known = Set(columns.map(\.heading))
    return (records, table.columns.filter { !known.contains($0) })
  }

  /// The field of a record behind a column.
  private struct Target {
    let path: [Int]
    let type: TypeCode
  }

  private static func typed(_ table: CSVTable, _ type: RecordType) throws -> [Record] {
    var faults: [CSVFault] = []
    let targets = table.columns.enumerated().map { index, column -> Target? in
      do throws(UnknownField) { return try target(column, type) } catch {
        faults.append(table.fault(error.message, in: table.header, field: index))
        return nil
      }
    }
    for way in CanonicalAbsence.needed(of: type) where !table.columns.contains(way) {
      faults.append(
        table.fault(
          "the column \"\(way)\" is missing: \(type.name) needs it, since what is not told is not taken for 0", in: table.header, field: 0))
    }
    if !faults.isEmpty { throw table.separatorFault.map { CSVFaults([$0]) } ?? CSVFaults(faults) }
    guard case .record(let empty) = RecordReader.empty(.record(type)) else { preconditionFailure("a struct is a record") }
    var records: [Record] = []
    for row in table.rows {
      var record = empty
      for (index, target) in targets.enumerated() {
        guard let target else { continue }
        var reader = RecordReader()
        let value = reader.value(ofText: row.fields[index], target.type, table.columns[index])
        for fault in reader.faults { faults.append(table.fault(fault, in: row, field: index)) }
        set(value, at: target.path[...], in: &record)
      }
      if faults.count >= CSVTable.greatestFaultCount { break }
      records.append(record)
    }
    if !faults.isEmpty { throw CSVFaults(faults) }
    return records
  }

  private struct UnknownField: Error {
    let message: String
  }

  private static func target(_ column: String, _ type: RecordType) throws(UnknownField) -> Target {
    var path: [Int] = []
    var record = type
    let names = column.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for (depth, name) in names.enumerated() {
      guard let slot = record.slot(of: name) else {
        let hint = NameSuggestion.hint(for: name, among: record.fields.map(\.name))
        throw UnknownField(message: "\(record.name) has no field \"\(name)\"\(hint.isEmpty ? "" : "; \(hint)")")
      }
      path.append(slot)
      let field = record.fields[slot].type
      if depth == names.count - 1 { return Target(path: path, type: field) }
      guard case .record(let inner) = field.resolved else {
        throw UnknownField(message: "\"\(name)\" of \(record.name) has no fields")
      }
      record = inner
    }
    throw UnknownField(message: "a column has no name")
  }

  private static func set(_ value: Value, at path: ArraySlice<Int>, in record: inout Record) {
    guard let slot = path.first else { return }
    if path.count == 1 {
      record.slots[slot] = value
    } else if case .record(var inner) = record.slots[slot] {
      set(value, at: path.dropFirst(), in: &inner)
      record.slots[slot] = .record(inner)
    }
  }
}
