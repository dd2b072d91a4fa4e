import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI
import Synchronization
import Testing

/// An ERP that answers every call as a test says.
final class ScriptedERP: OrderChangingAdapter {
  typealias Answer = @Sendable () throws -> V1.OrderVerdict?

  private let script: Mutex<(create: Answer, find: Answer)>
  private let count = Atomic(0)

  init(create: @escaping Answer, find: @escaping Answer = { nil }) { script = Mutex((create, find)) }

  /// From now on.
  func answer(_ create: @escaping Answer) { script.withLock { $0.create = create } }

  /// How many creates, changes and cancellations arrived.
  var calls: Int { count.load(ordering: .relaxed) }

  let feeds: [Feed] = []
  let orderType: String? = "Order"
  let verdictType = "OrderVerdict"
  let takesChanges = true

  func read(_ feed: Feed, after position: String?, limit: Int) async throws -> FeedPage {
    throw AdapterFailure(.notExecuted, code: "NO_FEED", message: "nothing can be read here")
  }

  private func answered() throws -> Record {
    count.wrappingAdd(1, ordering: .relaxed)
    guard let verdict = try script.withLock({ $0.create })() else { throw AdapterFailure(.unknown, code: "NIL", message: "no verdict") }
    return verdict.record
  }

  func createOrder(key: String, order: Record) async throws -> Record { try answered() }
  func changeOrder(_ order: PlacedOrder, revision: Int, to record: Record) async throws -> Record { try answered() }
  func cancelOrder(_ order: PlacedOrder, revision: Int, reason: String) async throws -> Record { try answered() }
  func findOrder(key: String) async throws -> Record? { try script.withLock { $0.find }()?.record }
  func findChange(_ order: PlacedOrder, revision: Int) async throws -> Record? { try script.withLock { $0.find }()?.record }
}

extension V1.OrderVerdict {
  static func taken(_ number: String, customer: String = "D-1", outcome: String = "accepted") -> Self {
    Self(outcome: outcome, orderNumber: number, customerNumber: customer, code: "", explanation: "", lines: [], bookedAt: nil)
  }
}

/// What fails for ever is left to a person, who can end it or have it tried again; other customers' orders go on meanwhile.
@Suite("Parked deliveries") struct ParkedTests {
  private static var policies: StepPolicies {
    var policies = StepPolicies()
    policies.deliveryLimits = DeliveryLimits(attempts: 3, age: 3_600_000_000)
    return policies
  }

  static let cannotConvert: ScriptedERP.Answer = {
    throw AdapterFailure(.notExecuted, code: "DATA_CONVERSION", message: "the name cannot be sent")
  }
  static let failsInside: ScriptedERP.Answer = { throw AdapterFailure(.unknown, code: "UNKNOWN", message: "an exception") }
  static let isDown: ScriptedERP.Answer = { throw AdapterFailure(.notExecuted, code: "TRANSIENT", message: "connection refused") }

  /// A broker with a contract on its way to an ERP.
  private struct Sale {
    let broker: TestBroker
    let erp: ScriptedERP
    let party: String
    let products: [String]
    let contract: String

    init(_ guarantee: CreateGuarantee, _ create: @escaping ScriptedERP.Answer, find: @escaping ScriptedERP.Answer = { nil }) async throws {
      broker = try await TestBroker.ordering(guarantee: guarantee, policies: ParkedTests.policies)
      erp = ScriptedERP(create: create, find: find)
      (party, products) = try await broker.prepareSale()
      contract = try await broker.signed(party: party, products: products)
    }

