import ArgumentParser
import Broker
import BrokerRuntime
import CRMCore
import StoreAPI

/// `tessera credit policy`
struct CreditPolicyCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "How the orders for each system are controlled.",
    subcommands: [CreditPolicyShow.self, CreditPolicySet.self])
}

extension CreditPolicyRow {
  var json: JSON {
    [
      "system": .string(system), "area": .optional(area), "control": .string(policy.control.rawValue),
      "staleAfter": .string(Age.text(policy.staleAfter)), "grace": .string("\(policy.graceDays)d"),
      "ask": .string(policy.asks ? "yes" : "no"), "unreachable": .string(policy.fallback.rawValue),
      "termsFrom": .string(termsFrom.isEmpty ? system : termsFrom),
      "changedAt": changedAt == 0 ? .null : .string(Instant.text(changedAt)), "changedBy": .optional(changedBy),
    ]
  }
}

/// Ages as people write them: `36h`, `5d`, `never`.
enum Age {
  static func text(_ microseconds: Int64?) -> String {
    guard let microseconds else { return "never" }
    for (length, unit) in [(86_400, "d"), (3_600, "h"), (60, "m")] as [(Int64, String)] where microseconds % (length * 1_000_000) == 0 {
      return "\(microseconds / (length * 1_000_000))\(unit)"
    }
    return "\(microseconds / 1_000_000)s"
  }
}

/// `24h`, `5d`, `90m`, `30s`, or `never`.
struct AgeArgument: ExplainedArgument {
  /// Microseconds; nil: never.
  let microseconds: Int64?

  init(explaining text: String) throws(ArgumentFault) {
    if text == "never" {
      microseconds = nil
      return
    }
    guard let unit = text.last, let length = ["s": 1, "m": 60, "h": 3_600, "d": 86_400][unit] as Int64?,
      let number = Int64(text.dropLast()), (1...100_000).contains(number)
    else { throw ArgumentFault("'\(text)' is no age: write a number from 1 to 100000 with s, m, h or d, such as 24h, or never") }
    microseconds = number * length * 1_000_000
  }
}

/// `5d` or `5`: days, from 0 to 1000.
struct DaysArgument: ExplainedArgument {
  let days: Int

  init(explaining text: String) throws(ArgumentFault) {
    guard let days = Int(text.hasSuffix("d") ? text.dropLast() : text[...]), (0...1_000).contains(days) else {
      throw ArgumentFault("'\(text)' is no number of days from 0 to 1000, such as 5d")
    }
    self.days = days
  }
}

/// `tessera credit policy show`
struct CreditPolicyShow: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows how the orders for each system are controlled, the defaults included.")
  @OptionGroup var common: CommonOptions
  @Option(help: "Only this system.")
  var system: String?

  func answer() async throws -> Answer {
    let rows = try await Workspace.reading(common) { [system] reader in
      if let system, try reader.system(named: system) == nil { throw try Refusal.unknownSystem(system, reader) }
      let known = try reader.creditPolicies()
      let named = try reader.systems().filter { ($0.takesOrders && $0.state == .active) || $0.name == system }.map(\.name)
      let defaults = named.filter { name in !known.contains { $0.system == name && $0.area.isEmpty } }
        .map { CreditAccount.policy($0, "", among: []) }
      return (known + defaults).filter { system == nil || $0.system == system }.sorted { ($0.system, $0.area) < ($1.system, $1.area) }
    }
    var table = TextTable("system", "area", "control", "stale after", "grace", "ask", "unreachable", "terms from", "set by")
    for row in rows {
      table.add(
        row.system, row.area.isEmpty ? "all" : row.area, row.policy.control.rawValue, Age.text(row.policy.staleAfter),
        "\(row.policy.graceDays)d", row.policy.asks ? "yes" : "no", row.policy.fallback.rawValue,
        row.termsFrom.isEmpty ? row.system : row.termsFrom, row.changedBy.isEmpty ? "default" : row.changedBy)
    }
    return Answer(json: ["policies": .array(rows.map(\.json))], text: table.text(whenEmpty: "No active system takes orders."))
  }
}

/// `tessera credit policy set`
struct CreditPolicySet: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Sets how the orders for a system, or for one of its credit areas, are controlled.",
    discussion: """
      What is not named stays as it is. Contracts on hold are looked at again at once. The default is --control auto: a party is \
      controlled from the moment on at which credit terms come in for it.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Option(help: "The system that takes the orders.")
  var system: String
  @Option(help: "Only this credit area of it.")
  var area = ""
  @Option(help: "auto: parties with credit terms; on: every party, without terms nothing is sold on credit; off.")
  var control: Choice<CreditPolicy.Control>?
  @Option(help: ArgumentHelp("How old terms may be: 24h, 5d, never.", valueName: "age"))
  var staleAfter: AgeArgument?
  @Option(help: ArgumentHelp("How long a receivable may be overdue: 5d.", valueName: "days"))
  var grace: DaysArgument?
  @Option(help: "Whether the system is asked before an order is sent, where it offers that.")
  var ask: Choice<YesOrNo>?
  @Option(help: "Where it cannot be asked: stored (the decision on the terms that we have stands), or hold.")
  var unreachable: Choice<CreditPolicy.Fallback>?
  @Option(
    help: ArgumentHelp("The system whose credit terms and receivables count (default: the one that takes the orders).", valueName: "system")
  )
  var termsFrom: String?
  @Option(help: "Why, for the audit.")
  var reason = ""

  enum YesOrNo: String, CaseIterable, Sendable { case yes, no }

  func answer() async throws -> Answer {
    let who = try actor.who
    let row = try await Workspace.with(common) { workspace in
      let row = try await workspace.store.read { [self] reader in try changed(reader, who, workspace.engine.now()) }
      try await workspace.engine.putCreditPolicy(row, who: who, reason: reason)
      workspace.ringDoorbell()
      return row
    }
    return Answer(
      json: ["policy": row.json],
      text: "The orders for \(row.system)\(row.area.isEmpty ? "" : ", area \(row.area),"): \(row.policy.words).\n")
  }

  private func changed(_ reader: any StoreReader, _ who: String, _ now: Int64) throws -> CreditPolicyRow {
    for name in [system, termsFrom].compactMap(\.self) where try reader.system(named: name) == nil {
      throw try Refusal.unknownSystem(name, reader)
    }
    var row = CreditAccount.policy(system, area, among: try reader.creditPolicies())
    row.area = area
    row.changedAt = now
    row.changedBy = who
    if let control { row.policy.control = control.value }
    if let staleAfter { row.policy.staleAfter = staleAfter.microseconds }
    if let grace { row.policy.graceDays = grace.days }
    if let ask { row.policy.asks = ask.value == .yes }
    if let unreachable { row.policy.fallback = unreachable.value }
    if let termsFrom { row.termsFrom = termsFrom == system ? "" : termsFrom }
    return row
  }
}
