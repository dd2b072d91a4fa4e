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
    abstract: "Orders on their way to the systems that take them.", subcommands: [DeliveriesList.self, DeliveriesShow.self])
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
    members.append(.init(name: "waitsFor", value: waitingFor.map { HeldRow.Cause.link($0).json } ?? .null))
    members.append(.init(name: "code", value: .optional(code)))
    members.append(.init(name: "explanation", value: .optional(explanation)))
    members.append(.init(name: "nextAttemptAt", value: state == .ready ? .string(Instant.text(nextAttemptAt)) : .null))
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
  @Option(help: "Only those behind this number: the next page.")
  var after: Int64 = 0

  func answer() async throws -> Answer {
    let rows = try await Workspace.reading(common) { [state, after, limit = page.limit] reader in
      try reader.deliveries(state: state?.value, after: after, limit: limit)
    }
    var table = TextTable(">delivery", "system", "contract", "what", "state", ">attempts", "order", "customer", "changed (UTC)", "code")
    for row in rows {
      table.add(
        String(row.id), row.destination, row.contract, row.label, row.state.rawValue, String(row.attempts), row.orderNumber,
        row.customerNumber,
        Instant.short(row.changedAt), row.code)
    }
    let next = rows.count == page.limit ? rows.last.map { JSON($0.id) } : nil
    return Answer(
      json: ["deliveries": .array(rows.map { .object($0.members) }), "next": next ?? .null], text: table.text(whenEmpty: "No delivery."))
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
    sheet.add("next attempt", row.state == .ready ? Instant.text(row.nextAttemptAt) : "")
    sheet.add("waits for", row.waitingFor.map { HeldRow.Cause.link($0).text } ?? "")
    sheet.add("key", row.correlationKey)
    sheet.add("customer's key", row.customerKey)
    sheet.add("order", order.description)
    return Answer(json: .object(row.members + [.init(name: "order", value: order)]), text: sheet.text)
  }
}