    var delivery: DeliveryRow { get async throws { try #require(try await broker.deliveries(contract).last) } }

    /// Tries so many times, each when its time has come.
    func tried(_ times: Int = 1, seconds: Int64 = 61) async throws {
      for _ in 0..<times {
        broker.clock.advance(seconds: seconds)
        try await broker.deliver(to: erp)
      }
    }
  }

  @Test(arguments: CreateGuarantee.allCases)
  func whatCannotBeSentIsParkedAndCertainlyNotThere(guarantee: CreateGuarantee) async throws {
    let sale = try await Sale(guarantee, Self.cannotConvert)
    try await sale.tried(2)
    #expect(try await sale.delivery.state == .ready)
    try await sale.tried()
    let row = try await sale.delivery
    #expect(row.state == .parked && row.code == "DATA_CONVERSION" && row.attempts == 3 && !row.mayBeThere && row.isUnsent)
    #expect(
      row.words.contains("is parked (it failed 3 times in a row, last with: DATA_CONVERSION")
        && row.words.contains("nothing of it is in erp"))
    #expect(try await sale.broker.state(sale.contract) == "signed")
    // Nothing is tried any more.
    try await sale.tried(3, seconds: 3_600)
    #expect(sale.erp.calls == 3)
    // It is cancelled as what was never sent.
    try await sale.broker.engine.cancel(contractID: sale.contract, who: "ann", reason: "no use")
    #expect(try await sale.broker.state(sale.contract) == "cancelled")
  }

  @Test func beforeTheLimitItCanBeCancelledAndAmendedToo() async throws {
    let sale = try await Sale(.none, Self.cannotConvert)
    try await sale.tried()
    #expect(try await sale.delivery.attempts == 1)
    let contract = try await sale.broker.contract(sale.contract)
    try await sale.broker.engine.amend(contractID: sale.contract, to: contract.with(quantity: "2"), who: "ann", reason: "shorter")
    #expect(try await sale.delivery.state == .ready)
    sale.erp.answer { .taken("SO-1") }
    try await sale.tried()
    #expect(try await sale.broker.state(sale.contract) == "ordered")
  }

  @Test func whatMayBeThereIsSettledFirst() async throws {
    let sale = try await Sale(.idempotentByKey, Self.failsInside)
    try await sale.tried(3)
    let row = try await sale.delivery
    #expect(row.state == .parked && row.mayBeThere && !row.isUnsent)
    #expect(try await sale.broker.state(sale.contract) == "uncertain")
    let engine = sale.broker.engine
    await #expect(throws: ContractRefusal.self) { try await engine.cancel(contractID: sale.contract, who: "ann", reason: "no use") }
    await #expect(throws: ContractRefusal.self) { try await engine.withdraw(deliveryID: row.id, who: "ann", reason: "no use") }
    try await engine.settle(deliveryID: row.id, orderNumber: nil, who: "ann", reason: "I looked, it is not there")
    #expect(try await sale.delivery.state == .parked)
    #expect(try await sale.broker.state(sale.contract) == "signed")
    try await engine.cancel(contractID: sale.contract, who: "ann", reason: "no use")
    #expect(try await sale.broker.state(sale.contract) == "cancelled")
  }

  @Test func aPersonMayHaveEnteredItByHand() async throws {
    let sale = try await Sale(.none, Self.cannotConvert)
    try await sale.tried(3)
    let id = try await sale.delivery.id
    await #expect(throws: ContractRefusal.self) {
      try await sale.broker.engine.settle(deliveryID: id, orderNumber: "  ", who: "ann", reason: "blank")
    }
    try await sale.broker.engine.settle(deliveryID: id, orderNumber: "SO-7", customerNumber: "D-7", who: "ann", reason: "typed it there")
    #expect(try await sale.broker.state(sale.contract) == "ordered")
    #expect(try await sale.broker.crmID("Party", "D-7") == sale.party)
  }

