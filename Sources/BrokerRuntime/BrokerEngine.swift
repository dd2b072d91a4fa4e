public import Broker
public import CDR
import CRMCore
import Glibc
import Identity
public import Logging
public import Mapping
public import StoreAPI
import Synchronization

/// Carries the broker's decisions out: loads rows, runs a step, applies its changes, all in one transaction, then wakes who waits.
public final class BrokerEngine: Sendable {
  public let store: any Store
  public let mappings: any MappingSource
  /// What the operator decided.
  public let policies: StepPolicies
  /// Microseconds since 1970 UTC.
  public let now: @Sendable () -> Int64
  let log: Logger
  private let seed: Atomic<UInt64>
  private let wakeUp: Mutex<(@Sendable () -> Void)?> = Mutex(nil)

  /// Items of a large batch whose changes are applied together, while the step goes on with the next.
  static let sliceLength = 32

  /// Held items that are run again at a time.
  static let releaseLimit = 5_000

  public init(
    store: any Store, mappings: any MappingSource, policies: StepPolicies = StepPolicies(),
    now: @escaping @Sendable () -> Int64 = SystemClock.microseconds,
    log: Logger = Logger(label: "tessera.broker")
  ) {
    self.store = store
    self.mappings = mappings
    self.policies = policies
    self.now = now
    self.log = log
    seed = Atomic(Secrets.random(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// What is told when deliveries may be due; the delivery service sets it.
  public func onDeliveriesReady(_ action: @escaping @Sendable () -> Void) { wakeUp.withLock { $0 = action } }

  func deliveriesMayBeReady() { wakeUp.withLock { $0 }?() }

  func environment() -> StepEnvironment {
    // Mixed, since a step counts on from its seed in the same stride: the next step must not meet the ids of this one.
    var bits = seed.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    bits = (bits ^ bits >> 33) &* 0xFF51_AFD7_ED55_8CCD
    bits = (bits ^ bits >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return StepEnvironment(now: now(), seed: bits ^ bits >> 33, policies: policies)
  }

  // MARK: - Receiving

  /// Maps the items of a message and lets the broker decide; when this returns, everything is on disk.
  ///
  /// - Parameters:
  ///   - digest: SHA-256 of the decoded arguments, encoded again by us.
  ///   - isNamedByContent: `messageID` stands for the content alone. What came before is compared with how things stand: where it would
  ///     change something now, or be answered otherwise, it is taken as a new message.
  /// - Throws: ``MappingMissing``, `StoreError`.
  public func receive(
    system: SystemRow, messageID: String, operation: String, digest: [UInt8], body: [UInt8], format: WireFormat, alignedAt: Int,
    sourceType: String, records: [Record], watermark: InboundBatch.Watermark? = nil, isNamedByContent: Bool = false
  ) async throws -> BrokerStep.ReceiveAnswer {
    try await receive(
      system: system, messageID: messageID, operation: operation, digest: { digest }, body: body, format: format, alignedAt: alignedAt,
      sourceType: sourceType, count: records.count, record: { records[$0] }, watermark: watermark, isNamedByContent: isNamedByContent)
  }

  /// The same for a sender's decoded arguments: the records are mapped on all cores, and the digest of a large message is made while its
  /// rows are loaded.
  public func receive(
    system: SystemRow, messageID: String, operation: String, digest: @escaping @Sendable () throws -> [UInt8], body: [UInt8],
    format: WireFormat, alignedAt: Int, sourceType: String, count: Int, record: @escaping @Sendable (Int) -> Record,
    watermark: InboundBatch.Watermark? = nil, isNamedByContent: Bool = false
  ) async throws -> BrokerStep.ReceiveAnswer {
    let plan = try mappings.neededPlan(from: sourceType, system: system.name, systemType: system.type)
    let mapping = plan.bound(to: mappingContext(now()))
    let keyEnvironment = environment()
    let items = await inParallel(count: count) { index in
      let source = record(index)
      return InboundItem(
        number: index + 1, sourceType: sourceType, source: source, outcome: mapping.run(plan.document(source)), of: system.name,
        keyEnvironment)
    }
    let isLarge = items.count > Self.sliceLength
    let batch = InboundBatch(
      system: system.name, messageID: messageID, operation: operation, digest: isLarge ? [] : try digest(), body: body, format: format,
      alignedAt: alignedAt, items: items, watermark: watermark)
    let needs = batch.needs()
    // A page of a feed holds some of its things, whatever the mapping says.
    let everything = watermark == nil ? plan.everything : nil
    let answer = try await transact { [self] transaction, environment in
      let answer: BrokerStep.ReceiveAnswer
      var set: WorkingSet
      var (batch, needs) = (batch, needs)
      if let everything {
        try Self.addMissing(to: &batch, everything, transaction, environment)
        needs = batch.needs()
      }
      if isLarge {
        let sum = MadeMeanwhile(digest)
        if isNamedByContent {
          batch.digest = try sum.value()
          set = try Self.placeByContent(&batch, &needs, transaction, environment)
        } else {
          set = try transaction.load(needs)
          batch.digest = try sum.value()
        }
        let message = batch
        (answer, set, environment) = try StepPipeline.run(set, environment, in: transaction) { set, environment, handOver in
          try BrokerStep.receive(message, in: &set, &environment, sliceLength: Self.sliceLength, handOver: handOver)
        }
      } else {
        set =
          isNamedByContent ? try Self.placeByContent(&batch, &needs, transaction, environment) : try transaction.load(needs)
        answer = try BrokerStep.receive(batch, in: &set, &environment)
      }
      try settle(set, transaction, &environment)
      releaseLater(set)
      return answer
    }
    CrashPoint.afterStore.reached()
    releaseLater(batch)
    return answer
  }

  /// What mappings are run with for a document that came at a time.
  ///
  /// - Parameter tracesAmounts: whether the outcome says which amounts of the document become others.
  public func mappingContext(_ documentTime: Int64, tracesAmounts: Bool = false) -> MappingContext {
    MappingContext(valueMaps: mappings.valueMaps, documentTime: documentTime, zone: policies.zone, tracesAmounts: tracesAmounts)
  }

  /// Runs a step in a write transaction.
  func transact<Result: Sendable>(
    _ body: @escaping @Sendable (any StoreTransaction, inout StepEnvironment) throws -> Result
  ) async throws -> Result {
    let environment = environment()
    return try await store.write { [forms = policies.storedForms] transaction in
      // What was mapped with other forms would make second things beside the ids as they are written now.
      if let forms, try Set(transaction.forms()) != forms { throw FormsChanged() }
      var environment = environment
      return try body(transaction, &environment)
    }
  }

  // MARK: - Consequences

  /// Applies a step's changes and what follows from them: items and deliveries that waited for the links that were made.
  ///
  /// - Parameter linked: ids that are linked already; what waits for them all the same is let go, too.
  func settle(
    _ step: WorkingSet, linked: [LinkKey] = [], _ transaction: any StoreTransaction, _ environment: inout StepEnvironment
  ) throws {
    var set = step
    var sawDelivery = false
    var causes: [HeldRow.Cause] = linked.map { .link($0) }
    var released: Set<Int64> = []
    while true {
      try transaction.apply(set.takeChanges())
      if !set.writtenBelongings.isEmpty {
        try transaction.apply(BrokerStep.belongings(of: set.writtenBelongings).map { .putBelonging($0) })
      }
      for contract in set.broughtContracts {
        // A contract that another system signed is signed here as soon as all its ids are known.
        try signHere(contract, of: contract.changedBy, transaction, &environment)
      }
      for response in set.writtenOrderResponses { try respond(response, transaction, &environment) }
      set.credit.ease(try followOrders(after: set, transaction, environment))
      if try settleCredit(after: set, transaction, &environment) { sawDelivery = true }
      let woken = try wakeDeliveries(after: set, transaction, environment)
      sawDelivery = sawDelivery || set.touchesDeliveries || woken
      if set.madeLinks.isEmpty && causes.isEmpty { break }
      // Nearly always nothing is held at all.
      if try transaction.held(state: .waiting, entity: nil, system: nil, after: 0, limit: 1).isEmpty { break }
      // A cause stays, since more items may wait for it than one round takes; an item runs once at most.
      causes += set.madeLinks.map { .link($0.key) }
      let held = try transaction.held(waitingFor: causes, limit: Self.releaseLimit + released.count).filter { !released.contains($0.id) }
      if held.isEmpty { break }
      set = try release(held, transaction, &environment).set
      released.formUnion(held.map(\.id))
    }
    if sawDelivery { deliveriesMayBeReady() }
  }

  /// Signs a contract that another system signed. One that cannot be signed here stays a draft for a person: whoever brought the last
  /// missing id has nothing to do with it.
  ///
  /// - Parameter system: whose contract it is.
  func signHere(_ row: ObjectRow, of system: String, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment) throws {
    do { try sign(row.id, system, transaction, &environment) } catch let refusal as ContractRefusal {
      log.warning("a contract from elsewhere is not signed", metadata: ["contract": "\(row.id)", "why": "\(refusal.explanation)"])
      try transaction.apply([
        .insertAudit(
          AuditRow(at: environment.now, who: system, action: "sign-refused", subject: row.id, reason: refusal.explanation))
      ])
    }
  }

  /// Deliveries that wait for what was linked, or for a customer's lane that became free, are due now.
  private func wakeDeliveries(after set: WorkingSet, _ transaction: any StoreTransaction, _ environment: StepEnvironment) throws -> Bool {
    if set.madeLinks.isEmpty && set.freedCustomers.isEmpty { return false }
    if try transaction.deliveries(state: .waiting, after: 0, limit: 1).isEmpty { return false }
    var keys: Set<LinkKey> = []
    for thing in set.madeLinks.lazy.filter({ $0.key.system != crmSystem }).map(\.common) + set.freedCustomers {
      for known in set.linksOfThing[thing] ?? [] where known.key.system == crmSystem { keys.insert(known.key) }
    }
    if keys.isEmpty { return false }
    let waiting = try transaction.deliveries(waitingFor: keys.sorted())
    try transaction.apply(
      waiting.map { row in
        var row = row
        row.state = .ready
        row.nextAttemptAt = environment.now
        row.waitingFor = nil
        row.changedAt = environment.now
        return .putDelivery(row)
      })
    return !waiting.isEmpty
  }
}

/// The time of the machine.
public enum SystemClock {
  /// Microseconds since 1970 UTC.
  @Sendable public static func microseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
