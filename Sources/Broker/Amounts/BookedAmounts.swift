import CDR
public import CRMCore
public import InterchangeIDL
public import Mapping

/// What a destination would book otherwise than it was signed, as far as the mapping of its order tells.
public enum BookedAmounts {
  /// The differences, by line; empty where all of it is booked as it was signed.
  ///
  /// A unit price may be rounded as long as its line costs the same in the currency's digits, and is not 0. Quantities and totals stay as
  /// they are.
  ///
  /// - Parameter changes: the amounts of the order for which the mapping puts others.
  /// - Returns: findings with the codes `PRICE_BECOMES_ZERO`, `QUANTITY_DIFFERS` and `AMOUNT_DIFFERS`, and the fields of the destination.
  public static func differences(in order: Interchange.V1.Order, _ changes: [ChangedAmount]) -> [Finding] {
    var findings: [Finding] = []
    for line in order.lines {
      let own = changes.filter {
        $0.source.type == Interchange.V1.OrderLine.recordType && $0.source["number"]?.number == DecimalNumber(line.number)
      }
      if let finding = difference(in: line, order.currency, own) { findings.append(finding) }
    }
    for change in changes where change.source.type == Interchange.V1.Order.recordType {
      findings.append(
        Finding(
          code: "AMOUNT_DIFFERS", path: change.field,
          explanation: "\(change.sourceField) \(change.amount.normalized) \(order.currency) would be booked as \(change.becomes.normalized)"
        ))
    }
    return findings
  }

  private static func difference(in line: Interchange.V1.OrderLine, _ currency: String, _ changes: [ChangedAmount]) -> Finding? {
    if changes.isEmpty { return nil }
    var booked = line
    for change in changes {
      let what = "line \(line.number): \(change.sourceField) \(change.amount.normalized)"
      switch change.sourceField {
      case "unitPrice":
        if change.becomes.unscaled == 0, line.discount.decimal < DecimalNumber(100) {
          return Finding(
            code: "PRICE_BECOMES_ZERO", path: change.field,
            explanation: "line \(line.number): the unit price \(change.amount.normalized) \(currency) becomes 0 there")
        }
        if change.becomes.unscaled != 0 {
          guard let price = try? Interchange.V1.UnitPriceAmount(change.becomes) else { return different(what, change) }
          booked.unitPrice = price
        }
      case "discount":
        guard let discount = try? Interchange.V1.PercentAmount(change.becomes) else { return different(what, change) }
        booked.discount = discount
      case "quantity":
        return Finding(
          code: "QUANTITY_DIFFERS", path: change.field, explanation: "\(what) would be ordered as \(change.becomes.normalized)")
      default: continue
      }
    }
    let (signed, there) = (amount(line, currency), amount(booked, currency))
    if let signed, signed == there { return nil }
    let words = changes.map { "\($0.sourceField) \($0.amount.normalized) becomes \($0.becomes.normalized)" }.joined(separator: ", ")
    return Finding(
      code: "AMOUNT_DIFFERS", path: changes[0].field,
      explanation:
        "line \(line.number): \(words), and the line costs \(there?.normalized.description ?? "another sum") \(currency) there instead of the \(signed?.normalized.description ?? "sum") that was signed"
    )
  }

  /// What becomes something that no price, and no discount, can be.
  private static func different(_ what: String, _ change: ChangedAmount) -> Finding {
    Finding(code: "AMOUNT_DIFFERS", path: change.field, explanation: "\(what) would be booked as \(change.becomes.normalized)")
  }

  private static func amount(_ line: Interchange.V1.OrderLine, _ currency: String) -> DecimalNumber? {
    ContractRules.amount(
      of: Interchange.V1.ContractLine(
        number: line.number, product: line.product, packaging: line.packaging, quantity: line.quantity, unit: line.unit,
        unitPrice: line.unitPrice, discount: line.discount, taxCode: line.taxCode, deliveryDate: line.deliveryDate), in: currency)
  }
}

extension DeliveryRow {
  /// What a system says that it has booked, where it is not what was signed; nil where it is, or where the system says nothing of it.
  ///
  /// - Parameter status: how the order stands there.
  /// - Throws: `CDRError` where the order cannot be read.
  public func difference(to status: Interchange.V1.OrderStatus) throws -> String? {
    guard status.grossTotal.unscaled != 0, status.status == "active", progress != .cancelled else { return nil }
    let order = try Interchange.V1.Order(cdr: order)
    // Of lines that were refused the sum is missing, and rightly so.
    if status.currency == order.currency, status.grossTotal == order.grossTotal { return nil }
    if try takenOrder.lines.count != order.lines.count { return nil }
    return
      "order \(status.number) is booked with \(status.grossTotal.decimal.normalized) \(status.currency), and \(order.grossTotal.decimal.normalized) \(order.currency) were signed"
  }
}
