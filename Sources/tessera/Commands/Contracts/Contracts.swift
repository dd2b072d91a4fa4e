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
      ContractsList.self, ContractsNew.self, ContractsShow.self, ContractsSign.self, ContractsCancel.self, ContractsSettle.self,
    ])
}

/// `tessera contracts list`
struct ContractsList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the contracts, by id.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var list: ObjectListOptions

  func answer() async throws -> Answer { try await list.answer(.contract, "contracts", common) }
}

/// `tessera contracts sign`
struct ContractsSign: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Signs a contract: from here on an order for each system that takes orders is on its way.",
    discussion: "Signing again changes nothing. `contracts show` says how the orders stand.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract's id (V-000001).")
  var contract: String

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await ContractView.answer(common, contract) { workspace in
      try await workspace.engine.sign(contractID: contract, who: who)
    }
  }
}

/// `tessera contracts cancel`
struct ContractsCancel: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancels a contract whose order was not sent yet.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract's id (V-000001).")
  var contract: String
  @Option(help: "Why, for the audit.")
  var reason: String

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await ContractView.answer(common, contract) { workspace in
      try await workspace.engine.cancel(contractID: contract, who: who, reason: reason)
    }
  }
}

/// `tessera contracts settle`
struct ContractsSettle: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle", abstract: "Says how an order ended of which nobody knows whether the destination took it.",
    discussion: """
      Look it up there first. --ordered links the destination's numbers; --not-ordered sends the order again, so that a wrong answer here \
      makes a second order there.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract's id (V-000001).")
  var contract: String
  @Option(help: ArgumentHelp("The destination has the order, under this number.", valueName: "number"))
  var ordered: String?
  @Option(help: ArgumentHelp("The number by which the destination knows the customer.", valueName: "number"))
  var customer: String?
  @Flag(help: "The destination has no such order.")
  var notOrdered = false
  @Option(help: "The system, where orders of several are uncertain.")
  var destination: String?
  @Option(help: "Why, for the audit; needed with --not-ordered.")
  var reason: String?

  func validate() throws {
    if (ordered == nil) != notOrdered { throw ValidationError("Either --ordered with the number or --not-ordered says how it ended.") }
    if ordered == "" { throw ValidationError("--ordered takes the number of the order.") }
    if notOrdered, customer != nil { throw ValidationError("--customer goes with --ordered.") }
    if notOrdered, reason?.isEmpty ?? true { throw ValidationError("--not-ordered needs --reason: how it was found out.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await ContractView.answer(common, contract) { workspace in
      let deliveries = try await workspace.store.read { [contract] reader in
        guard try reader.object(entity: EntityKind.contract.name, id: contract) != nil else { throw Refusal.unknownContract(contract) }
        return try reader.deliveries(ofContract: contract)
      }
      let uncertain = deliveries.filter { $0.state == .uncertain && (destination == nil || $0.destination == destination) }
      if uncertain.count > 1 {
        throw Refusal(
          "DESTINATION_NEEDED", "the orders for \(uncertain.map(\.destination).joined(separator: ", ")) are uncertain",
          hint: "say with --destination which one is meant")
      }
      guard let delivery = uncertain.first else {
        let states = deliveries.map { "\($0.destination): \($0.state.rawValue)" }.joined(separator: ", ")
        throw Refusal(
          "NOT_UNCERTAIN",
          "no order of the contract \(contract)\(destination.map { " for \($0)" } ?? "") is uncertain\(states.isEmpty ? "" : " (\(states))")"
        )
      }
      try await workspace.engine.settle(
        deliveryID: delivery.id, orderNumber: ordered, customerNumber: customer ?? "", who: who, reason: reason ?? "")
    }
  }
}

extension Refusal {
  static func unknownContract(_ id: String) -> Refusal {
    Refusal("CONTRACT_UNKNOWN", "there is no contract \"\(id)\"", hint: "`tessera contracts list` lists them")
  }
}
