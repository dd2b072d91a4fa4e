public import Broker
import CDR
import CRMCore
import InterchangeIDL
import Logging
import Mapping
import StoreAPI
import Synchronization

/// Sends orders to their destinations: reserves our key, calls, records the answer.
///
/// It keeps nothing in memory that matters: what is due stands in the rows, and a delivery found `sending` of which this process makes no
/// call was under way when a broker stopped.
public final class DeliveryService: Sendable {
  let engine: BrokerEngine
  private let adapters: @Sendable (SystemRow) -> (any Adapter)?
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  /// Deliveries whose call is under way in this process.
  private let underWay = Mutex<Set<Int64>>([])
  /// The store could not be read or written.
  let trouble = Mutex(RepeatedTrouble())
  let clock: ClockWatch

  /// Calls that are under way at the same time.
  static let greatestConcurrency = 16
  /// How often the rows are looked through for what others left behind.
  static let sweepInterval = Duration.seconds(60)

  /// - Parameter adapters: the adapter that carries a system's calls; nil where it is not configured.
  public init(engine: BrokerEngine, adapters: @escaping @Sendable (SystemRow) -> (any Adapter)?) {
    self.engine = engine
    self.adapters = adapters
    clock = ClockWatch(now: engine.now)
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    engine.onDeliveriesReady { [signal] in signal.yield() }
  }

  /// Looks at what is due, as after a ring of the doorbell.
  public func wake() { signal.yield() }

  /// Runs until the task is cancelled.
  public func run() async throws {
    signal.yield()
    await withDiscardingTaskGroup { group in
      var timer: Task<Void, Never>?
      var nextSweep = ContinuousClock.now
      for await _ in signals {
        if Task.isCancelled { break }
        var isIdle = true
        do {
          if nextSweep <= .now, trouble.withLock({ $0.wait == nil }) {
            try await recover()
            trouble.withLock { $0.end() }
            nextSweep = .now + Self.sweepInterval
          }
          await noteClock()
          let due = try await dueNow()
          isIdle = due.isEmpty
          for row in due {
            group.addTask { await self.deliver(row) }
          }
        } catch {
          tellTrouble("deliveries cannot be read; trying again", error)
        }
        timer?.cancel()
        let wait = await untilNext(isIdle: isIdle)
        timer = Task { [signal] in
          do { try await Task.sleep(for: .microseconds(wait)) } catch { return }
          signal.yield()
        }
      }
      timer?.cancel()
      group.cancelAll()
    }
  }

  /// Microseconds until the next delivery is due; at most five seconds, so that rows of other processes are seen by then, too. While the
  /// store has trouble, what is due waits for that.
  ///
  /// - Parameter isIdle: nothing was begun now, so that what is due all the same is under way, and its end rings.
  private func untilNext(isIdle: Bool) async -> Int64 {
    if let wait = trouble.withLock({ $0.wait }) { return max(50_000, Int64(wait / .microseconds(1))) }
    guard let next = (try? await engine.store.read { try $0.nextDeliveryTime() }) ?? nil else { return 5_000_000 }
    let left = next - engine.now()
    return left <= 0 && isIdle ? 1_000_000 : min(5_000_000, max(50_000, left))
  }

  /// What was being sent when a broker stopped may or may not have been carried out.
  ///
  /// - Throws: `StoreError` where it cannot be read or written: it is done again later.
  func recover() async throws {
    for row in try await engine.store.read({ try $0.deliveries(state: .sending, after: 0, limit: 100_000) }) {
      // Claimed, so that no call of ours begins meanwhile; one that is under way writes down its end itself.
      guard underWay.withLock({ $0.insert(row.id).inserted }) else { continue }
      defer { _ = underWay.withLock { $0.remove(row.id) } }
      try await fail(
        row,
        DeliveryFailure(
          .unknown, code: "BROKER_STOPPED", explanation: "the broker stopped while the order was being sent; nobody heard the answer"))
    }
  }

