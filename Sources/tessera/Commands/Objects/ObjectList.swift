import ArgumentParser
import Broker
import CRMCore
import Identity
import StoreAPI

/// Lists objects of one kind; what `products list`, `parties list` and `contracts list` share.
struct ObjectListOptions: ParsableArguments {
  @OptionGroup var page: PageOptions
  @Option(help: "Only those whose code or name contains this text, in any case.")
  var search: String?
  @Option(help: "Only those behind this id: the next page.")
  var after = ""

  func list(_ kind: EntityKind, _ common: CommonOptions) async throws -> (page: Page<ObjectRow>, count: Int) {
    try await Workspace.reading(common) { [search, after, page] reader in
      let rows = try reader.objects(entity: kind.name, search: search, after: after, limit: page.read)
      return (page.cut(rows), try reader.objectCount(entity: kind.name))
    }
  }

  func answer(_ kind: EntityKind, _ plural: String, _ common: CommonOptions) async throws -> Answer {
    let (shown, count) = try await list(kind, common)
    let (rows, next) = (shown.rows, shown.next(\.id))
    var table = TextTable("id", "code", "name", "status", "changed (UTC)", "by")
    for row in rows { table.add(row.id, row.code, row.name, row.status, Instant.short(row.changedAt), row.changedBy) }
    return Answer(
      json: .object([
        .init(name: plural, value: .array(rows.map(\.json))), .init(name: "count", value: JSON(count)),
        .init(name: "next", value: .next(next)),
      ]),
      text: table.text(whenEmpty: "No \(plural).") + (rows.count < count ? "\(rows.count) of \(count) \(plural)\n" : "")
        + Answer.more(next, shown: rows.count))
  }
}
