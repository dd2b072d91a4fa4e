import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import Synchronization

/// An ERP that takes canonical orders and fails as it is told. It makes a customer for every order that comes without a customer's
/// number: that one is made only once is the broker's work.
final class FakeERP: OrderChangingAdapter {
  /// What happens to one call.
  enum Fault: String, CaseIterable, Sendable {
    case none
    /// The order is taken, the answer is lost.
    case commitThenDrop
    /// The call is lost on its way, and nobody can tell.
    case lostCall
    /// The call cannot be sent.
    case unreachable
    /// The ERP refuses the order.
    case refusal
    /// The ERP refuses one line of it.
    case lineRefusal
    /// The order is taken, the answer is not what it should be.
    case garbledAnswer
  }

  struct Order: Sendable {
    let number: String
    let key: String
    let customerNumber: String
    /// As it was created, or changed last.
    var order: V1.Order
    var isCancelled = false
    var isShipped = false
  }

  fileprivate struct Books {
    var faults: [Fault] = []
    var bookedAt: Int64?
    var orders: [Order] = []
    var customers: [(number: String, key: String)] = []
    var createCalls: [String] = []
    var findCalls: [String] = []
    var received: [V1.Order] = []
    /// The keys of all changes and cancellations that arrived, with their revisions.
    var changeCalls: [String] = []
    var changeVerdicts: [String: V1.OrderVerdict] = [:]
    var reasons: [String] = []
  }

  let guarantee: CreateGuarantee
  private let books = Mutex(Books())

  init(_ guarantee: CreateGuarantee) { self.guarantee = guarantee }

  /// What happens to the next calls, in order; later ones go well.
  func fail(_ faults: Fault...) { books.withLock { $0.faults = faults } }

  /// Orders are booked at this time, and the verdict says so; nil: it does not say when.
  func tellsBookingTime(_ time: Int64?) { books.withLock { $0.bookedAt = time } }

  var orders: [Order] { books.withLock { $0.orders } }
  var customers: [String] { books.withLock { $0.customers.map(\.number) } }
  /// The keys of all create calls that arrived.
  var createCalls: [String] { books.withLock { $0.createCalls } }
  var findCalls: [String] { books.withLock { $0.findCalls } }
  /// The orders as they came, refused ones too.
  var received: [V1.Order] { books.withLock { $0.received } }

  var changeCalls: [String] { books.withLock { $0.changeCalls } }
  /// Why orders were to be cancelled.
  var reasons: [String] { books.withLock { $0.reasons } }

  /// What is shipped is neither changed nor cancelled.
  func ship(_ number: String) {
    books.withLock { books in
      for index in books.orders.indices where books.orders[index].number == number { books.orders[index].isShipped = true }
    }
  }

  let feeds: [Feed] = []
  let orderType: String? = "Order"
  let verdictType = "OrderVerdict"

  func read(_ feed: Feed, after position: String?, limit: Int) async throws -> FeedPage {
    throw AdapterFailure(.notExecuted, code: "NO_FEED", message: "nothing can be read here")
  }

  func createOrder(key: String, order: Record) async throws -> Record {
    let order = try V1.Order(record: order)
    return try books.withLock { books in
      let fault = books.faults.isEmpty ? Fault.none : books.faults.removeFirst()
      if fault == .unreachable { throw AdapterFailure(.notExecuted, code: "TRANSIENT", message: "connection refused") }
      if fault == .lostCall { throw AdapterFailure(.unknown, code: "COMM_FAILURE", message: "connection reset") }
      books.createCalls.append(key)
      books.received.append(order)
      let known = guarantee == .idempotentByKey ? books.verdict(of: key) : nil
      if fault == .refusal, known == nil { return Self.refusal.record }
      let verdict = known ?? books.take(key, order, refusingALine: fault == .lineRefusal)
      if fault == .commitThenDrop { throw AdapterFailure(.unknown, code: "COMM_FAILURE", message: "connection reset") }
      if fault == .garbledAnswer { return V1.Money(amount: V1.MoneyAmount("1")!, currency: "EUR").record }
      return verdict.record
    }
  }

  func findOrder(key: String) async throws -> Record? {
    try books.withLock { books in
      let fault = books.faults.isEmpty ? Fault.none : books.faults.removeFirst()
      if fault != .none { throw AdapterFailure(.unknown, code: "COMM_FAILURE", message: "connection reset") }
      books.findCalls.append(key)
      return books.verdict(of: key)?.record
    }
  }

  // MARK: - Changes

  let takesChanges = true

