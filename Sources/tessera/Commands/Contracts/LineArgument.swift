import ArgumentParser
import Broker
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `PRODUCT:QUANTITY:PRICE[:DISCOUNT[:PACKAGING]]`, where the product may be `SYSTEM:ID`.
struct LineArgument: ExplainedArgument {
  private struct Line {
    let product: String
    let quantity: Interchange.V1.QuantityAmount
    let price: Interchange.V1.UnitPriceAmount
    let discount: Interchange.V1.PercentAmount
    let packaging: String
  }

  /// As the parts stand there.
  private let plain: Line?
  /// With the first two parts as the product's id in a system.
  private let foreign: Line?

  init(explaining text: String) throws(ArgumentFault) {
    let form = "PRODUCT:QUANTITY:PRICE[:DISCOUNT[:PACKAGING]], such as P-000123:10:12.50 or erp:4711:10:12.50"
    let parts = try ArgumentFault.parts(of: text, 3...6, form: form)
    if parts[0].isEmpty { throw ArgumentFault("'\(text)' names no product; it is written \(form)") }
    let others = parts.count > 3 ? try? Self.line("\(parts[0]):\(parts[1])", parts[2...], of: text) : nil
    foreign = others
    do throws(ArgumentFault) {
      plain = parts.count < 6 ? try Self.line(parts[0], parts[1...], of: text) : nil
    } catch {
      // A second part that is a number is meant as the quantity.
      if others == nil || Interchange.V1.QuantityAmount(parts[1]) != nil { throw error }
      plain = nil
    }
    if plain == nil, others == nil { _ = try Self.line("\(parts[0]):\(parts[1])", parts[2...], of: text) }
  }

  private static func line(_ product: String, _ parts: ArraySlice<String>, of text: String) throws(ArgumentFault) -> Line {
    let parts = Array(parts)
    let quantity = try ArgumentFault.number(parts[0], "quantity", of: text, digits: "up to twelve digits and six decimals") {
      Interchange.V1.QuantityAmount($0)
    }
    let price = try ArgumentFault.number(parts[1], "price", of: text, digits: "up to ten digits and eight decimals") {
      Interchange.V1.UnitPriceAmount($0)
    }
    let discount = parts.count > 2 && !parts[2].isEmpty ? parts[2] : "0"
    return Line(
      product: product, quantity: quantity, price: price,
      discount: try ArgumentFault.number(discount, "discount in percent", of: text, digits: "up to three digits and six decimals") {
        Interchange.V1.PercentAmount($0)
      }, packaging: parts.count > 3 ? parts[3] : "")
  }

  /// The line with its product, which is the one that the first part names, else the one that the first two name as SYSTEM:ID.
  ///
  /// - Throws: ``Refusal`` where there is none, or several.
  func contractLine(number: Int32, _ reader: any StoreReader, deliveryDate: String) throws -> Interchange.V1.ContractLine {
    if let foreign, let row = try ObjectView.named(foreign.product, .product, reader),
      plain.flatMap({ try? ObjectView.find($0.product, .product, reader) }) == nil
    {
      return try Self.contractLine(number, foreign, row, deliveryDate)
    }
    guard let line = plain ?? foreign else { throw Refusal("PRODUCT_UNKNOWN", "the line names no product") }
    return try Self.contractLine(number, line, try ObjectView.find(line.product, .product, reader), deliveryDate)
  }

  private static func contractLine(
    _ number: Int32, _ line: Line, _ row: ObjectRow, _ deliveryDate: String
  ) throws -> Interchange.V1.ContractLine {
    let product = try Interchange.V1.Product(cdr: row.body)
    return Interchange.V1.ContractLine(
      number: number, product: product.id, packaging: line.packaging, quantity: line.quantity, unit: product.unit, unitPrice: line.price,
      discount: line.discount, taxCode: "", deliveryDate: deliveryDate)
  }
}
