import ArgumentParser
import Broker
import StoreAPI

/// `tessera audit`
struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "What people did by hand.", subcommands: [AuditList.self])
}

/// `tessera audit list`
struct AuditList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists what people did by hand, oldest first.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @Option(help: "Only entries behind this number: the next page.")
  var after: Int64 = 0

  func answer() async throws -> Answer {
    let shown = try await Workspace.reading(common) { [after, page] in page.cut(try $0.audit(after: after, limit: page.read)) }
    let (rows, next) = (shown.rows, shown.next(\.id))
    var table = TextTable(">entry", "at (UTC)", "who", "action", "subject", "reason")
    for row in rows { table.add(String(row.id), Instant.short(row.at), row.who, row.action, row.subject, row.reason) }
    return Answer(
      json: [
        "audit": .array(
          rows.map {
            [
              "entry": JSON($0.id), "at": .string(Instant.text($0.at)), "who": .string($0.who), "action": .string($0.action),
              "subject": .string($0.subject),
              "reason": .optional($0.reason),
            ]
          }),
        "next": .next(next),
      ],
      text: table.text(whenEmpty: "Nobody did anything by hand.") + Answer.more(next, shown: rows.count))
  }
}
