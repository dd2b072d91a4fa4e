import Broker
import BrokerRuntime
import CDR
import InterchangeIDL
import Synchronization

/// An ERP that takes canonical orders and fails as it is told. It makes a customer for every order that comes without a customer's
/// number: that one is made only once is the broker's work.
final class FakeERP: Adapter {
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
    let order: V1.Order
  }

  fileprivate struct Books {
    var faults: [Fault] = []
    var bookedAt: Int64?
    var orders: [Order] = []
    var customers: [(number: String, key: String)] = []
    var createCalls: [String] = []
    var findCalls: [String] = []
    var received: [V1.Order] = []
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
