import CDR
import CRMCore
public import InterchangeIDL

/// What is done with an order of something that is not sold any more, or for somebody to whom nothing is sold any more.
public enum InactivePolicy: String, Sendable, CaseIterable {
  /// It is not drafted, not signed, not called off and not sent, until the thing is active again.
  case refuse
  /// It goes on, and whoever looks at it is told; what was signed and sent so stands in the audit.
  case warn
}

/// A product or customer of an order that is inactive.
public struct InactiveThing: Hashable, Sendable {
  public var entity: String
  /// The CRM core's id.
  public var id: String
  /// Where the contract or order names it: `lines[2]/product`.
  public var field: String
  /// What people call it.
  public var name: String

  /// In words: `lines[2]/product: the product P-000001 B-8 is inactive`.
  public var words: String {
    "\(field): the \(entity == EntityKind.party.name ? "customer" : entity.lowercased()) \(id)\(name.isEmpty ? "" : " \(name)") is inactive"
  }

  /// The code of a refusal: `PRODUCT_INACTIVE`, `PARTY_INACTIVE`.
  public var code: String { "\(entity.uppercased())_INACTIVE" }

  /// The inactive things among what a contract or an order names.
  ///
  /// - Parameters:
  ///   - products: with the fields that name them.
  ///   - object: an object of the CRM core by kind and id; nil where there is none.
  public static func among(
    party: String, products: [(field: String, id: String)], _ object: (_ entity: String, _ id: String) throws -> ObjectRow?
  ) rethrows -> [InactiveThing] {
    var found: [InactiveThing] = []
    var known: [String: ObjectRow?] = [:]
    for (entity, field, id) in [(EntityKind.party.name, "party", party)] + products.map({ (EntityKind.product.name, $0.field, $0.id) })
    where !id.isEmpty {
      let row: ObjectRow?
      if let seen = known["\(entity) \(id)"] {
        row = seen
      } else {
        row = try object(entity, id)
        known["\(entity) \(id)"] = row
      }
      guard let row, row.status == "inactive" else { continue }
      found.append(InactiveThing(entity: entity, id: id, field: field, name: entity == EntityKind.party.name ? row.name : row.code))
    }
    return found
  }

  /// The lines of a contract that an amendment adds, raises, or gives another product, by their index; all where there was none before.
  public static func raised(
    in contract: Interchange.V1.Contract, from former: Interchange.V1.Contract?
  ) -> [(field: String, id: String)] {
    let before = Dictionary((former?.lines ?? []).map { ($0.number, $0) }) { first, _ in first }
    return contract.lines.enumerated().compactMap { index, line in
      if let old = before[line.number], old.product == line.product, line.quantity.decimal <= old.quantity.decimal { return nil }
      return ("lines[\(index + 1)]/product", line.product)
    }
  }
}

extension ContractRefusal {
  /// Something that the contract orders is inactive.
  public init(_ inactive: [InactiveThing]) {
    self.init(
      inactive.first?.code ?? "INACTIVE",
      inactive.map(\.words).joined(separator: "; ") + "; broker.xml says whether that is refused: <orders inactive=\"warn\"/>")
  }
}
