import Broker
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// The units of the CRM core, as far as somebody asked for them.
struct UnitBook {
  private let reader: any StoreReader

  init(_ reader: any StoreReader) { self.reader = reader }

  /// The unit with that id of the CRM core.
  func unit(_ id: String) throws -> Interchange.V1.Unit? {
    try reader.object(entity: EntityKind.unit.name, id: id).map { try Interchange.V1.Unit(cdr: $0.body) }
  }

  /// How the unit counts in its base; nil for no unit, and for one that cannot be counted.
  func chain(of id: String) throws -> UnitChain? {
    if id.isEmpty { return nil }
    do { return try UnitChain(of: id, find: unit) } catch is UnitChain.Fault { return nil }
  }
}

/// An exact quantity of a unit, for people and for programs.
struct CountedQuantity: Sendable {
  let quantity: ExactQuantity
  let unit: String

  /// `12.5 KG`, `3 1/3 ST`.
  var words: String { unit.isEmpty ? quantity.words : "\(quantity.words) \(unit)" }

  /// What no decimal number says stands as a fraction in `remainder`, beside the whole number.
  var json: JSON {
    if let decimal = quantity.decimal {
      return ["quantity": .string(Decimal.short(decimal)), "remainder": .null, "unit": .string(unit)]
    }
    let (whole, rest) = quantity.wholeAndRest
    return ["quantity": .string("\(whole)"), "remainder": .string(rest.fraction), "unit": .string(unit)]
  }
}

/// What packages of a product hold: `10 CT = 120 ST = …`.
struct PackedQuantity: Sendable {
  /// In the product's unit; nil for a packaging that it does not have.
  let inUnits: CountedQuantity?
  /// In the base of that unit; nil where the unit is a base itself, or the number has no room.
  let inBase: CountedQuantity?

  init(_ quantity: DecimalNumber, of packaging: String, _ product: Interchange.V1.Product, _ chain: UnitChain?) {
    let units = product.units(in: quantity, of: packaging)
    inUnits = units.map { CountedQuantity(quantity: $0, unit: chain?.unit.code ?? "") }
    guard let units, let chain, chain.hasBase else {
      inBase = nil
      return
    }
    inBase = chain.inBase(units).map { CountedQuantity(quantity: $0, unit: chain.base.code) }
  }

  /// `120 ST`, `2.5 T = 2500 KG`; empty where nothing is known.
  var words: String { [inUnits, inBase].compactMap(\.self?.words).joined(separator: " = ") }
  var json: JSON { ["units": inUnits?.json ?? .null, "base": inBase?.json ?? .null] }
}
