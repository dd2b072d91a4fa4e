import ArgumentParser
import Broker
import BrokerRuntime
import CRMCore
import StoreAPI

/// `tessera contracts`
struct Contracts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What customers sign, and the orders that come of it.",
    subcommands: [
      ContractsList.self, ContractsNew.self, ContractsShow.self, ContractsSign.self, ContractsAmend.self, ContractsCallOff.self,
      ContractsCancel.self, ContractsSettle.self,
    ])
}

/// `tessera contracts list`
struct ContractsList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the contracts, by id.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions
  @Flag(help: "Only those that other systems signed and that wait here to be signed, with what is in the way.")
  var unsigned = false

  func validate() throws {
    if unsigned, list.search != nil { throw ValidationError("--search does not go with --unsigned.") }
  }

  func answer() async throws -> Answer {
    if !unsigned { return try await list.answer(.contract, "contracts", common) }
    let shown = try await Workspace.with(common) { [after = list.after, page = list.page] workspace in
      page.cut(try await workspace.engine.unsigned(after: after, limit: page.read))
    }
    let (found, next) = (shown.rows, shown.next(\.row.id))
    var table = TextTable("id", "number", "of", "since (UTC)", "code", "in the way")
    for one in found {
      table.add(
        one.row.id, one.row.code, one.system, Instant.short(one.row.changedAt), one.refusal.code, Terminal.visible(one.refusal.explanation))
    }
    return Answer(
      json: ["contracts": .array(found.map(\.json)), "next": .next(next)],
      text: table.text(whenEmpty: "No contract of another system waits to be signed.") + Answer.more(next, shown: found.count))
  }
}

extension UnsignedContract {
  var json: JSON {
    [
      "id": .string(row.id), "number": .string(row.code), "system": .string(system), "since": .string(Instant.text(row.changedAt)),
      "code": .string(refusal.code), "explanation": .string(refusal.explanation),
    ]
  }
}

/// `tessera contracts sign`
struct ContractsSign: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Signs a contract: from here on an order for each system that takes orders is on its way.",
    discussion: "Signing again changes nothing. `contracts show` says how the orders stand.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await ContractView.answer(common, contract) { workspace, id in
      try await workspace.engine.sign(contractID: id, who: who)
    }
  }
}

/// `tessera contracts cancel`
struct ContractsCancel: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancels a contract; an order that a system has is asked to be cancelled there.",
    discussion: """
      The contract is `cancelling` until all systems have answered. One that has shipped already may refuse: `contracts show` says so, and \
      the order stays. A call about the order that is on its way comes to its end first.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String
  @Option(help: ArgumentHelp("Only this call-off of it; its quantities can be called off again.", valueName: "number"))
  var callOff: Int?
  @Option(help: "Why, for the audit and for the systems that have its orders.")
  var reason: String

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await ContractView.noting(common, contract) { workspace, id in
      let before = try await workspace.store.read { try $0.object(entity: EntityKind.contract.name, id: id)?.status }
      try await workspace.engine.cancel(contractID: id, callOff: callOff, who: who, reason: reason)
      return before == ContractState.cancelled.rawValue
        ? "it was cancelled before; nothing changed, and the reason given now is not kept" : nil
    }
  }
}

/// `tessera contracts settle`
struct ContractsSettle: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle", abstract: "Says how an order ended of which nobody knows whether the destination took it.",
    discussion: """
      Look it up there first. --ordered links the destination's numbers; --not-ordered sends the order again, so that a wrong answer here \
      makes a second order there. One that is parked stays parked: `deliveries retry` sends it, `contracts cancel` ends it. What is parked \
      or blocked may also have been entered there by hand: --ordered says so. A number that was given wrongly is put right by --ordered with \
      the right one and --reason, until the destination itself says more of the order. Of a change or a cancellation of an order, \
      --carried-out or --not-carried-out says the same.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String
  @Option(help: ArgumentHelp("The destination has the order, under this number.", valueName: "number"))
  var ordered: String?
  @Option(help: ArgumentHelp("The number by which the destination knows the customer.", valueName: "number"))
  var customer: String?
  @Flag(help: "The destination has no such order.")
  var notOrdered = false
  @Flag(help: "The destination has changed or cancelled the order.")
  var carriedOut = false
  @Flag(help: "The destination has not; it is asked again.")
  var notCarriedOut = false
  @Option(help: "The system, where orders of several are uncertain.")
  var destination: String?
  @Option(help: ArgumentHelp("The call-off, where several are uncertain.", valueName: "number"))
  var callOff: Int?
  @Option(help: "How it was found out, for the audit; needed with --not-ordered and --not-carried-out, and to put a number right.")
  var reason: String?

  func validate() throws {
    if [ordered != nil, notOrdered, carriedOut, notCarriedOut].count(where: { $0 }) != 1 {
      throw ValidationError(
        "Either --ordered with the number or --not-ordered says how it ended; of a change, --carried-out or --not-carried-out does.")
    }
    if ordered == "" { throw ValidationError("--ordered takes the number of the order.") }
    if ordered == nil, customer != nil { throw ValidationError("--customer goes with --ordered.") }
    if notOrdered || notCarriedOut, reason?.isEmpty ?? true {
      throw ValidationError("\(notOrdered ? "--not-ordered" : "--not-carried-out") needs --reason: how it was found out.")
    }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await ContractView.answer(common, contract) { workspace, id in
      let deliveries = try await workspace.store.read { try $0.deliveries(ofContract: id) }
      let isOfCreate = ordered != nil || notOrdered
      let meant = deliveries.filter {
        (destination == nil || $0.destination == destination) && (callOff == nil || $0.callOff == callOff)
          && ($0.action == .create) == isOfCreate
      }
      var uncertain = meant.filter { $0.canBeSettled(isDone: ordered != nil || carriedOut) }
      if uncertain.isEmpty, ordered != nil, reason?.isEmpty == false { uncertain = meant.filter(\.canBeCorrected) }
      if uncertain.count > 1, Set(uncertain.map(\.destination)).count == 1 {
        throw Refusal(
          "CALL_OFF_NEEDED", "the call-offs \(uncertain.map { String($0.callOff) }.joined(separator: ", ")) are uncertain",
          hint: "say with --call-off which one is meant")
      }
      if uncertain.count > 1 {
        throw Refusal(
          "DESTINATION_NEEDED", "the orders for \(uncertain.map(\.destination).joined(separator: ", ")) are uncertain",
          hint: "say with --destination which one is meant")
      }
      guard let delivery = uncertain.first else {
        let states = deliveries.map {
          "\($0.destination)\($0.label == "order" ? "" : ", \($0.label)"): \($0.state.rawValue)"
        }.joined(separator: "; ")
        throw Refusal(
          "NOT_UNCERTAIN",
          "no \(isOfCreate ? "order" : "change") of the contract \(contract)\(destination.map { " for \($0)" } ?? "") is uncertain\(states.isEmpty ? "" : " (\(states))")",
          hint: ordered != nil && meant.contains(where: \.canBeCorrected)
            ? "with --reason, --ordered puts the number right that a person gave" : ""
        )
      }
      try await workspace.engine.settle(
        deliveryID: delivery.id, orderNumber: ordered ?? (carriedOut ? delivery.orderNumber : nil), customerNumber: customer ?? "",
        who: who, reason: reason ?? "")
    }
  }
}

extension Refusal {
  static func unknownContract(_ id: String) -> Refusal {
    Refusal("CONTRACT_UNKNOWN", "there is no contract \"\(id)\"", hint: "`tessera contracts list` lists them")
  }
}