  func changeOrder(_ order: PlacedOrder, revision: Int, to record: Record) async throws -> Record {
    let new = try V1.Order(record: record)
    return try change(order, revision) { $0.order = new }
  }

  func cancelOrder(_ order: PlacedOrder, revision: Int, reason: String) async throws -> Record {
    try change(order, revision) {
      $0.isCancelled = true
    } noting: {
      $0.reasons.append(reason)
    }
  }

  func findChange(_ order: PlacedOrder, revision: Int) async throws -> Record? {
    try books.withLock { books in
      let fault = books.faults.isEmpty ? Fault.none : books.faults.removeFirst()
      if fault != .none { throw AdapterFailure(.unknown, code: "COMM_FAILURE", message: "connection reset") }
      return books.changeVerdicts["\(order.key).\(revision)"]?.record
    }
  }

  private func change(
    _ placed: PlacedOrder, _ revision: Int, _ body: @Sendable (inout Order) -> Void, noting: @Sendable (inout Books) -> Void = { _ in }
  ) throws -> Record {
    try books.withLock { books in
      let fault = books.faults.isEmpty ? Fault.none : books.faults.removeFirst()
      if fault == .unreachable { throw AdapterFailure(.notExecuted, code: "TRANSIENT", message: "connection refused") }
      if fault == .lostCall { throw AdapterFailure(.unknown, code: "COMM_FAILURE", message: "connection reset") }
      let key = "\(placed.key).\(revision)"
      books.changeCalls.append(key)
      noting(&books)
      let known = guarantee == .idempotentByKey ? books.changeVerdicts[key] : nil
      let index = books.orders.firstIndex { $0.key == placed.key && $0.number == placed.number }
      let verdict: V1.OrderVerdict
      if let known {
        verdict = known
      } else if let index, !books.orders[index].isShipped, !books.orders[index].isCancelled, fault != .refusal, fault != .lineRefusal {
        body(&books.orders[index])
        verdict = books.verdict(placed.number, books.orders[index].customerNumber)
      } else {
        verdict = V1.OrderVerdict(
          outcome: "refused", orderNumber: placed.number, customerNumber: "", code: "ALREADY_SHIPPED", explanation: "it is shipped already",
          lines: [V1.LineVerdict(number: 1, outcome: "refused", code: "ALREADY_SHIPPED", explanation: "gone")], bookedAt: nil)
      }
      books.changeVerdicts[key] = verdict
      if fault == .commitThenDrop { throw AdapterFailure(.unknown, code: "COMM_FAILURE", message: "connection reset") }
      if fault == .garbledAnswer { return V1.Money(amount: V1.MoneyAmount("1")!, currency: "EUR").record }
      return verdict.record
    }
  }

  private static let refusal = V1.OrderVerdict(
    outcome: "refused", orderNumber: "", customerNumber: "", code: "CREDIT_LIMIT", explanation: "the credit limit is used up", lines: [],
    bookedAt: nil)
}

extension FakeERP.Books {
  fileprivate func verdict(of key: String) -> V1.OrderVerdict? {
    orders.first { $0.key == key }.map { verdict($0.number, $0.customerNumber) }
  }

  fileprivate mutating func take(_ key: String, _ order: V1.Order, refusingALine: Bool) -> V1.OrderVerdict {
    var customer = order.customerNumber
    if customer.isEmpty {
      customer = "D-\(customers.count + 1)"
      customers.append((customer, order.customerKey))
    }
    let number = "SO-\(orders.count + 1)"
    orders.append(FakeERP.Order(number: number, key: key, customerNumber: customer, order: order))
    var verdict = self.verdict(number, customer)
    if refusingALine {
      verdict.outcome = "partial"
      verdict.lines = [V1.LineVerdict(number: 1, outcome: "refused", code: "SOLD_OUT", explanation: "none left")]
    }
    return verdict
  }

  fileprivate func verdict(_ number: String, _ customer: String) -> V1.OrderVerdict {
    V1.OrderVerdict(
      outcome: "accepted", orderNumber: number, customerNumber: customer, code: "", explanation: "", lines: [],
      bookedAt: bookedAt)
  }
}

extension FakeERP {
  /// Whether an order stands as a change or a cancellation wants it, which a person sees who looks.
  func has(_ change: DeliveryRow, _ order: Order) throws -> Bool {
    change.action == .cancel ? order.isCancelled : try V1.Order(cdr: change.order).quantities == order.order.quantities
  }
}

extension V1.Order {
  /// By line.
  var quantities: [Int32: V1.QuantityAmount] { Dictionary(lines.map { ($0.number, $0.quantity) }) { first, _ in first } }
}