  func dueNow() async throws -> [DeliveryRow] {
    let (mayTry, isOver) = trouble.withLock { ($0.wait == nil, $0.isOver) }
    // Where the store could not be written, one finds out whether it can again.
    let free = (isOver ? Self.greatestConcurrency : 1) - underWay.withLock(\.count)
    if !mayTry || free <= 0 { return [] }
    let now = engine.now()
    let rows = try await engine.store.read { try $0.dueDeliveries(now: now, limit: Self.greatestConcurrency * 2) }
    if rows.isEmpty { trouble.withLock { $0.end() } }
    let due = underWay.withLock { underWay in
      let fresh = rows.filter { !underWay.contains($0.id) }.prefix(free)
      underWay.formUnion(fresh.map(\.id))
      return Array(fresh)
    }
    for row in due where row.hasWrongDueTime(at: now) { tellWrongTime(row, now) }
    return due
  }

  // MARK: - One delivery

  /// Carries a delivery on. Whatever goes wrong, it is not due again at once.
  func deliver(_ row: DeliveryRow) async {
    do {
      do { try await attempt(row) } catch  where !(error is StoreError) && !(error is CancellationError) {
        // Something in the row or in what it names cannot be worked on: a person has to look.
        engine.log.error(
          "a delivery cannot be worked on", metadata: ["delivery": "\(row.id)", "contract": "\(row.contract)", "error": "\(error)"])
        try await block(row, "DELIVERY_BROKEN", "\(error)")
      }
      trouble.withLock { $0.end() }
    } catch { tellTrouble("a delivery cannot be carried on; trying again", error, row) }
    _ = underWay.withLock { $0.remove(row.id) }
    signal.yield()
  }

  private func attempt(_ row: DeliveryRow) async throws {
    guard let system = try await engine.store.read({ try $0.system(named: row.destination) }), let adapter = adapters(system),
      let orderType = adapter.orderType
    else {
      return try await block(row, "NO_ADAPTER", "the system \(row.destination) has no adapter that takes orders")
    }
    let plan: MappingPlan
    do throws(MappingMissing) {
      plan = try engine.mappings.neededPlan(from: "Order", target: orderType, system: system.name, systemType: system.type)
    } catch { return try await block(row, "NO_MAPPING", error.description) }
    if row.action != .create, (adapter as? any OrderChangingAdapter)?.takesChanges != true {
      return try await refuse(
        row, "CHANGE_NOT_OFFERED", "\(system.name) takes no changes and no cancellations from here; have them made there by hand")
    }
    if try await !creditAllows(row, system, adapter) { return }
    let order = try Interchange.V1.Order(cdr: row.order)
    let outcome =
      row.action == .cancel
      ? nil : plan.run(order.record, in: engine.mappingContext(engine.now(), tracesAmounts: true))
    let amounts = engine.amounts(in: row, order, outcome)
    let (action, prepared) = try await engine.transact { [engine] transaction, environment -> (DeliveryAction, DeliveryRow?) in
      let inactive = try engine.inactive(in: row, order, transaction)
      if !inactive.isEmpty, engine.policies.inactive == .refuse {
        try engine.keep(row, ContractRefusal(inactive), transaction, &environment)
        return (.none, try transaction.delivery(id: row.id))
      }
      if let refusal = amounts.refusal {
        try engine.keep(row, refusal, transaction, &environment)
        return (.none, try transaction.delivery(id: row.id))
      }
      var set = try transaction.load(BrokerStep.needs(preparing: row, outcome))
      let action = BrokerStep.prepare(row, outcome, guarantee: system.guarantee, in: &set, environment)
      let prepared = set.deliveries[row.id]
      if !inactive.isEmpty { engine.tellInactive(row, inactive, action, in: &set, environment) }
      engine.tellAmounts(row, amounts.told, action, in: &set, environment)
      try engine.settle(set, transaction, &environment)
      return (action, prepared)
    }
    CrashPoint.afterReserve.reached()
    switch action {
    case .none: return tellBlocked(prepared, before: row)
    case .send(let delivery, let record):
      try await call(delivery, system, adapter) { try await Self.send(delivery, record, adapter) }
    case .probe(let delivery, let record):
      let absence = Absence()
      try await call(delivery, system, adapter, absence) {
        if let known = try await Self.find(delivery, adapter) { return known }
        absence.isKnown.store(true, ordering: .relaxed)
        return try await Self.send(delivery, record, adapter)
      }
    }
  }

