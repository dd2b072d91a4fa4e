/// What the books keep of an item; the wire's form of it is made when somebody asks.
public struct ItemRow: Hashable, Sendable {
  public var number: String
  public var text: String
  public var language: Language
  public var longText: String
  public var dataSheet: String
  public var group: String
  public var unit: String
  public var packs: [PackRow]
  /// Hundredths of the currency, with tax.
  public var grossPrice: Int64
  /// ISO 4217, the number.
  public var currency: Int16
  public var taxClass: Int16
  public var state: Int16
  public var hasSerialNumbers: Bool
  public var weightInGrams: Int32
  /// 20260331 for 31 March 2026.
  public var listedDay: Int32
  /// Seconds since 1970 UTC.
  public var changedAt: Int64
}

/// How an item is packed; the content in thousandths of the item's unit.
public struct PackRow: Hashable, Sendable {
  public var code: String
  public var title: String
  public var content: Int64
}

public struct GroupRow: Hashable, Sendable {
  public var number: String
  public var title: String
  /// Empty at the top.
  public var above: String
  public var state: Int16
  public var changedAt: Int64
}

/// A unit; one of it is `upper/lower` of its base, which is empty for a base itself.
public struct UnitRow: Hashable, Sendable {
  public var code: String
  public var title: String
  public var base: String
  public var upper: Int32
  public var lower: Int32
  public var changedAt: Int64
}

public struct DebtorRow: Hashable, Sendable {
  public var number: String
  /// The key of the partner system that had it created; empty where a clerk did.
  public var partnerKey: String
  public var name: String
  public var nameAddition: String
  public var street: String
  public var postCode: String
  public var town: String
  /// ISO 3166-1, the number.
  public var country: Int16
  public var vatNumber: String
  public var terms: Int16
  public var state: Int16
  public var changedAt: Int64
}

/// The languages of item texts, with the numbers that the books use for them.
public enum Language: Int16, CaseIterable, Sendable {
  case english = 1
  case chinese
  case german
  case french
}

/// The states of items, groups and debtors, as numbers on the wire.
public enum BookState {
  /// For sale, in use, good.
  public static let open: Int16 = 10
  /// An item that is sold while it lasts.
  public static let phasedOut: Int16 = 20
  public static let blocked: Int16 = 30
}
