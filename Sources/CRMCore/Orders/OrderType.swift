public import CDR
public import InterchangeIDL

/// What an order means for the business with a customer.
public enum OrderType: String, Sendable, CaseIterable {
  case new
  /// More than was agreed before.
  case upsell
  /// In place of a contract that ends.
  case renewal
  /// Less than was agreed before.
  case downsell

  /// What an amendment makes of a contract that does not say it itself.
  ///
  /// - Returns: nil where the amount stays, and with it the type.
  public static func amending(from former: DecimalNumber, to amount: DecimalNumber) -> OrderType? {
    amount == former ? nil : amount > former ? .upsell : .downsell
  }
}

extension Interchange.V1.Contract {
  /// The order type that counts: a contract that renews another is a renewal, unless it says otherwise.
  public var effectiveOrderType: String {
    if !orderType.isEmpty { return orderType }
    return renews.isEmpty ? OrderType.new.rawValue : OrderType.renewal.rawValue
  }
}

extension Examination {
  /// The order type, and the contract that a renewal names.
  mutating func orderType(of contract: Interchange.V1.Contract) {
    if !contract.orderType.isEmpty { word(contract.orderType, "orderType", of: OrderType.allCases.map(\.rawValue)) }
    text(contract.renews, "renews", atMost: 255)
    if contract.orderType == OrderType.renewal.rawValue, contract.renews.isEmpty {
      find("RENEWED_MISSING", "renews", "a renewal names the contract that it renews")
    }
    // An amended renewal may be an upsell; what is new renews nothing.
    if contract.orderType == OrderType.new.rawValue, !contract.renews.isEmpty {
      find("NOT_A_RENEWAL", "renews", "a contract of the order type \"new\" renews nothing, not \(Self.quote(contract.renews)) either")
    }
    if !contract.renews.isEmpty, contract.renews == contract.id {
      find("RENEWS_ITSELF", "renews", "the contract \(contract.id) cannot renew itself")
    }
  }
}
