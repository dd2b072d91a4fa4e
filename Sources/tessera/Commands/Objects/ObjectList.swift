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

  /// A page of the objects of a kind, each as its list shows it.
  ///
  /// - Parameter owner: whose objects alone are listed; nil: everybody's.
  /// - Returns: also where the next page begins, and how many objects of the kind there are.
  func views<View: Sendable>(
    _ kind: EntityKind, _ common: CommonOptions, of owner: (@Sendable (any StoreReader) throws -> ObjectRow)? = nil,
    _ view: @escaping @Sendable (ObjectRow, any StoreReader) throws -> View
  ) async throws -> (views: [View], next: String?, count: Int) {
    try await Workspace.reading(common) { [search, after, page] reader in
      var rows: [ObjectRow]
      if let owner {
        rows = try PriceBook(reader).all(kind, of: owner(reader)).filter { after < $0.id }
        if let search { rows = rows.filter { SearchText(search).isPart(of: $0.code, $0.name) } }
      } else {
        rows = try reader.objects(entity: kind.name, search: search, after: after, limit: page.read)
      }
      let shown = page.cut(rows)
      return (try shown.rows.map { try view($0, reader) }, shown.next(\.id), try reader.objectCount(entity: kind.name))
    }
  }

  func answer(_ kind: EntityKind, _ plural: String, _ common: CommonOptions) async throws -> Answer {
    let (rows, next, count) = try await views(kind, common) { row, _ in row }
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
