import ArgumentParser
import Broker
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera units`
struct Units: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Units of measure, and how they count in each other.", subcommands: [UnitsList.self, UnitsShow.self, UnitsNew.self])
}

/// `tessera units list`
struct UnitsList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the units with their factors, by id.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions

  func answer() async throws -> Answer {
    let (views, next, count) = try await list.views(.unit, common) { try UnitView($0, $1) }
    var table = TextTable("id", "code", "name", "rec20", "factor", "status", "changed (UTC)", "by")
    for view in views {
      table.add(
        view.row.id, view.unit.code, view.unit.name, view.unit.rec20, view.factor, view.unit.status, Instant.short(view.row.changedAt),
        view.row.changedBy)
    }
    return Answer(
      json: ["units": .array(views.map { .object($0.members) }), "count": JSON(count), "next": .next(next)],
      text: table.text(whenEmpty: "No units.") + (views.count < count ? "\(views.count) of \(count) units\n" : "")
        + Answer.more(next, shown: views.count))
  }
}

/// `tessera units show`
struct UnitsShow: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a unit, what it counts in its base, and its ids in all systems.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "Its id (U-000001), SYSTEM:ID, or its code.")
  var unit: String

  func answer() async throws -> Answer {
    let (object, view, others) = try await Workspace.reading(common) { [unit] reader in
      let row = try ObjectView.find(unit, .unit, reader)
      let others = try reader.objects(entity: EntityKind.unit.name, search: nil, after: "", limit: .max).map { try UnitView($0, reader) }
      return (try ObjectView(row, reader), try UnitView(row, reader), others.filter { $0.unit.baseUnit == row.id })
    }
    var sheet = TextSheet()
    sheet.add("factor", view.factor)
    for other in others { sheet.add("counts", other.factor) }
    return Answer(
      json: .object([
        .init(name: "unit", value: object.json), .init(name: "factor", value: view.json),
        .init(name: "counts", value: .array(others.map { .object($0.members) })),
      ]), text: object.text + sheet.text)
  }
}

/// A unit with its base.
struct UnitView: Sendable {
  let row: ObjectRow
  let unit: Interchange.V1.Unit
  /// Nil where its base cannot be counted.
  let chain: UnitChain?

  init(_ row: ObjectRow, _ reader: any StoreReader) throws {
    self.row = row
    unit = try Interchange.V1.Unit(cdr: row.body)
    chain = try UnitBook(reader).chain(of: row.id)
  }

  /// `1 T = 1000 KG`; `base` for a unit that is one.
  var factor: String { chain.map { $0.hasBase ? $0.words : "base" } ?? "cannot be counted" }

  var json: JSON {
    guard let chain else { return .null }
    return [
      "base": .string(chain.base.id), "baseCode": .string(chain.base.code), "numerator": .string("\(chain.factor.numerator)"),
      "denominator": .string("\(chain.factor.denominator)"), "words": .string(factor),
    ]
  }

  var members: [JSON.Member] {
    [
      .init(name: "id", value: .string(row.id)), .init(name: "code", value: .string(unit.code)),
      .init(name: "name", value: .string(unit.name)), .init(name: "rec20", value: .optional(unit.rec20)),
      .init(name: "factor", value: json), .init(name: "status", value: .string(unit.status)),
      .init(name: "changedAt", value: .string(Instant.text(row.changedAt))), .init(name: "changedBy", value: .string(row.changedBy)),
    ]
  }
}
