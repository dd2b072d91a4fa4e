import SQLite
public import SampleERPIDL
import Synchronization

/// What a partner wants done with an order that is in the books.
public enum OrderChange: Sendable {
  /// Make it what the form says.
  case form(SampleERP.SalesOrder)
  case cancel
}

extension BookStore {
  /// Changes or cancels an order, in one transaction with its answer: all of it or nothing.
  ///
  /// - Parameters:
  ///   - key: of the change; a repeated one gets the first confirmation again.
  ///   - arrival, policy, refusedPosition, beforeCommit: as ``book(key:_:arrival:policy:refusedPosition:beforeCommit:)`` has them.
  /// - Returns: the confirmation, and whether this call booked it.
  /// - Throws: ``FencedKey``, `SQLiteError`.
  public func change(
    _ number: String, key: String, _ change: OrderChange, arrival: Int64, policy: KeyPolicy, refusedPosition: Int32? = nil,
    beforeCommit: @Sendable () -> Void = {}
  ) throws -> (confirmation: SampleERP.OrderConfirmation, isNew: Bool) {
    try connection.withLock { connection in
      try connection.transaction {
        if policy.keepsKeys, let first = try Self.answer(to: key, connection) { return (first, false) }
        if policy.fencesKeys, fences.withLock({ $0.isFenced(key, arrival: arrival) }) { throw FencedKey(key: key) }
        let confirmation = try Self.confirm(number, change, refusedPosition, connection)
        if policy.keepsKeys { try connection.run("INSERT INTO answer VALUES (?, ?)", [key, try Self.octets(of: confirmation)]) }
        beforeCommit()
        return (confirmation, true)
      }
    }
  }

  private static func confirm(
    _ number: String, _ change: OrderChange, _ refusedPosition: Int32?, _ connection: SQLiteConnection
  ) throws -> SampleERP.OrderConfirmation {
    var confirmation = SampleERP.OrderConfirmation(
      verdictNo: OrderExamination.refused, salesNo: number, debtorNo: "", reasonNo: 0, reasonText: "", verdictList: [], bookedDay: day(),
      bookedClock: 0)
    let head = try connection.row("SELECT state, debtor, currency FROM sales_order WHERE number = ?", [number]) {
      (state: Int16($0.integer(0)), debtor: $0.text(1), currency: Int16($0.integer(2)))
    }
    func refuse(_ code: Int16, _ text: String) { (confirmation.reasonNo, confirmation.reasonText) = (code, text) }
    guard let head else {
      refuse(OrderExamination.Reason.unknownOrder.rawValue, OrderExamination.Reason.unknownOrder.text)
      return confirmation
    }
    confirmation.debtorNo = head.debtor
    do throws(any Error) {
      if head.state == OrderState.takenBack { throw OrderRefusal.takenBack }
      switch change {
      case .cancel: try takeBack(number, connection)
      case .form(let order):
        var order = order
        // The order keeps its debtor, whoever the form names.
        order.debtorNo = head.debtor
        var examination = OrderExamination(order, refusedPosition: refusedPosition)
        try examination.run(connection, changing: number, inState: head.state)
        confirmation.verdictList = examination.positions
        if let reason = examination.reason {
          refuse(reason.rawValue, reason.text)
          return confirmation
        }
        try rewrite(number, order, connection)
      }
    } catch let refusal as OrderRefusal {
      refuse(refusal.rawValue, refusal.text)
      return confirmation
    }
    try numberChange(of: number, connection)
    confirmation.verdictNo = OrderExamination.taken
    confirmation.bookedClock = try booked(head.debtor, head.currency, connection)
    return confirmation
  }

  private static func rewrite(_ number: String, _ order: SampleERP.SalesOrder, _ connection: SQLiteConnection) throws {
    let former = try connection.row("SELECT gross_sum, debtor, currency FROM sales_order WHERE number = ?", [number]) {
      (gross: $0.integer(0), debtor: $0.text(1), currency: Int16($0.integer(2)))
    }
    try connection.run(
      "UPDATE sales_order SET kind = ?, price_basis = ?, terms = ?, gross_sum = ?, contact = ?, ship_to = ? WHERE number = ?",
      [
        order.kindNo, order.priceBasis, order.termsNo, order.grossSum, order.contactLine,
        "\(order.shipStreet), \(order.shipPostCode) \(order.shipTown)", number,
      ])
    let shipped = try connection.rows(
      "SELECT position, shipped, billed, block FROM sales_position WHERE sales_order = ?", [number]
    ) { (position: $0.integer(0), shipped: $0.integer(1), billed: $0.integer(2), block: $0.integer(3)) }
    try connection.run("DELETE FROM sales_position WHERE sales_order = ?", [number])
    for position in order.positionList { try insert(position, of: number, connection) }
    for row in shipped {
      try connection.run(
        "UPDATE sales_position SET shipped = ?, billed = ?, block = ? WHERE sales_order = ? AND position = ?",
        [row.shipped, row.billed, row.block, number, row.position])
    }
    if let former { try addUnbilled(order.grossSum - former.gross, former.debtor, former.currency, connection) }
  }
}

extension OrderExamination {
  /// Looks at the form of a change: it is refused as a whole where one of its positions cannot be taken, or leaves less than is shipped.
  mutating func run(_ connection: SQLiteConnection, changing number: String, inState state: Int16) throws {
    try run(connection)
    if state == OrderState.shipped || state == OrderState.billed { refuse(.everythingShipped) }
    let rows = try connection.rows(
      "SELECT position, item, shipped FROM sales_position WHERE sales_order = ? AND shipped > 0 ORDER BY position", [number]
    ) { (position: Int32($0.integer(0)), item: $0.text(1), shipped: $0.integer(2)) }
    for row in rows { refuseLess(than: row.shipped, of: row.item, at: row.position) }
    if reason == nil, positions.contains(where: { $0.verdictNo == Self.refused }) {
      refuse(positions.contains { $0.reasonNo == Reason.shippedPosition.rawValue } ? .shippedPosition : .notAllPositions)
    }
  }
}
