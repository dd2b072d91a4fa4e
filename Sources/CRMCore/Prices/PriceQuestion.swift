public import CDR
public import Identity
public import InterchangeIDL

/// What does a product cost, so packed, so many of it, on such a day?
public struct PriceQuestion: Sendable {
  public var product: Interchange.V1.Product
  /// The packaging's code; empty for loose units.
  public var packaging: String
  /// Of packages, or of loose units; above 0.
  public var quantity: DecimalNumber
  public var day: CalendarDay
  /// The CRM core's id of the customer; empty for anybody.
  public var party: String
  /// Nil: the one in which there is a price.
  public var currency: String?
  /// The lists of ``lines``, by the CRM core's id.
  public var lists: [String: Interchange.V1.PriceList]
  /// All lines of the product.
  public var lines: [Interchange.V1.PriceLine]

  public init(
    product: Interchange.V1.Product, packaging: String, quantity: DecimalNumber, day: CalendarDay, party: String = "",
    currency: String? = nil, lists: [String: Interchange.V1.PriceList], lines: [Interchange.V1.PriceLine]
  ) {
    self.product = product
    self.packaging = packaging
    self.quantity = quantity
    self.day = day
    self.party = party
    self.currency = currency
    self.lists = lists
    self.lines = lines
  }
}

/// The price that applies, and why.
public struct PriceAnswer: Sendable {
  /// Where the price stands.
  public enum Source: Hashable, Sendable {
    /// In a line for the packaging, or for loose units, as asked.
    case line(Interchange.V1.PriceLine, Interchange.V1.PriceList)
    /// In a line for loose units, times what a package holds.
    case lineOfUnits(Interchange.V1.PriceLine, Interchange.V1.PriceList)
    /// In the product itself, for want of a line.
    case product
  }

  public var source: Source
  /// Of one package, or of one loose unit, as asked.
  public var unitPrice: DecimalNumber
  /// Of the whole quantity, not rounded.
  public var total: DecimalNumber
  public var currency: String
  public var includesTax: Bool
  /// Why this price, in words.
  public var reason: String
  /// Lines that do not apply, or give way, each with why.
  public var passedOver: [PassedOver]

  /// A line of the product that is not the answer.
  public struct PassedOver: Hashable, Sendable {
    public var line: Interchange.V1.PriceLine
    public var reason: String
  }
}

/// Why a question has no answer.
public struct PriceRefusal: Error, Hashable, Sendable {
  public enum Code: String, Sendable {
    /// Nothing gives a price.
    case none = "PRICE_NONE"
    /// Two prices apply with the same right.
    case ambiguous = "PRICE_AMBIGUOUS"
    /// Prices of several currencies apply, and none was asked for.
    case currencyOpen = "PRICE_CURRENCY_OPEN"
    case packagingUnknown = "PACKAGING_UNKNOWN"
    case quantityInvalid = "QUANTITY_INVALID"
    /// The numbers have no room.
    case beyondReckoning = "PRICE_BEYOND_RECKONING"
  }
  public var code: Code
  public var explanation: String
  public var hint: String

  init(_ code: Code, _ explanation: String, hint: String = "") {
    self.code = code
    self.explanation = explanation
    self.hint = hint
  }
}
