import CDR
import Glibc
import SQLite
public import SampleERPIDL
import Synchronization

/// How the books treat the keys of orders.
public struct KeyPolicy: Sendable {
  /// A repeated key gets the first confirmation again; without it every create makes an order, and no key can be asked for.
  public var keepsKeys: Bool
  /// Asking for a key and not finding it stops the creates under this key that are still on their way.
  public var fencesKeys: Bool

  public init(keepsKeys: Bool = true, fencesKeys: Bool = false) {
    self.keepsKeys = keepsKeys
    self.fencesKeys = fencesKeys
  }
}

/// Which creates a question for their key has overtaken. Creates on their way do not outlive the process, so memory is enough.
struct Fences {
  private var arrivals: Int64 = 0
  private var fenced: [String: Int64] = [:]

  /// The place of a create among all that arrived.
  mutating func arrive() -> Int64 {
    arrivals += 1
    return arrivals
  }

  /// Stops what arrived under this key so far.
  mutating func fence(_ key: String) { fenced[key] = arrivals }

  func isFenced(_ key: String, arrival: Int64) -> Bool { arrival <= fenced[key] ?? 0 }
}

extension BookStore {
  /// The place of a create among all that arrived, to be asked for when it does.
  public func arrive() -> Int64 { fences.withLock { $0.arrive() } }

  /// Books an order, in one transaction with its customer and its answer.
  ///
  /// - Parameters:
  ///   - arrival: when the create came in, by ``arrive()``.
  ///   - refusedPosition: refused whatever it says, for tests.
  ///   - beforeCommit: the last thing within the transaction.
  /// - Returns: the confirmation, and whether this call booked it; a repeated key gets the first one.
  /// - Throws: ``FencedKey``, `SQLiteError`.
  public func book(
    key: String, _ order: SampleERP.SalesOrder, arrival: Int64, policy: KeyPolicy, refusedPosition: Int32? = nil,
    beforeCommit: @Sendable () -> Void = {}
  ) throws -> (confirmation: SampleERP.OrderConfirmation, isNew: Bool) {
    try connection.withLock { connection in
      try connection.transaction {
        if policy.keepsKeys, let first = try Self.answer(to: key, connection) { return (first, false) }
        if policy.fencesKeys, fences.withLock({ $0.isFenced(key, arrival: arrival) }) { throw FencedKey(key: key) }
        var examination = OrderExamination(order, refusedPosition: refusedPosition)
        try examination.run(connection)
        let confirmation = try Self.write(key: key, order, examination, connection)
        if policy.keepsKeys {
          try connection.run("INSERT INTO answer VALUES (?, ?)", [key, try Self.octets(of: confirmation)])
        }
        beforeCommit()
        return (confirmation, true)
      }
    }
  }

  /// The confirmation that was given to a key; nil where none was, which fences the key under such a policy.
  public func confirmation(of key: String, policy: KeyPolicy) throws -> SampleERP.OrderConfirmation? {
    try connection.withLock { connection in
      try connection.transaction {
        if let found = try Self.answer(to: key, connection) { return found }
        if policy.fencesKeys { fences.withLock { $0.fence(key) } }
        return nil
      }
    }
  }

  static func answer(to key: String, _ connection: SQLiteConnection) throws -> SampleERP.OrderConfirmation? {
    guard let octets = try connection.row("SELECT confirmation FROM answer WHERE order_key = ?", [key], { $0.octets(0) }) else {
      return nil
    }
    var decoder = CDRDecoder(octets.span.bytes, format: WireFormat(byteOrder: .littleEndian))
    return try SampleERP.OrderConfirmation(from: &decoder)
  }

  static func octets(of confirmation: SampleERP.OrderConfirmation) throws -> [UInt8] {
    var encoder = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
    try confirmation.encode(into: &encoder)
    return encoder.array
  }

  private static func write(
    key: String, _ order: SampleERP.SalesOrder, _ examination: OrderExamination, _ connection: SQLiteConnection
  ) throws -> SampleERP.OrderConfirmation {
    var confirmation = SampleERP.OrderConfirmation(
      verdictNo: examination.verdict, salesNo: "", debtorNo: examination.debtor, reasonNo: examination.reason?.rawValue ?? 0,
      reasonText: examination.reason?.text ?? "", verdictList: examination.positions, bookedDay: day(), bookedClock: 0)
    guard examination.verdict != OrderExamination.refused else { return confirmation }
    if confirmation.debtorNo.isEmpty { confirmation.debtorNo = try insertDebtor(of: order, connection) }
    confirmation.salesNo = "AB-\(try next("order", connection))"
    try connection.run(
      "INSERT INTO sales_order VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, ?)",
      [
        confirmation.salesNo, key, order.partnerReference, confirmation.debtorNo, order.kindNo, order.orderDay, order.currencyNo,
        order.priceBasis,
        order.termsNo, order.grossSum, order.contactLine, "\(order.shipStreet), \(order.shipPostCode) \(order.shipTown)", now,
        OrderState.booked, now,
      ])
    let taken = Set(examination.positions.filter { $0.verdictNo == OrderExamination.taken }.map(\.positionNo))
    for position in order.positionList where taken.contains(position.positionNo) {
      try insert(position, of: confirmation.salesNo, connection)
    }
    try addUnbilled(order.grossSum, confirmation.debtorNo, order.currencyNo, connection)
    // After the sums were struck: figures of an earlier time do not hold the order, those of this time do.
    confirmation.bookedClock = try booked(confirmation.debtorNo, order.currencyNo, connection)
    return confirmation
  }

  static func insert(_ position: SampleERP.OrderPosition, of order: String, _ connection: SQLiteConnection) throws {
    try connection.run(
      "INSERT INTO sales_position VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)",
      [
        order, position.positionNo, position.itemNo, position.uomCode, position.packCode, position.orderedQuantity,
        position.positionPrice.description, position.rebateRate, position.taxClass, position.wantedDay,
      ])
  }

  /// When the debtor's sums were struck that hold the order; now where the debtor has no account.
  static func booked(_ debtor: String, _ currency: Int16, _ connection: SQLiteConnection) throws -> Int64 {
    try connection.row("SELECT struck_at FROM credit_account WHERE debtor = ? AND currency = ?", [debtor, currency]) { $0.integer(0) }
      ?? fineNow
  }

  /// A customer who orders for the first time.
  private static func insertDebtor(of order: SampleERP.SalesOrder, _ connection: SQLiteConnection) throws -> String {
    let debtor = DebtorRow(
      number: "D\(try next("debtor", connection))", partnerKey: order.partnerKey, name: order.nameLine1, nameAddition: "",
      street: order.streetLine, postCode: order.postCode, town: order.townName, country: order.countryNo, vatNumber: order.vatNumber,
      terms: order.termsNo, state: BookState.open, changedAt: now)
    try insert(debtor, connection)
    return debtor.number
  }
}

/// The key was asked for, and not found, after the create had come in.
public struct FencedKey: Error, Sendable {
  public var key: String
}
