import SQLite
import SampleERPIDL

/// Looks at an order with the eyes of a clerk: which positions can be taken, and whose order it is.
struct OrderExamination {
  static let taken: Int16 = 1
  static let partlyTaken: Int16 = 2
  static let refused: Int16 = 9

  /// Why an order or a position is refused; the numbers stand in the mapping files of partners.
  enum Reason: Int16 {
    case unknownCurrency = 11
    case noPositions = 12
    case unknownDebtor = 13
    case blockedDebtor = 14
    case noCustomerName = 15
    case unknownPriceBasis = 16
    case noPositionLeft = 17
    /// Changes are made as a whole.
    case notAllPositions = 27
    case unknownItem = 21
    case blockedItem = 22
    case otherUnit = 23
    case noQuantity = 24
    case unknownPack = 25
    case unknownOrder = 18
    case unknownKind = 19
    case takenBack = 51
    case everythingShipped = 58
    case repeatedPosition = 26
    /// More of it is shipped than the change leaves.
    case shippedPosition = 55
    case refusedForTests = 49

    var text: String {
      switch self {
      case .unknownCurrency: "the books do not know the currency"
      case .noPositions: "the order has no positions"
      case .unknownDebtor: "there is no debtor of this number"
      case .blockedDebtor: "the debtor is blocked"
      case .noCustomerName: "a new customer needs a name"
      case .unknownPriceBasis: "the price basis is neither 1 nor 2"
      case .noPositionLeft: "no position can be taken"
      case .notAllPositions: "a position of the change cannot be taken"
      case .unknownItem: "there is no item of this number"
      case .blockedItem: "the item is not for sale"
      case .otherUnit: "the item is sold in another unit"
      case .noQuantity: "the quantity must be above 0"
      case .unknownPack: "the item has no such pack"
      case .unknownOrder: "there is no order of this number"
      case .unknownKind: "the kind of the order is none of 1 to 4"
      case .takenBack: "the order was taken back"
      case .everythingShipped: "everything is shipped already"
      case .repeatedPosition: "the position number stands there twice"
      case .shippedPosition: "it is shipped already"
      case .refusedForTests: "refused on demand"
      }
    }
  }

  private let order: SampleERP.SalesOrder
  private let refusedPosition: Int32?
  private(set) var positions: [SampleERP.PositionVerdict] = []
  private(set) var reason: Reason?
  /// Empty for a customer who is still to be entered.
  private(set) var debtor = ""

  init(_ order: SampleERP.SalesOrder, refusedPosition: Int32?) {
    self.order = order
    self.refusedPosition = refusedPosition
  }

  var verdict: Int16 {
    if reason != nil { return Self.refused }
    return positions.allSatisfy { $0.verdictNo == Self.taken } ? Self.taken : Self.partlyTaken
  }

  mutating func run(_ connection: SQLiteConnection) throws {
    reason = try header(connection)
    var seen: Set<Int32> = []
    for position in order.positionList {
      var why = try self.reason(of: position, connection)
      if !seen.insert(position.positionNo).inserted { why = .repeatedPosition }
      if position.positionNo == refusedPosition { why = .refusedForTests }
      positions.append(
        SampleERP.PositionVerdict(
          positionNo: position.positionNo, verdictNo: why == nil ? Self.taken : Self.refused, reasonNo: why?.rawValue ?? 0,
          reasonText: why.map { "\($0.text): item '\(position.itemNo)'" } ?? ""))
    }
    if reason == nil, !positions.contains(where: { $0.verdictNo == Self.taken }) { reason = .noPositionLeft }
  }

  mutating func refuse(_ reason: Reason) { self.reason = self.reason ?? reason }

  /// A change leaves of a position what is shipped of it.
  mutating func refuseLess(than shipped: Int64, of item: String, at number: Int32) {
    let form = order.positionList.first { $0.positionNo == number }
    if let form, form.itemNo == item, form.orderedQuantity >= shipped { return }
    let verdict = SampleERP.PositionVerdict(
      positionNo: number, verdictNo: Self.refused, reasonNo: Reason.shippedPosition.rawValue,
      reasonText: "\(Reason.shippedPosition.text): item '\(item)'")
    if let index = positions.firstIndex(where: { $0.positionNo == number }) {
      positions[index] = verdict
    } else {
      positions.append(verdict)
    }
  }

  private mutating func header(_ connection: SQLiteConnection) throws -> Reason? {
    let currencies: Set<Int16> = [978, 156, 756, 840, 826]
    if !currencies.contains(order.currencyNo) { return .unknownCurrency }
    if order.priceBasis != 1 && order.priceBasis != 2 { return .unknownPriceBasis }
    if !(1...4).contains(order.kindNo) { return .unknownKind }
    if order.positionList.isEmpty { return .noPositions }
    let (column, value) = order.debtorNo.isEmpty ? ("partner_key", order.partnerKey) : ("number", order.debtorNo)
    let found =
      value.isEmpty
      ? nil : try connection.row("SELECT number, state FROM debtor WHERE \(column) = ?", [value]) { ($0.text(0), $0.integer(1)) }
    if let found {
      debtor = found.0
      return found.1 == Int64(BookState.blocked) ? .blockedDebtor : nil
    }
    if !order.debtorNo.isEmpty { return .unknownDebtor }
    return order.nameLine1.isEmpty ? .noCustomerName : nil
  }

  private func reason(of position: SampleERP.OrderPosition, _ connection: SQLiteConnection) throws -> Reason? {
    let item = try connection.row("SELECT unit, state FROM item WHERE number = ?", [position.itemNo]) { ($0.text(0), $0.integer(1)) }
    guard let item else { return .unknownItem }
    if item.1 == Int64(BookState.blocked) { return .blockedItem }
    if item.0 != position.uomCode { return .otherUnit }
    if position.orderedQuantity <= 0 { return .noQuantity }
    if position.packCode.isEmpty { return nil }
    let pack = try connection.row("SELECT 1 FROM pack WHERE item = ? AND code = ?", [position.itemNo, position.packCode]) { _ in true }
    return pack == nil ? .unknownPack : nil
  }
}
