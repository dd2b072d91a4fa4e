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
/// It keeps nothing in memory that matters: what is due stands in the rows, and a delivery found `sending` at the start was under way when
/// the broker stopped.
public final class DeliveryService: Sendable {
  let engine: BrokerEngine
  private let adapters: @Sendable (SystemRow) -> (any Adapter)?
  private let signals: AsyncStream<Void>
  private let signal: AsyncStream<Void>.Continuation
  /// Deliveries whose call is under way in this process.
  private let underWay = Mutex<Set<Int64>>([])

  /// Calls that are under way at the same time.
  static let greatestConcurrency = 16

  /// - Parameter adapters: the adapter that carries a system's calls; nil where it is not configured.
  public init(engine: BrokerEngine, adapters: @escaping @Sendable (SystemRow) -> (any Adapter)?) {
    self.engine = engine
    self.adapters = adapters
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    engine.onDeliveriesReady { [signal] in signal.yield() }
  }

  /// Looks at what is due, as after a ring of the doorbell.
  public func wake() { signal.yield() }

  /// Runs until the task is cancelled.
  public func run() async throws {
    try await recover()
    signal.yield()
    await withDiscardingTaskGroup { group in
      var timer: Task<Void, Never>?
      for await _ in signals {
        if Task.isCancelled { break }
        do {
          for row in try await dueNow() {
            group.addTask { await self.deliver(row) }
          }
        } catch {
          engine.log.error("deliveries cannot be read", metadata: ["error": "\(error)"])
        }
        timer?.cancel()
        let wait = await untilNext()
        timer = Task { [signal] in
          do { try await Task.sleep(for: .microseconds(wait)) } catch { return }
          signal.yield()
        }
      }
      timer?.cancel()
      group.cancelAll()
    }
  }

  /// Microseconds until the next delivery is due; at most five seconds, so that rows of other processes are seen by then, too.
  private func untilNext() async -> Int64 {
    guard let next = (try? await engine.store.read { try $0.nextDeliveryTime() }) ?? nil else { return 5_000_000 }
    return min(5_000_000, max(50_000, next - engine.now()))
  }

  /// What was being sent when the broker stopped may or may not have been carried out.
  func recover() async throws {
    let rows = try await engine.store.read { try $0.deliveries(state: .sending, after: 0, limit: 100_000) }
    for row in rows {
      try await fail(
        row,
        DeliveryFailure(
          .unknown, code: "BROKER_STOPPED", explanation: "the broker stopped while the order was being sent; nobody heard the answer"))
    }
  }

  func dueNow() async throws -> [DeliveryRow] {
    let free = Self.greatestConcurrency - underWay.withLock(\.count)
    if free <= 0 { return [] }
    let now = engine.now()
    let rows = try await engine.store.read { try $0.dueDeliveries(now: now, limit: Self.greatestConcurrency * 2) }
    return underWay.withLock { underWay in
      let fresh = rows.filter { !underWay.contains($0.id) }.prefix(free)
      underWay.formUnion(fresh.map(\.id))
      return Array(fresh)
    }
  }

  // MARK: - One delivery

  func deliver(_ row: DeliveryRow) async {
    do { try await attempt(row) } catch {
      engine.log.error(
        "a delivery cannot be carried on", metadata: ["delivery": "\(row.id)", "contract": "\(row.contract)", "error": "\(error)"])
    }
    _ = underWay.withLock { $0.remove(row.id) }
    signal.yield()
  }

