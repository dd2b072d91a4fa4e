import CDR
import CRMCore
import InterchangeIDL

/// What an object of the CRM core is found by: a price line by its list and its product, availability by its product.
public struct BelongingRow: Hashable, Sendable {
  public var entity: String
  /// The CRM core's id of it.
  public var id: String
  public var owners: [Owner]

  /// An object that others belong to.
  public struct Owner: Hashable, Sendable {
    public var entity: String
    /// The CRM core's id of it.
    public var id: String

    public init(_ entity: String, _ id: String) {
      self.entity = entity
      self.id = id
    }
  }

  public init(entity: String, id: String, owners: [Owner]) {
    self.entity = entity
    self.id = id
    self.owners = owners
  }
}

extension ObjectRow {
  /// Whether the object is found by others.
  var belongs: Bool {
    entity == EntityKind.priceLine.name || entity == EntityKind.availability.name || entity == EntityKind.priceList.name
  }
}

extension BrokerStep {
  /// What the objects that a step wrote belong to, in order; the last state of an object counts.
  ///
  /// - Throws: `CDRError` where a body cannot be read.
  public static func belongings(of objects: [ObjectRow]) throws -> [BelongingRow] {
    try objects.map { object in
      var owners: [BelongingRow.Owner] = []
      switch object.entity {
      case EntityKind.priceLine.name:
        let line = try Interchange.V1.PriceLine(cdr: object.body)
        owners = [.init(EntityKind.priceList.name, line.list), .init(EntityKind.product.name, line.product)]
      case EntityKind.availability.name:
        owners = [.init(EntityKind.product.name, try Interchange.V1.Availability(cdr: object.body).product)]
      case EntityKind.priceList.name:
        let party = try Interchange.V1.PriceList(cdr: object.body).party
        if !party.isEmpty { owners = [.init(EntityKind.party.name, party)] }
      default: break
      }
      return BelongingRow(entity: object.entity, id: object.id, owners: owners)
    }
  }
}
