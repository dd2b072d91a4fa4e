public import CDR

/// Which fields of a document must be told, since their empty value would be a figure that nobody wrote.
///
/// IDL has no empty number: what a file, a document or a form leaves out must not become 0, which is a price, a stock, a debt that is
/// paid. Text that is left out is empty, a list has no elements, an optional value is absent.
public enum CanonicalAbsence {
  /// Amounts of the canonical model whose absence means 0 by what they are, or that are worked out.
  private static let neutral: Set<String> = [
    // From any quantity on.
    "PriceLine.minimumQuantity",
    // No discount; no tax by itself. Totals of contracts are worked out of their lines, where they are left out.
    "ContractLine.discount", "OrderLine.discount", "Contract.netTotal", "Contract.taxTotal", "Contract.grossTotal",
    // Many books keep sums with tax only.
    "OrderStatus.netTotal", "OrderStatus.taxTotal",
  ]
  private static let canonical = "IDL:tessera/Interchange/V1/"

  /// Whether a field must be told: of the canonical model all decimal numbers but some, of other models all numbers and truth values.
  /// Canonical times, counts and truth values that are left out are 0 and false, as the model says: without `changedAt` the source's
  /// version decides alone, terms without `asOf` are stale.
  public static func needs(_ field: RecordType.Field, of type: RecordType) -> Bool {
    guard type.id.hasPrefix(canonical) else { return isFigure(field.type) }
    guard case .fixed = field.type.resolved else { return false }
    return !neutral.contains("\(type.name).\(field.name)")
  }

  /// Whether an empty text is no value of the type: numbers, truth values and enumerators.
  public static func isFigure(_ type: TypeCode) -> Bool {
    switch type.resolved {
    case .short, .long, .longLong, .unsignedShort, .unsignedLong, .unsignedLongLong, .octet, .fixed, .float, .double, .boolean,
      .enumeration:
      true
    default: false
    }
  }

  /// The ways to all fields of a type that must be told, through records that are always there: `listPrice/amount`.
  public static func needed(of type: RecordType) -> [String] {
    type.fields.flatMap { field -> [String] in
      if case .record(let inner) = field.type.resolved { return needed(of: inner).map { "\(field.name)/\($0)" } }
      return needs(field, of: type) ? [field.name] : []
    }
  }
}
