public import CDR
public import InterchangeIDL

/// How one unit counts in its base: a carton is 12 pieces, a dozen cartons 144.
public struct UnitChain: Hashable, Sendable {
  /// From the unit to its base.
  public let units: [Interchange.V1.Unit]
  /// One of the first unit is so many of the base.
  public let factor: ExactQuantity

  public var unit: Interchange.V1.Unit { units[0] }
  public var base: Interchange.V1.Unit { units[units.count - 1] }
  /// Whether the unit is counted in another one.
  public var hasBase: Bool { units.count > 1 }

  /// A unit is counted over so many others at most.
  public static let greatestLength = 16

  /// Why a unit cannot be counted.
  public enum Fault: Error, Hashable, Sendable {
    /// The unit is not known.
    case unknown(String)
    /// Ids of units that are counted in each other, the first once more at the end.
    case cycle([String])
    /// More units than anybody counts in, or factors beyond any number.
    case beyondReckoning([String])

    public var code: String {
      switch self {
      case .unknown: "UNIT_UNKNOWN"
      case .cycle: "UNIT_CYCLE"
      case .beyondReckoning: "FACTOR_INVALID"
      }
    }

    public var explanation: String {
      switch self {
      case .unknown(let id): "there is no unit \"\(id)\""
      case .cycle(let ids): "the unit would be counted in itself: \(ids.joined(separator: " in ")); give one of them no base unit"
      case .beyondReckoning(let ids):
        "the factors of \(ids.joined(separator: " in ")) are beyond any number, or more than \(UnitChain.greatestLength) units deep"
      }
    }
  }

  /// Follows the base units.
  ///
  /// - Parameter find: a unit by its id.
  public init(of id: String, find: (String) throws -> Interchange.V1.Unit?) throws {
    var units: [Interchange.V1.Unit] = []
    var factor = ExactQuantity.one
    var next = id
    while true {
      guard let unit = try find(next) else { throw Fault.unknown(next) }
      if let start = units.firstIndex(where: { $0.id == unit.id }) { throw Fault.cycle(units[start...].map(\.id) + [unit.id]) }
      units.append(unit)
      if unit.baseUnit.isEmpty { break }
      guard units.count < Self.greatestLength,
        let step = ExactQuantity(Int128(unit.factorNumerator), over: Int128(unit.factorDenominator)),
        let product = factor.multiplied(by: step)
      else { throw Fault.beyondReckoning(units.map(\.id)) }
      factor = product
      next = unit.baseUnit
    }
    self.units = units
    self.factor = factor
  }

  /// So many of the unit in its base; nil where the number has no room.
  public func inBase(_ quantity: ExactQuantity) -> ExactQuantity? { quantity.multiplied(by: factor) }

  /// So many of the unit in another unit of the same base; nil where they have no base in common.
  public func count(_ quantity: ExactQuantity, in other: UnitChain) -> ExactQuantity? {
    base.id == other.base.id ? inBase(quantity)?.divided(by: other.factor) : nil
  }

  /// `1 T = 1000 KG`; empty for a base unit.
  public var words: String { hasBase ? "1 \(unit.code) = \(factor.words) \(base.code)" : "" }
}

extension Interchange.V1.Product {
  /// What so many packages hold, in the product's unit; the quantity itself for loose units; nil for a packaging that it does not have.
  public func units(in quantity: DecimalNumber, of packaging: String) -> ExactQuantity? {
    if packaging.isEmpty { return ExactQuantity(quantity) }
    guard let found = packagings.first(where: { $0.code == packaging }), let content = ExactQuantity(found.unitsPerPackage.decimal) else {
      return nil
    }
    return ExactQuantity(quantity)?.multiplied(by: content)
  }
}