  private static func send(_ delivery: DeliveryRow, _ record: Record?, _ adapter: any Adapter) async throws -> Record {
    guard delivery.action != .create, let desk = adapter as? any OrderChangingAdapter else {
      guard let record else { throw AdapterFailure(.notExecuted, code: "NO_ORDER", message: "there is nothing to be sent") }
      return try await adapter.createOrder(key: delivery.correlationKey, order: record)
    }
    guard let record else {
      return try await desk.cancelOrder(delivery.placed, revision: delivery.revision, reason: try delivery.cancelReason)
    }
    return try await desk.changeOrder(delivery.placed, revision: delivery.revision, to: record)
  }

  private static func find(_ delivery: DeliveryRow, _ adapter: any Adapter) async throws -> Record? {
    guard delivery.action != .create, let desk = adapter as? any OrderChangingAdapter else {
      return try await adapter.findOrder(key: delivery.correlationKey)
    }
    return try await desk.findChange(delivery.placed, revision: delivery.revision)
  }

  /// Records what the destination would say, if it could be asked.
  private func refuse(_ delivery: DeliveryRow, _ code: String, _ explanation: String) async throws {
    let verdict = Interchange.V1.OrderVerdict(
      outcome: "refused", orderNumber: "", customerNumber: "", code: code, explanation: explanation, lines: [], bookedAt: nil)
    try await engine.transact { [engine] transaction, environment in
      var set = try transaction.load(BrokerStep.needs(settling: delivery, environment))
      try BrokerStep.answered(delivery.id, verdict, in: &set, environment)
      try engine.settle(set, transaction, &environment)
    }
  }

  /// Whether the destination has said that it has nothing under the key.
  private final class Absence: Sendable {
    let isKnown = Atomic(false)
  }

  private func call(
    _ delivery: DeliveryRow, _ system: SystemRow, _ adapter: any Adapter, _ absence: Absence = Absence(),
    _ body: @Sendable () async throws -> Record
  ) async throws {
    let answer: Record
    do { answer = try await body() } catch {
      var failure = Self.failure(error)
      failure.wasAbsentBefore = absence.isKnown.load(ordering: .relaxed)
      guard let known = await lastWord(on: delivery, system, adapter, &failure) else { return try await fail(delivery, failure) }
      answer = known
    }
    CrashPoint.beforeConfirm.reached()
    let verdict: Interchange.V1.OrderVerdict
    do { verdict = try self.verdict(answer, system, adapter) } catch {
      // The destination answered, but not in words that we understand: the order may exist.
      return try await fail(delivery, DeliveryFailure(.unknown, code: "ANSWER_NOT_UNDERSTOOD", explanation: "\(error)"))
    }
    if verdict.outcome == "not-executed" {
      return try await fail(delivery, DeliveryFailure(.notExecuted, code: verdict.code, explanation: verdict.explanation))
    }
    if let objection = BrokerStep.objection(to: verdict, of: delivery, engine.environment()) {
      return try await fail(delivery, DeliveryFailure(.unknown, code: "ANSWER_NOT_UNDERSTOOD", explanation: objection))
    }
    do {
      try await record(delivery) { transaction, environment, engine in
        var set = try transaction.load(
          BrokerStep.needs(settling: delivery, numbers: (verdict.orderNumber, verdict.customerNumber), environment))
        if verdict.outcome != "refused" {
          try engine.refuseTaken(verdict.orderNumber, of: delivery, in: set, transaction, environment)
        }
        try BrokerStep.answered(delivery.id, verdict, in: &set, environment)
        try engine.settle(set, transaction, &environment)
      }
    } catch let taken as ContractRefusal where taken.code == "NUMBER_TAKEN" {
      // Under the number of another order this one could never be found again, and its cancellation would befall the other.
      let explanation = "the destination answered \"\(verdict.outcome)\", but \(taken.explanation)"
      try await fail(delivery, DeliveryFailure(.unknown, code: taken.code, explanation: explanation))
    } catch  where !(error is CancellationError) && (error as? StoreError)?.code != .closed {
      let said =
        "the destination answered \"\(verdict.outcome)\"\(verdict.orderNumber.isEmpty ? "" : " with the number \(verdict.orderNumber)")"
      try await fail(
        delivery, DeliveryFailure(.unknown, code: "ANSWER_NOT_WRITTEN", explanation: "\(said), which cannot be written down: \(error)"))
    }
  }

  private static func failure(_ error: any Error) -> DeliveryFailure {
    guard let failure = error as? AdapterFailure else { return DeliveryFailure(.unknown, code: "CALL_FAILED", explanation: "\(error)") }
    return DeliveryFailure(
      failure.execution == .notExecuted ? .notExecuted : .unknown, code: failure.code, explanation: failure.description)
  }

