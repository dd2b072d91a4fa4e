public import Broker

/// Finds objects of the CRM core by those that they belong to.
public protocol BelongingReader {
  /// By id; `after` is an id, for the next page.
  ///
  /// - Parameters:
  ///   - entity: the kind of what is found: `PriceLine`.
  ///   - owner: what it belongs to: a product, a price list.
  func objects(entity: String, of owner: BelongingRow.Owner, after: String, limit: Int) throws -> [ObjectRow]
}

extension StoreReader {
  /// Loads all objects of kinds of which there are few.
  package func loadWholeKinds(_ needs: Needs, into set: inout WorkingSet) throws {
    for entity in needs.wholeKinds.sorted() {
      for object in try objects(entity: entity, search: nil, after: "", limit: 100_000) { set.load(object) }
    }
  }
}
