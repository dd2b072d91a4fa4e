/// Everything that the books hold at their first start, and what the partner's CRM holds before it meets them.
///
/// Made by rule, the same for the same number of items: tests and demonstrations state its figures as literals.
public struct Catalogue: Sendable {
  public var units: [UnitRow]
  public var groups: [GroupRow]
  public var items: [ItemRow]
  public var debtors: [DebtorRow]
  public var creditAccounts: [CreditRow]
  public var openItems: [OpenItemRow]
  public var priceGroups: [PriceGroupRow]
  public var priceRows: [PriceRow]
  public var stock: [StockRow]
  /// The products that the CRM sells already.
  public var partnerProducts: [PartnerProduct]
  public var summary: CatalogueSummary

  /// How the items meet the partner's products. The figures are the same for every size of the catalogue.
  enum Part {
    static let matched = 250
    static let ambiguous = 20
    static let partnerOnly = 30
    static let unknownGroups = ["910001", "910002", "910003"]
    static let itemsPerUnknownGroup = 5
    static var special: Int { matched + ambiguous + ItemFault.all.count + unknownGroups.count * itemsPerUnknownGroup }
  }

  public static let defaultItemCount = 2000
  /// Smaller catalogues have no room for the special items.
  public static let smallestItemCount = 400
  public static let greatestItemCount = 90_000

  /// - Parameter itemCount: From ``smallestItemCount`` to ``greatestItemCount``.
  public init(itemCount: Int = Catalogue.defaultItemCount) {
    precondition((Self.smallestItemCount...Self.greatestItemCount).contains(itemCount), "\(itemCount) items")
    var generator = CatalogueGenerator(itemCount: itemCount)
    self = generator.catalogue()
  }

  init(
    units: [UnitRow], groups: [GroupRow], items: [ItemRow], debtors: [DebtorRow], creditAccounts: [CreditRow], openItems: [OpenItemRow],
    priceGroups: [PriceGroupRow], priceRows: [PriceRow], stock: [StockRow], partnerProducts: [PartnerProduct], summary: CatalogueSummary
  ) {
    self.units = units
    self.groups = groups
    self.items = items
    self.debtors = debtors
    self.creditAccounts = creditAccounts
    self.openItems = openItems
    self.priceGroups = priceGroups
    self.priceRows = priceRows
    self.stock = stock
    self.partnerProducts = partnerProducts
    self.summary = summary
  }
}

/// What must come out when the catalogue meets the partner's products.
public struct CatalogueSummary: Hashable, Sendable, Codable {
  public var items: Int
  public var units: Int
  public var groups: Int
  public var debtors: Int
  /// Debtors with a credit account.
  public var creditAccounts: Int
  public var openItems: Int
  public var priceGroups: Int
  public var priceRows: Int
  /// Of items in stores.
  public var stock: Int
  /// Items whose number is the code of exactly one product of the CRM.
  public var matched: Int
  /// Items whose number is the code of two products of the CRM: held until a person decides.
  public var ambiguous: Int
  /// Products of the CRM that the books do not know.
  public var partnerOnly: Int
  /// Items with a fault that the mapping or the CRM finds.
  public var rejected: Int
  /// Items of groups that the books do not show: held until the group is linked.
  public var unknownGroup: Int
  /// How many items each unknown group holds.
  public var unknownGroups: [String: Int]

  /// Items that wait for a person at first.
  public var held: Int { ambiguous + unknownGroup }
  /// Items that are joined with a product, old or new, at first.
  public var linked: Int { items - held - rejected }
}