  /// Before a delivery is parked whose call may have been carried out, the destination is asked for it once more, where it can be: a person
  /// need not look there for what certainly is not there.
  ///
  /// - Returns: the verdict that the destination has; nil where it has none, which the failure says then, or cannot be asked.
  private func lastWord(
    on delivery: DeliveryRow, _ system: SystemRow, _ adapter: any Adapter, _ failure: inout DeliveryFailure
  ) async -> Record? {
    guard system.guarantee == .strongProbe, failure.execution == .unknown, !failure.isOutage,
      delivery.failures + 1 >= engine.policies.deliveryLimits.attempts
    else { return nil }
    do {
      if let known = try await Self.find(delivery, adapter) { return known }
      failure.execution = .notExecuted
      failure.wasAbsentBefore = true
    } catch {
      // It stays unknown.
    }
    return nil
  }

  /// Writes down how a call ended. While the store cannot, it is tried again until it can: what is known must not become uncertain, and
  /// nobody else writes it down.
  ///
  /// - Throws: what says that trying again is of no use, `CancellationError` where the broker stops.
  private func record<Result: Sendable>(
    _ delivery: DeliveryRow,
    _ body: @escaping @Sendable (any StoreTransaction, inout StepEnvironment, BrokerEngine) throws -> Result
  ) async throws -> Result {
    var trouble = RepeatedTrouble()
    var isStopping = false
    while true {
      do {
        return try await engine.transact { [engine] transaction, environment in try body(transaction, &environment, engine) }
      } catch let error as StoreError where error.code != .closed && !isStopping {
        // Another writer was first, again and again: what is to be written is wrong, not the store.
        if trouble.count >= 5, error.code == .conflict { throw error }
        trouble.begin()
        engine.log.error(
          "the end of a call cannot be written down; trying again",
          metadata: ["delivery": "\(delivery.id)", "contract": "\(delivery.contract)", "tries": "\(trouble.count)", "error": "\(error)"])
        do { try await Task.sleep(for: trouble.wait ?? .zero) } catch { isStopping = true }
      }
    }
  }

  /// The answer in canonical words.
  private func verdict(_ answer: Record, _ system: SystemRow, _ adapter: any Adapter) throws -> Interchange.V1.OrderVerdict {
    if adapter.verdictType == "OrderVerdict" { return try Interchange.V1.OrderVerdict(record: answer) }
    let plan = try engine.mappings.neededPlan(
      from: adapter.verdictType, target: "OrderVerdict", system: system.name, systemType: system.type)
    let outcome = plan.run(answer, in: engine.mappingContext(engine.now()))
    guard let item = outcome.items.first, !outcome.isRejected, !outcome.isHeld else {
      throw ContractRefusal("ANSWER_NOT_UNDERSTOOD", outcome.problems.map(\.description).joined(separator: "; "))
    }
    return try Interchange.V1.OrderVerdict(record: item.record)
  }

  private func fail(_ delivery: DeliveryRow, _ failure: DeliveryFailure) async throws {
    let failed = try await record(delivery) { transaction, environment, engine in
      let guarantee = try transaction.system(named: delivery.destination)?.guarantee ?? .none
      var set = try transaction.load(BrokerStep.needs(settling: delivery, environment))
      try BrokerStep.failed(delivery.id, failure, guarantee: guarantee, in: &set, environment)
      let failed = set.deliveries[delivery.id]
      try engine.settle(set, transaction, &environment)
      return failed
    }
    tellEnd(failed)
  }

  private func block(_ row: DeliveryRow, _ code: String, _ explanation: String) async throws {
    let blocked = try await engine.transact { [engine] transaction, environment in
      var set = try transaction.load(BrokerStep.needs(blocking: row))
      BrokerStep.block(row.id, code, explanation, in: &set, environment)
      let blocked = set.deliveries[row.id]
      try engine.settle(set, transaction, &environment)
      return blocked
    }
    tellBlocked(blocked, before: row)
  }
}

extension DeliveryRow {
  /// The order that a change or a cancellation is about.
  fileprivate var placed: PlacedOrder {
    // The key of a change is the create's, a point and the revision.
    PlacedOrder(key: String(correlationKey.prefix { $0 != "." }), number: orderNumber)
  }
}
