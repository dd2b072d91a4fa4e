import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// `tessera credit`
struct Credits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credit", abstract: "What customers may owe and owe, and the contracts that wait for it.",
    subcommands: [CreditList.self, CreditShow.self, CreditCheck.self, CreditRelease.self, CreditPolicyCommands.self])
}

extension CreditHoldRow {
  var json: JSON {
    [
      "hold": JSON(id), "contract": .string(contract), "party": .string(party), "state": .string(state.rawValue), "code": .string(code),
      "explanation": .string(explanation), "since": .string(Instant.text(since)), "delivery": delivery.map { JSON($0) } ?? .null,
      "endedBy": .optional(endedBy), "endedBecause": .optional(endedBecause),
      "endedAt": state == .waiting ? .null : .string(Instant.text(changedAt)), "words": .string(words),
    ]
  }
}

extension CreditReason {
  var json: JSON { ["code": .string(code.rawValue), "explanation": .string(explanation)] }
}

extension CreditStanding {
  var members: [JSON.Member] {
    let money = { (amount: DecimalNumber) in JSON.string(Credit.words(amount)) }
    var members: [JSON.Member] = [
      .init(name: "terms", value: .string(terms.id)), .init(name: "area", value: .string(terms.creditArea)),
      .init(name: "currency", value: .string(terms.currency)), .init(name: "status", value: .string(terms.status)),
      .init(name: "rating", value: .optional(terms.rating)), .init(name: "limit", value: money(terms.creditLimit.decimal)),
      .init(name: "openReceivable", value: money(terms.openReceivable.decimal)),
      .init(name: "orderedNotInvoiced", value: money(terms.orderedNotInvoiced.decimal)),
    ]
    members.append(.init(name: "signedNotOrdered", value: money(signedNotOrdered)))
    members.append(.init(name: "thisContract", value: money(amount)))
    members.append(.init(name: "exposure", value: money(exposure)))
    members.append(.init(name: "free", value: money(free)))
    members.append(.init(name: "overdueSaid", value: money(terms.overdue.decimal)))
    members.append(.init(name: "overdueComputed", value: money(ageing.overdue)))
    members.append(.init(name: "overdueDifference", value: money(overdueDifference)))
    members.append(.init(name: "openComputed", value: money(ageing.open)))
    members.append(.init(name: "openDifference", value: money(openDifference)))
    members.append(
      .init(
        name: "ageing",
        value: .array(
          ageing.buckets.map { ["days": .string($0.name), "amount": money($0.amount), "receivables": JSON($0.count)] })))
    members.append(.init(name: "oldestDue", value: ageing.oldest.map { .string($0.due.description) } ?? .null))
    members.append(.init(name: "onHold", value: .bool(terms.onHold)))
    members.append(.init(name: "periodDays", value: JSON(terms.periodDays)))
    members.append(.init(name: "paymentTerms", value: .optional(terms.paymentTerms)))
    members.append(.init(name: "asOf", value: .string(Instant.text(terms.asOf))))
    members.append(.init(name: "stale", value: .bool(isStale)))
    return members
  }

  /// `ok`, or what speaks against selling on credit.
  var state: String {
    if terms.status != "active" { return "withdrawn" }
    let words = [
      (terms.onHold, "on hold"), (isStale, "stale"), (overdueBeyondGrace > Credit.zero, "overdue"), (free < Credit.zero, "over the limit"),
    ].filter(\.0).map(\.1)
    return words.isEmpty ? "ok" : words.joined(separator: ", ")
  }
}

/// How one party stands with one system that gave credit terms for it.
struct CreditPosition: Sendable {
  let party: String
  let name: String
  let system: String
  let standing: CreditStanding

  /// The positions of a party, by system and area. Terms that rule the orders for another system are shown under that one.
  static func all(of party: String, _ reader: any StoreReader, now: Int64, zone: DayZone) throws -> [CreditPosition] {
    var needs = Needs()
    needs.creditOfParties = [party]
    let set = try reader.load(needs)
    let account = try CreditAccount(party, set)
    let name = try reader.object(entity: EntityKind.party.name, id: party)?.name ?? ""
    let systems = Set(account.terms.map(\.system) + set.credit.policies.filter { !$0.termsFrom.isEmpty }.map(\.system)).sorted()
    return systems.flatMap { system in
      let question = account.question(for: system, contract: "", currency: "", amount: Credit.zero, area: "", now: now, zone: zone)
      return question.terms.sorted { $0.creditArea < $1.creditArea }.map {
        CreditPosition(party: party, name: name, system: system, standing: CreditStanding($0, question, on: question.today))
      }
    }
  }

  var json: JSON {
    .object(
      [
        .init(name: "party", value: .string(party)), .init(name: "name", value: .string(name)),
        .init(name: "system", value: .string(system)),
      ] + standing.members + [.init(name: "state", value: .string(standing.state))])
  }
}