  @Test func aRetryBeginsAnew() async throws {
    let sale = try await Sale(.idempotentByKey, Self.failsInside)
    try await sale.tried(3)
    let id = try await sale.delivery.id
    try await sale.broker.engine.retry(deliveryID: id, who: "ann", reason: "they mended it")
    try await sale.broker.deliver(to: sale.erp)
    var row = try await sale.delivery
    #expect(row.state == .ready && row.failures == 1 && row.attempts == 4)
    sale.erp.answer { .taken("SO-1") }
    try await sale.tried()
    row = try await sale.delivery
    #expect(row.state == .ordered && row.failures == 0 && row.failingSince == nil && !row.mayBeThere)
    let audit = try await sale.broker.store.read { try $0.audit(after: 0, limit: 99) }.map(\.action)
    #expect(audit.contains("retry-delivery"))
    await #expect(throws: ContractRefusal.self) { try await sale.broker.engine.retry(deliveryID: id, who: "ann", reason: "again") }
  }

  /// A weekend without the ERP is no fault of its orders.
  @Test func aSystemThatIsDownCountsForTheAgeAlone() async throws {
    let sale = try await Sale(.idempotentByKey, Self.isDown)
    try await sale.tried(50)
    #expect(try await sale.delivery.state == .ready)
    try await sale.tried(12)
    let row = try await sale.delivery
    #expect(row.state == .parked && row.failures == 0 && !row.mayBeThere)
    #expect(row.explanation.hasPrefix("it has failed for 6"), "\(row.explanation)")
  }

  /// The other order of the customer waits for the first as long as that may create him, and no longer.
  @Test func otherOrdersOfTheCustomerGoOn() async throws {
    let sale = try await Sale(.none, Self.cannotConvert)
    try await sale.tried()
    let other = try await sale.broker.signed(party: sale.party, products: sale.products)
    try await sale.broker.deliver(to: sale.erp)
    #expect(try await sale.broker.deliveries(other)[0].code == "CUSTOMER_BEING_CREATED")
    try await sale.tried(2)
    #expect(try await sale.delivery.state == .parked)
    #expect(try await sale.broker.deliveries(other)[0].state == .ready)
    sale.erp.answer { .taken("SO-2") }
    try await sale.tried()
    #expect(try await sale.broker.deliveries(other)[0].state == .ordered)
  }

  @Test func whatIsCancelledLeavesTheCustomerToOthers() async throws {
    let sale = try await Sale(.none, Self.cannotConvert)
    try await sale.tried()
    let other = try await sale.broker.signed(party: sale.party, products: sale.products)
    try await sale.broker.deliver(to: sale.erp)
    #expect(try await sale.broker.deliveries(other)[0].state == .waiting)
    try await sale.broker.engine.cancel(contractID: sale.contract, who: "ann", reason: "no use")
    #expect(try await sale.broker.deliveries(other)[0].state == .ready)
  }

  /// Where the destination can be asked, nobody has to look there.
  @Test(arguments: [false, true])
  func aProbeSaysTheLastWord(isThere: Bool) async throws {
    let tries = Mutex(0)
    let sale = try await Sale(.strongProbe, Self.failsInside) {
      // Asked before the second and the third attempt, and once more behind it.
      let number = tries.withLock { tries in
        tries += 1
        return tries
      }
      return isThere && number == 3 ? .taken("SO-1") : nil
    }
    try await sale.tried(3)
    let row = try await sale.delivery
    if isThere {
      #expect(row.state == .ordered && row.orderNumber == "SO-1")
    } else {
      #expect(row.state == .parked && !row.mayBeThere && row.isUnsent)
    }
  }

  @Test func aPersonParksAndTakesBack() async throws {
    let sale = try await Sale(.none, Self.isDown)
    try await sale.tried()
    let id = try await sale.delivery.id
    try await sale.broker.engine.park(deliveryID: id, who: "ann", reason: "they move")
    #expect(try await sale.delivery.explanation.hasPrefix("parked by ann: they move"))
    try await sale.tried(2)
    #expect(sale.erp.calls == 1)
    try await sale.broker.engine.withdraw(deliveryID: id, who: "ann", reason: "not any more")
    #expect(try await sale.broker.state(sale.contract) == "cancelled")
  }

