import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera deliveries`
struct Deliveries: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Orders on their way to the systems that take them.",
    subcommands: [DeliveriesList.self, DeliveriesShow.self, DeliveriesRetry.self, DeliveriesPark.self, DeliveriesWithdraw.self])
}

extension DeliveryRow {
  var members: [JSON.Member] {
    var members: [JSON.Member] = [
      .init(name: "delivery", value: JSON(id)), .init(name: "system", value: .string(destination)),
      .init(name: "contract", value: .string(contract)), .init(name: "state", value: .string(state.rawValue)),
      .init(name: "words", value: .string(words)), .init(name: "orderNumber", value: .optional(orderNumber)),
      .init(name: "customerNumber", value: .optional(customerNumber)), .init(name: "key", value: .string(correlationKey)),
    ]
    members.append(.init(name: "action", value: .string(action.rawValue)))
    members.append(.init(name: "revision", value: JSON(revision)))
    members.append(.init(name: "callOff", value: callOff == 0 ? .null : JSON(callOff)))
    members.append(.init(name: "progress", value: progress.map { .string($0.rawValue) } ?? .null))
    members.append(.init(name: "customerKey", value: .string(customerKey)))
    members.append(.init(name: "attempts", value: JSON(attempts)))
    members.append(.init(name: "failures", value: JSON(failures)))
    members.append(.init(name: "failingSince", value: failingSince.map { .string(Instant.text($0)) } ?? .null))
    members.append(.init(name: "mayBeThere", value: .bool(mayBeThere || state == .sending)))
    members.append(.init(name: "waitsForPerson", value: .bool(waitsForPerson)))
    members.append(.init(name: "waitsFor", value: waitingFor.map { HeldRow.Cause.link($0).json } ?? .null))
    members.append(.init(name: "code", value: .optional(code)))
    members.append(.init(name: "explanation", value: .optional(explanation)))
    members.append(.init(name: "nextAttemptAt", value: isToBeSent ? .string(Instant.text(nextAttemptAt)) : .null))
    members.append(.init(name: "createdAt", value: .string(Instant.text(createdAt))))
    members.append(.init(name: "changedAt", value: .string(Instant.text(changedAt))))
    return members
  }
}

/// `tessera deliveries list`
struct DeliveriesList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the deliveries, oldest first.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @Option(help: "Only those in this state.")
  var state: Choice<DeliveryRow.State>?
  @Flag(help: "Only those that wait for a person: blocked, uncertain and parked.")
  var forPeople = false
  @Option(help: "Only those behind this number: the next page.")
  var after: Int64 = 0

  func validate() throws {
    if forPeople, state != nil { throw ValidationError("Either --state or --for-people says which are listed.") }
  }

  func answer() async throws -> Answer {
    let shown = try await Workspace.reading(common) { [state, forPeople, after, page] reader in
      if forPeople { return page.cut(try reader.deliveriesForPeople(after: after, limit: page.read)) }
      return page.cut(try reader.deliveries(state: state?.value, after: after, limit: page.read))
    }
    let (rows, next) = (shown.rows, shown.next(\.id))
    var table = TextTable(">delivery", "system", "contract", "what", "state", ">attempts", "order", "customer", "changed (UTC)", "code")
    for row in rows {
      table.add(
        String(row.id), row.destination, row.contract, row.label, row.state.rawValue, String(row.attempts), row.orderNumber,
        row.customerNumber,
        Instant.short(row.changedAt), row.code)
    }
    return Answer(
      json: ["deliveries": .array(rows.map { .object($0.members) }), "next": .next(next)],
      text: table.text(whenEmpty: "No delivery.") + Answer.more(next, shown: rows.count))
  }
}

/// `tessera deliveries show`
struct DeliveriesShow: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a delivery with the order that it carries.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The number of the delivery.")
  var delivery: Int64

  func answer() async throws -> Answer {
    let row = try await Workspace.reading(common) { [delivery] reader in
      guard let row = try reader.delivery(id: delivery) else {
        throw Refusal("DELIVERY_UNKNOWN", "there is no delivery \(delivery)", hint: "`tessera deliveries list` lists them")
      }
      return row
    }
    let order = JSON(try Interchange.V1.Order(cdr: row.order).record)
    var sheet = TextSheet()
    sheet.add("delivery", String(row.id))
    sheet.add("system", row.destination)
    sheet.add("contract", row.contract)
    sheet.add("what", row.label)
    sheet.add("state", row.words)
    sheet.add("code", row.code)
    sheet.add("attempts", String(row.attempts))
    sheet.add("failing since", row.failingSince.map(Instant.text) ?? "")
    sheet.add("may be there", row.mayBeThere || row.state == .sending ? "yes" : row.isOpen ? "no" : "")
    sheet.add("next attempt", row.isToBeSent ? Instant.text(row.nextAttemptAt) : "")
    sheet.add("waits for", row.waitingFor.map { HeldRow.Cause.link($0).text } ?? "")
    sheet.add("key", row.correlationKey)
    sheet.add("customer's key", row.customerKey)
    sheet.add("order", order.description)
    return Answer(json: .object(row.members + [.init(name: "order", value: order)]), text: sheet.text)
  }
}

extension StoreReader {
  /// What waits for a person, oldest first; `after` is an id, for the next page.
  func deliveriesForPeople(after: Int64 = 0, limit: Int) throws -> [DeliveryRow] {
    let found = try DeliveryRow.statesForPeople.flatMap { try deliveries(state: $0, after: after, limit: limit) }
    return Array(found.sorted { $0.id < $1.id }.prefix(max(0, limit)))
  }
}
