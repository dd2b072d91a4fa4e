import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// `tessera credit list`
struct CreditList: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the credit terms of all parties with what is used of them; --holds the contracts on hold.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @Flag(help: "The contracts on credit hold instead.")
  var holds = false
  @Option(help: "Only those behind this id (of terms, or the number of a hold): the next page.")
  var after = ""

  func validate() throws {
    if holds, !after.isEmpty, Int64(after) == nil {
      throw ValidationError("--after takes the number of a hold with --holds, not '\(after)'.")
    }
  }

  func answer() async throws -> Answer { holds ? try await holdList() : try await termsList() }

  private func termsList() async throws -> Answer {
    let (now, zone) = (SystemClock.microseconds(), try Composition.zone(common))
    let (positions, next) = try await Workspace.reading(common) { [after, page] reader in
      let shown = page.cut(try reader.objects(entity: EntityKind.creditTerms.name, search: nil, after: after, limit: page.read))
      let positions = try shown.rows.flatMap { row in
        let terms = try Interchange.V1.CreditTerms(cdr: row.body)
        return try CreditPosition.all(of: terms.party, reader, now: now, zone: zone).filter { $0.standing.terms.id == row.id }
      }
      return (positions, shown.next(\.id))
    }
    var table = TextTable("terms", "party", "name", "system", "area", "", ">limit", ">exposure", ">free", "as of (UTC)", "state")
    for position in positions {
      let standing = position.standing
      table.add(
        standing.terms.id, position.party, position.name, position.system, standing.terms.creditArea, standing.terms.currency,
        Credit.words(standing.terms.creditLimit.decimal), Credit.words(standing.exposure), Credit.words(standing.free),
        Instant.short(standing.terms.asOf), standing.state)
    }
    return Answer(
      json: ["terms": .array(positions.map(\.json)), "next": .next(next)],
      text: table.text(whenEmpty: "Nobody has given credit terms yet.") + Answer.more(next, shown: positions.count))
  }

  private func holdList() async throws -> Answer {
    let shown = try await Workspace.reading(common) { [after, page] reader in
      page.cut(try reader.creditHolds(state: .waiting, party: nil, after: Int64(after) ?? 0, limit: page.read))
    }
    let (rows, next) = (shown.rows, shown.next(\.id))
    var table = TextTable(">hold", "contract", "party", "since (UTC)", "code", "why")
    for row in rows { table.add(String(row.id), row.contract, row.party, Instant.short(row.since), row.code, row.explanation) }
    return Answer(
      json: ["holds": .array(rows.map(\.json)), "next": .next(next)],
      text: table.text(whenEmpty: "No contract is on credit hold.") + Answer.more(next, shown: rows.count))
  }
}

/// `tessera credit show`
struct CreditShow: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows what a party may owe and owes, in every credit area: the figures as the system says them and as we work them out.",
    discussion: """
      Overdue and ageing are worked out from the receivables on the day of the question; where they differ from what the system says, the \
      difference is shown.
      """)
  @OptionGroup var common: CommonOptions
  @Argument(help: "The party: its id (C-000045), SYSTEM:ID, or its tax id.")
  var party: String

  func answer() async throws -> Answer {
    let (now, zone) = (SystemClock.microseconds(), try Composition.zone(common))
    let (row, positions, holds) = try await Workspace.reading(common) { [party] reader in
      let row = try ObjectView.find(party, .party, reader)
      return (
        row, try CreditPosition.all(of: row.id, reader, now: now, zone: zone),
        try reader.creditHolds(state: nil, party: row.id, after: 0, limit: .max)
      )
    }
    let waiting = holds.filter { $0.state == .waiting }
    var text = "\(row.id) \(Terminal.visible(row.name))\n"
    if positions.isEmpty { text += "No system has given credit terms for it.\n" }
    for position in positions { text += "\n" + sheet(position) }
    for hold in waiting { text += "\n\(hold.contract) is \(Terminal.visible(hold.words))\n" }
    return Answer(
      json: [
        "party": .string(row.id), "name": .string(row.name), "terms": .array(positions.map(\.json)),
        "holds": .array(waiting.map(\.json)), "endedHolds": .array(holds.filter { $0.state != .waiting }.map(\.json)),
      ], text: text)
  }

  private func sheet(_ position: CreditPosition) -> String {
    let standing = position.standing
    let terms = standing.terms
    let money = { (amount: DecimalNumber) in "\(Credit.words(amount)) \(terms.currency)" }
    var sheet = TextSheet()
    sheet.add("credit area", "\(terms.creditArea) of \(position.system) (\(terms.id))")
    sheet.add("state", standing.state)
    sheet.add("rating", terms.rating)
    sheet.add("limit", money(terms.creditLimit.decimal))
    sheet.add("exposure", "\(money(standing.exposure)): \(standing.parts)")
    sheet.add("free", money(standing.free))
    sheet.add("open", compared(terms.openReceivable.decimal, standing.ageing.open, standing.openDifference, money))
    sheet.add("overdue", compared(terms.overdue.decimal, standing.ageing.overdue, standing.overdueDifference, money))
    for bucket in standing.ageing.buckets where bucket.count > 0 {
      sheet.add(bucket.days == nil ? "  not due" : "  \(bucket.name) days over", "\(money(bucket.amount)) in \(bucket.count)")
    }
    if let oldest = standing.ageing.oldest { sheet.add("oldest due", "\(oldest.due), \(oldest.days) days ago") }
    sheet.add("terms", [terms.paymentTerms, "\(terms.periodDays) days"].filter { !$0.isEmpty }.joined(separator: ", "))
    sheet.add("as of", "\(Instant.short(terms.asOf)) UTC, \(Credit.words(microseconds: standing.age)) ago")
    sheet.add("policy", standing.policy.words)
    for commitment in standing.commitments {
      sheet.add("signed, not ordered", "\(commitment.contract) \(Credit.words(commitment.amount)) \(commitment.currency)")
    }
    return sheet.text
  }

  private func compared(
    _ said: DecimalNumber, _ computed: DecimalNumber, _ difference: DecimalNumber, _ money: (DecimalNumber) -> String
  ) -> String {
    difference == Credit.zero
      ? "\(money(said)), as the receivables say"
      : "\(money(said)) says the system, \(money(computed)) say the receivables: a difference of \(money(difference))"
  }
}
