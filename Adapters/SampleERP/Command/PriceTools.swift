import ArgumentParser
import CDR
import SampleERPIDL
import SampleERPServer

/// `sample-erp set-price`
struct SetPrice: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-price", abstract: "Gives an item a price in a price group, in the books of a running server.")

  @OptionGroup var books: BookOptions
  @Option(help: "The file with the server's reference. (default: sample-erp.ior in the data folder)")
  var iorFile: String?
  @Option(help: "The code of the pack; else the price is for loose pieces.")
  var pack = ""
  @Option(help: "How many packs or pieces it takes for this price.")
  var from = "0"
  @Flag(help: "Withdraws the price.")
  var withdrawn = false
  @Argument(help: "The number of the price group.")
  var group: String
  @Argument(help: "The number of the item.")
  var item: String
  @Argument(help: "The price of one pack or piece, such as 54.0000.")
  var price: String

  func run() async throws {
    guard let amount = SampleERP.RowPrice(price), amount.unscaled >= 0 else {
      throw ValidationError("'\(price)' is no price such as 54.0000")
    }
    let quantity = try Thousandths.number(from)
    let change = try await RunningBooks.call(books, iorFile) {
      try await $0.setRowPrice(
        priceGroup: group, item: item, pack: pack, fromQuantity: quantity, price: amount,
        state: withdrawn ? BookState.blocked : BookState.open)
    }
    let what = "\(pack.isEmpty ? "a piece" : pack)\(quantity > 0 ? " from \(from) on" : "")"
    print("change \(change): \(item) in \(group), \(what), \(withdrawn ? "has no price any more" : "costs \(price)")")
  }
}

/// `sample-erp set-stock`
struct SetStock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-stock", abstract: "Counts an item in a store, in the books of a running server.")

  @OptionGroup var books: BookOptions
  @Option(help: "The file with the server's reference. (default: sample-erp.ior in the data folder)")
  var iorFile: String?
  @Argument(help: "The number of the item.")
  var item: String
  @Argument(help: "The number of the store: KOE1 or SHA1.")
  var store: String
  @Argument(help: "How much of it is there, such as 12.5, in the unit in which the store counts it.")
  var quantity: String

  func run() async throws {
    let thousandths = try Thousandths.number(quantity)
    let change = try await RunningBooks.call(books, iorFile) {
      try await $0.setStock(item: item, store: store, quantity: thousandths)
    }
    print("change \(change): \(quantity) of \(item) are in \(store)")
  }
}

/// Quantities as people write them.
enum Thousandths {
  /// Digits, and a point with up to three digits behind it.
  static func number(_ text: String) throws -> Int64 {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? parts[1] : ""
    let digits = String(parts.first ?? "") + decimals + String(repeating: "0", count: max(0, 3 - decimals.count))
    guard parts.first?.isEmpty == false, decimals.count <= 3, digits.count <= 15, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int64(digits)
    else { throw ValidationError("'\(text)' is no quantity such as 2.5") }
    return number
  }
}
