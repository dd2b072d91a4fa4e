import ForeignORB
import InterchangeIDL
import Synchronization
import Testing

/// SIGKILLs at places that nobody has given a name: 50 of them, all while a request or a delivery is in flight.
@Suite("SIGKILL at random", .serialized) struct RandomKillTests {
  @Test("50 SIGKILLs while something is in flight: 0 doubled, 0 lost", arguments: Campaign.all)
  func nothingIsDoubledOrLost(_ campaign: Campaign) async throws {
    try await Seats.shared.taken {
      let run = try await KillRun(campaign)
      while run.kills < campaign.kills { try await run.round() }
      try await run.finish()
      print(run.report)
      #expect(run.kills == campaign.kills)
      #expect(run.steps.count >= 2, "the kills hit several steps: \(run.steps)")
    }
  }

  struct Campaign: Sendable, CustomTestStringConvertible {
    let guarantee: Guarantee
    let seed: UInt64
    let kills: Int
    var testDescription: String { "\(kills) kills, \(guarantee.rawValue)" }

    static let all = [
      Campaign(guarantee: .idempotentByKey, seed: 20_260_331, kills: 20), Campaign(guarantee: .strongProbe, seed: 42, kills: 15),
      Campaign(guarantee: .none, seed: 7, kills: 15),
    ]
  }
}

/// One broker and one ERP that are killed again and again while a shop submits contracts.
final class KillRun {
  /// What a SIGKILL hit, in the order of the way.
  enum Step: String, CaseIterable {
    case requestNotStored = "request, not yet on disk"
    case requestNotAnswered = "request on disk, not yet answered"
    case notReserved = "delivery, key not yet reserved"
    case customerBeingCreated = "delivery, its customer being created"
    case notSent = "delivery, key reserved, not yet in the ERP"
    case notCommitted = "delivery in the ERP, not yet committed"
    case notConfirmed = "order committed, not yet confirmed"
    case toBeRepeated = "delivery, to be repeated"
  }

  private let campaign: RandomKillTests.Campaign
  private let world: World
  private let shop: Shop
  private var random: SplitMix64
  private(set) var kills = 0
  private(set) var steps: [Step: Int] = [:]
  private var brokerKills = 0
  private var contracts: [String: String] = [:]
  private var notOrdered: [String] = []
  /// Contracts whose submission has no answer yet, with their parties.
  private let open = OpenSubmissions()

  init(_ campaign: RandomKillTests.Campaign) async throws {
    self.campaign = campaign
    random = SplitMix64(seed: campaign.seed)
    world = try await World.make(campaign.guarantee, fault: .slow, delay: 0.02)
    shop = try Shop(world)
    try await world.tessera.start()
  }

  /// Submits contracts and draws a moment; kills if something is in flight then.
  func round() async throws {
    let session = try await shop.logIn()
    // Every other contract is of a customer whom the ERP does not know yet.
    let party = "S-\(contracts.count / 4)"
    if contracts.count % 4 == 0 { try await session.push(party: party) }
    for _ in 0..<2 {
      let id = "K-\(contracts.count)"
      contracts[id] = party
      let contract = try shop.contract(id, party: party)
      open.add(contract)
    }
    let submissions = open.all
    let wait = Duration.microseconds(Int.random(in: 0...90_000, using: &random))
    let isBroker = Int.random(in: 0..<10, using: &random) < 7
    try await withThrowingTaskGroup(of: Void.self) { group in
      for contract in submissions {
        group.addTask { [open] in
          // A call that breaks off has no answer; the next round submits the contract again.
          if let status = try? await session.submit(contract) { open.remove(status.id) }
        }
      }
      try await Task.sleep(for: wait)
      try await killWhatIsInFlight(isBroker)
      try await group.waitForAll()
    }
  }

  private func killWhatIsInFlight(_ isBroker: Bool) async throws {
    let hasRequest = !open.all.isEmpty
    if try !hasRequest && world.tessera.deliveries().allSatisfy(\.isFinal) { return }
    if isBroker { try await world.tessera.kill() } else { try await world.erp.kill() }
    let hit = try stepsHit()
    if hit.isEmpty {
      // It came to its end between the look and the kill, which then does not count.
    } else {
      kills += 1
      brokerKills += isBroker ? 1 : 0
      for step in hit { steps[step, default: 0] += 1 }
    }
    if isBroker { try await world.tessera.start() } else { try await world.startERP(fault: .slow, delay: 0.02) }
  }

  /// Where everything that was in flight stood, by both sides' files.
  private func stepsHit() throws -> [Step] {
    let stored = try world.tessera.messages(of: "shop")
    let requests = open.all.map(\.id).map { id -> Step in
      stored.contains("contract \(id)") ? .requestNotAnswered : .requestNotStored
    }
    let creates = Set(try world.erp.creates())
    let orders = Set(try world.erp.orders().map(\.key))
    return try requests
      + world.tessera.deliveries().filter { !$0.isFinal }.map { delivery in
        switch delivery.state {
        case "waiting": .customerBeingCreated
        case "sending" where orders.contains(delivery.key): .notConfirmed
        case "sending" where creates.contains(delivery.key): .notCommitted
        case "sending": .notSent
        default: delivery.attempts == 0 ? .notReserved : .toBeRepeated
        }
      }
  }

  /// Lets everything come to its end, and looks at both sides.
  func finish() async throws {
    let session = try await shop.logIn()
    for contract in open.all { _ = try await session.submit(contract) }
    notOrdered += try await world.settleEverything(within: .seconds(90))
    let ids = try world.tessera.links("contracts", in: "shop")
    let parties = try world.tessera.links("customers", in: "shop")
    #expect(ids.count == contracts.count, "every contract that was submitted is one here")
    try await world.expectOneOrderEach(
      Dictionary(uniqueKeysWithValues: contracts.map { (ids[$0.key] ?? $0.key, parties[$0.value] ?? $0.value) }))
    if campaign.guarantee == .none {
      let creates = Dictionary(grouping: try world.erp.creates()) { $0 }.mapValues(\.count)
      for (key, count) in creates { #expect(count <= 1 + notOrdered.count { $0 == key }, "\(key)") }
    }
  }

  /// The histogram of the steps that were hit.
  var report: String {
    let lines = Step.allCases.map { step in
      let count = steps[step] ?? 0
      let digits = String(count)
      return
        "  \(String(repeating: " ", count: max(0, 4 - digits.count)))\(digits)  \(step.rawValue)  \(String(repeating: "#", count: count))"
    }
    return """
      \(campaign.guarantee.rawValue): \(kills) SIGKILLs in flight, \(brokerKills) of the broker, \(kills - brokerKills) of the ERP; \
      \(contracts.count) contracts, \(notOrdered.count) sent again by a person. What they hit:
      \(lines.joined(separator: "\n"))
      """
  }
}

/// Contracts whose submission has no answer yet.
private final class OpenSubmissions: Sendable {
  private let contracts = Mutex<[String: Interchange.V1.Contract]>([:])

  /// By id.
  var all: [Interchange.V1.Contract] { contracts.withLock { $0.values.sorted { $0.id < $1.id } } }
  func add(_ contract: Interchange.V1.Contract) { contracts.withLock { $0[contract.id] = contract } }
  func remove(_ id: String) { contracts.withLock { _ = $0.removeValue(forKey: id) } }
}
