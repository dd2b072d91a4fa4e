import ArgumentParser
import Broker
import BrokerRuntime
import StoreAPI

/// `tessera deliveries retry`
struct DeliveriesRetry: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Tries parked or blocked deliveries again at once.",
    discussion: """
      Their failures are forgotten, so that the limits count anew. One that its destination may have is sent again under the same key, \
      which makes no second order where the destination keeps keys or can be asked; else it is refused until it is settled.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The number of the delivery; none with --all.")
  var delivery: Int64?
  @Flag(help: "All that are parked or blocked.")
  var all = false
  @Option(help: "With --all: only those for this system.")
  var system: String?
  @Option(help: "Why, for the audit.")
  var reason: String

  func validate() throws {
    if (delivery != nil) == all { throw ValidationError("Either the number of a delivery or --all says what is tried again.") }
    if system != nil, !all { throw ValidationError("--system goes with --all.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await Workspace.with(common) { workspace in
      if let delivery {
        try await workspace.engine.retry(deliveryID: delivery, who: who, reason: reason)
        return try await DeliveryAnswer.of(delivery, workspace)
      }
      var retried: [Int64] = []
      var refused: [(id: Int64, refusal: ContractRefusal)] = []
      for id in try await ids(workspace) {
        do {
          try await workspace.engine.retry(deliveryID: id, who: who, reason: reason)
          retried.append(id)
        } catch let refusal as ContractRefusal { refused.append((id, refusal)) }
      }
      workspace.ringDoorbell()
      return Answer(
        json: [
          "retried": .array(retried.map { JSON($0) }),
          "refused": .array(
            refused.map {
              ["delivery": JSON($0.id), "code": .string($0.refusal.code), "explanation": .string($0.refusal.explanation)]
            }),
        ],
        text: "\(retried.count) deliveries are tried again.\n" + refused.map { "\($0.refusal.explanation)\n" }.joined(),
        isRefusal: !refused.isEmpty)
    }
  }

  /// What is parked or blocked, oldest first.
  private func ids(_ workspace: Workspace) async throws -> [Int64] {
    try await workspace.store.read { [system] reader in
      var found: [Int64] = []
      for state in [DeliveryRow.State.parked, .blocked] {
        var after: Int64 = 0
        while case let rows = try reader.deliveries(state: state, after: after, limit: 1_000), let last = rows.last {
          found += rows.lazy.filter { system == nil || $0.destination == system }.map(\.id)
          after = last.id
        }
      }
      return found.sorted()
    }
  }
}

/// `tessera deliveries park`
struct DeliveriesPark: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "park", abstract: "Stops a delivery that is tried again and again, before the limits do.",
    discussion: "It waits for a person then: `deliveries retry`, `deliveries withdraw`, or `contracts settle`, `amend` and `cancel`.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The number of the delivery.")
  var delivery: Int64
  @Option(help: "Why, for the audit.")
  var reason: String

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await Workspace.with(common) { workspace in
      try await workspace.engine.park(deliveryID: delivery, who: who, reason: reason)
      return try await DeliveryAnswer.of(delivery, workspace)
    }
  }
}

/// `tessera deliveries withdraw`
struct DeliveriesWithdraw: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Takes back a delivery of which nothing was sent.",
    discussion: """
      An order is not sent to its system any more; one that was to be changed or cancelled stays as it is. What the system may have is \
      settled first.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The number of the delivery.")
  var delivery: Int64
  @Option(help: "Why, for the audit.")
  var reason: String

  func answer() async throws -> Answer {
    let who = try actor.who
    return try await Workspace.with(common) { workspace in
      try await workspace.engine.withdraw(deliveryID: delivery, who: who, reason: reason)
      return try await DeliveryAnswer.of(delivery, workspace)
    }
  }
}

/// How a delivery stands after something was done about it.
private enum DeliveryAnswer {
  static func of(_ id: Int64, _ workspace: Workspace) async throws -> Answer {
    workspace.ringDoorbell()
    guard let row = try await workspace.store.read({ try $0.delivery(id: id) }) else {
      throw Refusal("DELIVERY_UNKNOWN", "there is no delivery \(id)", hint: "`tessera deliveries list` lists them")
    }
    return Answer(json: .object(row.members), text: "Delivery \(id) for \(row.destination): \(row.words)\n")
  }
}
