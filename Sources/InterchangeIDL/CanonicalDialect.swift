public import CDR

/// The canonical types that mapping files name without a prefix.
public enum CanonicalDialect {
  /// Struct types by their IDL name.
  public static let types: [String: RecordType] = Dictionary(
    uniqueKeysWithValues: [
      Interchange.V1.Unit.recordType, Interchange.V1.Category.recordType, Interchange.V1.Product.recordType,
      Interchange.V1.Party.recordType, Interchange.V1.Contact.recordType, Interchange.V1.Contract.recordType,
      Interchange.V1.Order.recordType, Interchange.V1.OrderVerdict.recordType, Interchange.V1.CustomerProduct.recordType,
      Interchange.V1.OrderStatus.recordType, Interchange.V1.OrderResponse.recordType,
      Interchange.V1.CreditTerms.recordType, Interchange.V1.Receivable.recordType, Interchange.V1.CreditQuestion.recordType,
      Interchange.V1.CreditVerdict.recordType,
      Interchange.V1.PriceList.recordType, Interchange.V1.PriceLine.recordType, Interchange.V1.Availability.recordType,
    ].map { ($0.name, $0) })
}