  private func attempt(_ row: DeliveryRow) async throws {
    guard let system = try await engine.store.read({ try $0.system(named: row.destination) }), let adapter = adapters(system),
      let orderType = adapter.orderType
    else {
      return try await postpone(row, "NO_ADAPTER", "the system \(row.destination) has no adapter that takes orders")
    }
    guard let plan = engine.mappings.plan(from: "Order", target: orderType, system: system.name, systemType: system.type) else {
      return try await postpone(row, "NO_MAPPING", MappingMissing(sourceType: "Order", target: orderType, system: system.name).description)
    }
    if row.action != .create, (adapter as? any OrderChangingAdapter)?.takesChanges != true {
      return try await refuse(
        row, "CHANGE_NOT_OFFERED", "\(system.name) takes no changes and no cancellations from here; have them made there by hand")
    }
    if try await !creditAllows(row, system, adapter) { return }
    let order = try Interchange.V1.Order(cdr: row.order)
    let outcome =
      row.action == .cancel
      ? nil : plan.run(order.record, in: MappingContext(valueMaps: engine.mappings.valueMaps, documentTime: engine.now()))
    let action = try await engine.transact { [engine] transaction, environment -> DeliveryAction in
      let inactive = try engine.inactive(in: row, order, transaction)
      if !inactive.isEmpty, engine.policies.inactive == .refuse {
        try engine.keepInactive(row, inactive, transaction, &environment)
        return .none
      }
      var set = try transaction.load(BrokerStep.needs(preparing: row, outcome))
      let action = BrokerStep.prepare(row, outcome, guarantee: system.guarantee, in: &set, environment)
      try engine.settle(set, transaction, &environment)
      return action
    }
    CrashPoint.afterReserve.reached()
    switch action {
    case .none: return
    case .send(let delivery, let record):
      try await call(delivery, system, adapter) { try await Self.send(delivery, record, adapter) }
    case .probe(let delivery, let record):
      try await call(delivery, system, adapter) {
        if let known = try await Self.find(delivery, adapter) { return known }
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
    try await record { transaction, environment, engine in
      var set = try transaction.load(BrokerStep.needs(settling: delivery, environment))
      try BrokerStep.answered(delivery.id, verdict, in: &set, environment)
      try engine.settle(set, transaction, &environment)
    }
  }

  private func call(_ delivery: DeliveryRow, _ system: SystemRow, _ adapter: any Adapter, _ body: @Sendable () async throws -> Record)
    async throws
  {
    let answer: Record
    do {
      answer = try await body()
    } catch let failure as AdapterFailure {
      let execution: DeliveryFailure.Execution = failure.execution == .notExecuted ? .notExecuted : .unknown
      return try await fail(delivery, DeliveryFailure(execution, code: failure.code, explanation: failure.description))
    } catch {
      return try await fail(delivery, DeliveryFailure(.unknown, code: "CALL_FAILED", explanation: "\(error)"))
    }
    CrashPoint.beforeConfirm.reached()
    let verdict: Interchange.V1.OrderVerdict
    do { verdict = try self.verdict(answer, system, adapter) } catch {
      // The destination answered, but not in words that we understand: the order may exist.
      return try await fail(delivery, DeliveryFailure(.unknown, code: "ANSWER_NOT_UNDERSTOOD", explanation: "\(error)"))
    }
    switch verdict.outcome {
    case "accepted", "partial", "refused": break
    case "not-executed":
      return try await fail(delivery, DeliveryFailure(.notExecuted, code: verdict.code, explanation: verdict.explanation))
    default:
      return try await fail(
        delivery, DeliveryFailure(.unknown, code: "ANSWER_NOT_UNDERSTOOD", explanation: "the outcome \"\(verdict.outcome)\" is none"))
    }
    try await record { transaction, environment, engine in
      var set = try transaction.load(
        BrokerStep.needs(settling: delivery, numbers: (verdict.orderNumber, verdict.customerNumber), environment))
      try BrokerStep.answered(delivery.id, verdict, in: &set, environment)
      try engine.settle(set, transaction, &environment)
    }
  }

  /// Writes down how a call ended. While the store cannot, it is tried again: what is known must not become uncertain.
  private func record(
    _ body: @escaping @Sendable (any StoreTransaction, inout StepEnvironment, BrokerEngine) throws -> Void
  ) async throws {
    for pause in [Duration.milliseconds(100), .seconds(1), .seconds(5), .seconds(20)] {
      do {
        return try await engine.transact { [engine] transaction, environment in try body(transaction, &environment, engine) }
      } catch let error as StoreError where error.code != .closed {
        engine.log.error("the end of a call cannot be written down; trying again", metadata: ["error": "\(error)"])
        try await Task.sleep(for: pause)
      }
    }
    try await engine.transact { [engine] transaction, environment in try body(transaction, &environment, engine) }
  }

  /// The answer in canonical words.
  private func verdict(_ answer: Record, _ system: SystemRow, _ adapter: any Adapter) throws -> Interchange.V1.OrderVerdict {
    if adapter.verdictType == "OrderVerdict" { return try Interchange.V1.OrderVerdict(record: answer) }
    guard let plan = engine.mappings.plan(from: adapter.verdictType, target: "OrderVerdict", system: system.name, systemType: system.type)
    else {
      throw MappingMissing(sourceType: adapter.verdictType, target: "OrderVerdict", system: system.name)
    }
    let outcome = plan.run(answer, in: MappingContext(valueMaps: engine.mappings.valueMaps, documentTime: engine.now()))
    guard let item = outcome.items.first, !outcome.isRejected, !outcome.isHeld else {
      throw ContractRefusal("ANSWER_NOT_UNDERSTOOD", outcome.problems.map(\.description).joined(separator: "; "))
    }
    return try Interchange.V1.OrderVerdict(record: item.record)
  }

  private func fail(_ delivery: DeliveryRow, _ failure: DeliveryFailure) async throws {
    let system = try await engine.store.read { try $0.system(named: delivery.destination) }
    try await record { transaction, environment, engine in
      var set = try transaction.load(BrokerStep.needs(settling: delivery, environment))
      try BrokerStep.failed(delivery.id, failure, guarantee: system?.guarantee ?? .none, in: &set, environment)
      try engine.settle(set, transaction, &environment)
    }
  }

  private func postpone(_ row: DeliveryRow, _ code: String, _ explanation: String) async throws {
    try await engine.transact { [engine] transaction, environment in
      var needs = Needs()
      needs.deliveries = [row.id]
      var set = try transaction.load(needs)
      BrokerStep.postpone(row.id, code, explanation, in: &set, environment)
      try engine.settle(set, transaction, &environment)
    }
  }
}

extension DeliveryRow {
  /// The order that a change or a cancellation is about.
  fileprivate var placed: PlacedOrder {
    // The key of a change is the create's, a point and the revision.
    PlacedOrder(key: String(correlationKey.prefix { $0 != "." }), number: orderNumber)
  }
}
