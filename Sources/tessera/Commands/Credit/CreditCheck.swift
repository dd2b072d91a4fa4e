import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import ConfigurationFile
import Identity
import InterchangeIDL
import StoreAPI

/// `tessera credit check`
struct CreditCheck: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says what credit control would say now, of a contract or of an amount; changes nothing.",
    discussion: "Ends with exit code 1 where it would hold.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String?
  @Option(help: "Instead of a contract: the party.")
  var party: String?
  @Option(help: "How much it would order, with tax.")
  var amount: String?
  @Option(help: "The currency, by ISO 4217: EUR.")
  var currency: String?
  @Option(help: "The credit area, where one is meant.")
  var area = ""

  func validate() throws {
    if (contract == nil) == (party == nil) { throw ValidationError("Either a contract or --party says what is checked.") }
    if party != nil, amount == nil || currency == nil { throw ValidationError("--party needs --amount and --currency.") }
    if let amount, Interchange.V1.MoneyAmount(amount) == nil {
      throw ValidationError("--amount \"\(amount)\" is no amount with at most four decimals, such as 12.50.")
    }
  }

  func answer() async throws -> Answer {
    let decisions = try await Workspace.with(common) { workspace in
      if let contract {
        let id = try await workspace.store.read { try ContractView.id(contract, $0) }
        return try await workspace.engine.creditDecisions(onContract: id)
      }
      let zone = workspace.configuration[DaysSection.self]
      return try await workspace.store.read { [self] reader in try ofAmount(reader, now: SystemClock.microseconds(), zone: zone) }
    }
    var sheet = TextSheet()
    for (destination, decision) in decisions {
      sheet.add(destination, decision.isAllowed ? (decision.isControlled ? "allowed" : "not controlled") : decision.explanation)
      for standing in decision.standings where decision.isAllowed {
        sheet.add(
          "",
          "\(standing.terms.creditArea): \(standing.parts); \(Credit.words(standing.free)) of \(Credit.words(standing.terms.creditLimit.decimal)) \(standing.terms.currency) are left"
        )
      }
    }
    let isAllowed = decisions.allSatisfy(\.decision.isAllowed)
    return Answer(
      json: [
        "allowed": .bool(isAllowed),
        "systems": .array(
          decisions.map { destination, decision in
            [
              "system": .string(destination), "controlled": .bool(decision.isControlled), "allowed": .bool(decision.isAllowed),
              "reasons": .array(decision.reasons.map(\.json)), "areas": .array(decision.standings.map { .object($0.members) }),
            ]
          }),
      ],
      text: decisions.isEmpty ? "No active system takes orders.\n" : sheet.text, isRefusal: !isAllowed)
  }

  private func ofAmount(_ reader: any StoreReader, now: Int64, zone: DayZone) throws -> [(destination: String, decision: CreditDecision)] {
    let party = try ObjectView.find(party ?? "", .party, reader).id
    var needs = Needs()
    needs.creditOfParties = [party]
    let account = try CreditAccount(party, try reader.load(needs))
    let amount = Interchange.V1.MoneyAmount(amount ?? "")?.decimal ?? Credit.zero
    return try reader.systems().filter { $0.takesOrders && $0.state == .active }.map { system in
      let question = account.question(
        for: system.name, contract: "", currency: currency ?? "", amount: amount, area: area, now: now, zone: zone)
      return (system.name, CreditControl.decide(question))
    }
  }
}

/// `tessera credit release`
struct CreditRelease: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Takes a contract off credit hold, against what credit control says: its orders are sent.",
    discussion: "The systems that are asked before an order is sent are not asked about it again.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String
  @Option(help: "Why, for the audit.")
  var reason: String

  func validate() throws {
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason says why; it is kept in the audit.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await ContractView.answer(common, contract) { workspace, id in
      try await workspace.engine.releaseCredit(contractID: id, who: who, reason: reason)
    }
  }
}
