import Broker
import CDR
import CRMCore
import Identity
import StoreAPI

/// What the commands on products, parties and contracts have in common.
struct ObjectView: Sendable {
  let row: ObjectRow
  let record: Record
  /// The links of the thing that hold.
  let links: [Link]

  init(_ row: ObjectRow, _ reader: any StoreReader) throws {
    guard let kind = EntityKind.named(row.entity) else {
      throw InfrastructureFailure("STORE_CORRUPT", "the store has an object of the unknown kind \"\(row.entity)\"")
    }
    self.row = row
    record = try Record(cdr: row.body, as: kind.type)
    links = try reader.links(of: row.common).filter { $0.validTo == nil }
  }

  /// The object that an id of the CRM core, or SYSTEM:ID, names; nil where there is none.
  static func named(_ name: String, _ kind: EntityKind, _ reader: any StoreReader) throws -> ObjectRow? {
    if let row = try reader.object(entity: kind.name, id: name) { return row }
    if let foreign = ForeignIDArgument(argument: name), let key = try? foreign.key(kind.name, reader),
      let link = try reader.history(of: key).first(where: { $0.validTo == nil }),
      let own = try reader.links(of: link.common).first(where: { $0.key.system == crmSystem && $0.validTo == nil }),
      let row = try reader.object(entity: kind.name, id: own.key.id.text)
    {
      return row
    }
    return nil
  }

  /// The only object of that code, of a kind whose codes are not what things are recognised by; nil where there is none.
  ///
  /// - Parameters:
  ///   - code: what people call the code: number.
  ///   - hint: how else it can be named.
  /// - Throws: ``Refusal`` where there are several.
  static func coded(_ name: String, _ kind: EntityKind, _ code: String, hint: String, _ reader: any StoreReader) throws -> ObjectRow? {
    let found = try reader.objects(entity: kind.name, search: name, after: "", limit: .max).filter { $0.code == name }
    if found.count < 2 { return found.first }
    let ids = found.prefix(10).map(\.id).joined(separator: ", ") + (found.count > 10 ? " and others" : "")
    let what = kind === EntityKind.orderStatus ? "ORDER" : kind.name.uppercased()
    throw Refusal("\(what)_AMBIGUOUS", "\"\(name)\" is the \(code) of \(ids)", hint: hint)
  }

  /// The object that a person names: by the CRM core's id, `SYSTEM:ID`, or its code where that is unique.
  ///
  /// - Throws: ``Refusal`` where there is none, or several.
  static func find(_ name: String, _ kind: EntityKind, _ reader: any StoreReader) throws -> ObjectRow {
    if let row = try named(name, kind, reader) { return row }
    let found = try CodeLookUp([kind.name: [name]], reader).ids(name, kind)
    if found.count == 1, let row = try reader.object(entity: kind.name, id: found[0]) { return row }
    let what = kind.name.lowercased()
    if found.isEmpty {
      throw Refusal(
        "\(kind.name.uppercased())_UNKNOWN", "there is no \(what) \"\(name)\"",
        hint: "name it by its id (\(kind.id(number: 1))), by SYSTEM:ID, or by its code")
    }
    throw Refusal(
      "\(kind.name.uppercased())_AMBIGUOUS", "\"\(name)\" is the code of \(found.joined(separator: ", "))",
      hint: "name the \(what) by its id")
  }

  var json: JSON {
    [
      "id": .string(row.id), "common": .string(row.common.description), "changedAt": .string(Instant.text(row.changedAt)),
      "changedBy": .string(row.changedBy), "ids": idsJSON, "record": JSON(record),
    ]
  }

  var idsJSON: JSON { .array(links.map { ["system": .string($0.key.system), "id": .string($0.key.id.text)] }) }

  /// The ids in all systems: `crm P-000123, erp-shanghai 4711`.
  var idsText: String { links.map { "\($0.key.system) \($0.key.id)" }.joined(separator: ", ") }

  /// Every field of the record that is not empty, one a line.
  var text: String {
    var sheet = TextSheet()
    Self.add(.record(record), record.type.name, "", &sheet)
    sheet.add("changed", "\(Instant.text(row.changedAt)) by \(row.changedBy)")
    sheet.add("ids", idsText)
    return sheet.text
  }

  private static func add(_ value: Value, _ name: String, _ path: String, _ sheet: inout TextSheet) {
    switch value {
    case .record(let record):
      for (field, value) in zip(record.type.fields, record.slots) where !field.type.isInstant {
        add(value, field.name, path.isEmpty ? field.name : "\(path)/\(field.name)", &sheet)
      }
    case .list(let values): for (index, value) in values.enumerated() { add(value, name, "\(path)[\(index + 1)]", &sheet) }
    case .absent: break
    case .text(let text): sheet.add(path, text)
    case .boolean(let flag): sheet.add(path, flag ? "yes" : "no")
    case .decimal(let number): sheet.add(path, Decimal.short(number))
    default: sheet.add(path, value.summary)
    }
  }
}

/// Decimal numbers for people.
enum Decimal {
  /// Without trailing zeros: `3`, `0.125`.
  static func short(_ number: DecimalNumber) -> String { number.normalized.description }

  /// Without trailing zeros, but at least two decimals: `12.50`, `3.00`, `0.125`.
  static func money(_ number: DecimalNumber) -> String {
    let short = number.normalized
    return (short.scale < 2 ? short.rescaled(to: 2, rounding: .exact) ?? short : short).description
  }
}

extension ObjectRow {
  var json: JSON {
    [
      "id": .string(id), "code": .string(code), "name": .string(name), "status": .string(status), "common": .string(common.description),
      "changedAt": .string(Instant.text(changedAt)), "changedBy": .string(changedBy),
    ]
  }
}
