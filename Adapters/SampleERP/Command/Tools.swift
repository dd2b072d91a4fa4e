import ArgumentParser
import Foundation
import IIOPTransport
import ORBCore
import SampleERPIDL
import SampleERPServer

/// `sample-erp change-price`
struct ChangePrice: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Gives an item another price, in the books of a running server.")

  @OptionGroup var books: BookOptions
  @Option(help: "The file with the server's reference. (default: sample-erp.ior in the data folder)")
  var iorFile: String?
  @Argument(help: "The number of the item.")
  var item: String
  @Argument(help: "The price with tax, such as 1190.00, in the item's currency.")
  var price: String

  func run() async throws {
    let file = iorFile ?? ERPServer.referenceFile(in: books.data)
    guard let text = TextFile.read(file) else { throw ValidationError("no reference in \(file): does the server run?") }
    guard let hundredths = Self.hundredths(price) else { throw ValidationError("'\(price)' is no price such as 1190.00") }
    let orb = ORB()
    let transport = try IIOPTransport(orb: orb)
    let target = SampleERP.Books(unchecked: try ObjectRef(stringified: text, orb: orb))
    do {
      let change = try await target.changePrice(item: item, gross: hundredths)
      print("change \(change): \(item) costs \(price)")
    } catch let error as SampleERP.NoSuchItem { throw ValidationError("there is no item '\(error.itemNo)'") }
    await transport.shutDown()
  }

  /// Digits, and a point with one or two digits behind it.
  static func hundredths(_ text: String) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int64(parts[0]), whole >= 0, whole < 1_000_000_000_000 else { return nil }
    guard parts.count == 2 else { return whole * 100 }
    guard (1...2).contains(parts[1].count), parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let rest = Int64(parts[1]) else {
      return nil
    }
    return whole * 100 + (parts[1].count == 1 ? rest * 10 : rest)
  }
}

/// `sample-erp partner-products`
struct PartnerProducts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the products that the partner's CRM has before it meets the books, as CSV: code,name,description,currency,listPrice.")

  @OptionGroup var size: SizeOptions

  func run() { print(PartnerProduct.csv(Catalogue(itemCount: size.items).partnerProducts), terminator: "") }
}

/// `sample-erp summary`
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints, as JSON, what must come out when the catalogue meets the partner's products.")

  @OptionGroup var size: SizeOptions

  func run() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(Catalogue(itemCount: size.items).summary), as: UTF8.self))
  }
}