  @Test(arguments: [DeliveryRow.Action.change, .cancel])
  func aChangeOrACancellationIsParkedToo(action: DeliveryRow.Action) async throws {
    let sale = try await Sale(.none) { .taken("SO-1") }
    try await sale.tried()
    let engine = sale.broker.engine
    if action == .change {
      let contract = try await sale.broker.contract(sale.contract)
      try await engine.amend(contractID: sale.contract, to: contract.with(quantity: "5"), who: "ann", reason: "more")
    } else {
      try await engine.cancel(contractID: sale.contract, who: "ann", reason: "no use")
    }
    sale.erp.answer(Self.cannotConvert)
    try await sale.tried(3)
    let row = try await sale.delivery
    #expect(row.state == .parked && row.action == action && row.isUnsent)
    #expect(try await sale.broker.state(sale.contract) == (action == .change ? "changing" : "cancelling"))
    try await engine.withdraw(deliveryID: row.id, who: "ann", reason: "leave it")
    #expect(try await sale.broker.state(sale.contract) == "ordered")
  }

  // MARK: - Answers that are not believed

  @Test(
    arguments: [("accepted", ""), ("accepted", "  "), ("partial", ""), ("accepted", "SO\u{7}1"), ("taken", "SO-1")],
    CreateGuarantee.allCases)
  func anAnswerWithoutANumberIsNone(answer: (outcome: String, number: String), guarantee: CreateGuarantee) async throws {
    let sale = try await Sale(guarantee) { .taken(answer.number, outcome: answer.outcome) }
    try await sale.tried()
    let row = try await sale.delivery
    #expect(row.state == (guarantee == .none ? .uncertain : .ready) && row.code == "ANSWER_NOT_UNDERSTOOD" && row.mayBeThere)
    #expect(row.explanation.contains("\"\(answer.outcome)\""), "\(row.explanation)")
  }

  @Test func aChangeNeedsNoNumber() async throws {
    let sale = try await Sale(.none) { .taken("SO-1") }
    try await sale.tried()
    let contract = try await sale.broker.contract(sale.contract)
    try await sale.broker.engine.amend(contractID: sale.contract, to: contract.with(quantity: "5"), who: "ann", reason: "more")
    sale.erp.answer { .taken("", customer: "") }
    try await sale.tried()
    #expect(try await sale.delivery.state == .confirmed)
  }

  // MARK: - Times

  @Test func aTimeThatNoWaitExplainsHasCome() async throws {
    let sale = try await Sale(.none, Self.isDown)
    // The clock was two years ahead when it failed.
    sale.broker.clock.advance(seconds: 2 * 365 * 86_400)
    try await sale.broker.deliver(to: sale.erp)
    sale.broker.clock.advance(seconds: -2 * 365 * 86_400)
    let row = try await sale.delivery
    #expect(row.state == .ready && row.hasWrongDueTime(at: sale.broker.clock.now))
    sale.erp.answer { .taken("SO-1") }
    try await sale.broker.deliver(to: sale.erp)
    #expect(try await sale.delivery.state == .ordered)
  }

  /// A time that was written ahead makes nothing old, nor does one jump forward.
  @Test func aWrongClockParksNothing() async throws {
    let sale = try await Sale(.none, Self.isDown)
    try await sale.tried(1, seconds: 86_400)
    sale.broker.clock.advance(seconds: -86_400)
    try await sale.tried(2)
    #expect(try await sale.delivery.state == .ready)
    try await sale.tried(1, seconds: 365 * 86_400)
    #expect(try await sale.delivery.state == .parked, "three attempts are the limit of the count here")
    let other = try await sale.broker.signed(party: sale.party, products: sale.products)
    sale.broker.clock.advance(seconds: 1)
    try await sale.broker.deliver(to: sale.erp)
    try await sale.tried(1, seconds: 365 * 86_400)
    #expect(try await sale.broker.deliveries(other)[0].state == .ready, "it was tried twice")
  }
}
