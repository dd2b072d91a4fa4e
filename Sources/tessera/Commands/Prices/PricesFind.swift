import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import InterchangeIDL
import StoreAPI

/// `tessera prices find`
struct PricesFind: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Finds the price of a product that applies, and says why.",
    discussion: """
      The customer's own list goes before one for everybody, then the list that began last, then the one that ends first; in the list a price \
      for the packaging goes before one for loose units, then the greatest minimum quantity that is reached. Without a line that applies the \
      product's own list price does. Two lists with the same right, and prices in several currencies, are not chosen between.
      """)
  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("The code of the packaging; else loose units.", valueName: "code"))
  var packaging = ""
  @Option(help: "How many packages, or loose units.")
  var quantity = DecimalArgument(one: ())
  @Option(
    name: .customLong("on"),
    help: ArgumentHelp("The day, such as 2026-11-22 (default: today, in the zone of broker.xml).", valueName: "day"))
  var day: DayArgument?
  @Option(help: "The customer: its id (C-000045), SYSTEM:ID, or its tax id.")
  var party: String?
  @Option(help: "The currency, by ISO 4217: EUR.")
  var currency: String?
  @Option(help: "The only price list that counts: its id (L-000001), SYSTEM:ID, or its code.")
  var list: String?
  @Argument(help: "The product: its id (P-000123), SYSTEM:ID, or its code.")
  var product: String

  func answer() async throws -> Answer {
    let on = try day?.day ?? Composition.zone(common).day(of: SystemClock.microseconds())
    let (question, chain, row) = try await Workspace.reading(common) {
      [product, packaging, quantity = quantity.number, party, currency, list] reader in
      let book = PriceBook(reader)
      let row = try ObjectView.find(product, .product, reader)
      let customer = try party.map { try ObjectView.find($0, .party, reader).id } ?? ""
      let question = try book.question(
        row, packaging: packaging, quantity: quantity, day: on, party: customer, currency: currency,
        list: try list.map { try book.list($0) })
      return (question, try UnitBook(reader).chain(of: question.product.unit), row)
    }
    let price: PriceAnswer
    do throws(PriceRefusal) { price = try question.answer() } catch {
      throw Refusal(error.code.rawValue, error.explanation, hint: error.hint)
    }
    return PriceView(question: question, price: price, chain: chain, product: row).answer
  }
}

/// A price for people and for programs.
struct PriceView {
  let question: PriceQuestion
  let price: PriceAnswer
  let chain: UnitChain?
  let product: ObjectRow

  private var packed: PackedQuantity { PackedQuantity(question.quantity, of: question.packaging, question.product, chain) }
  /// What one of the quantity is: a packaging, or the product's unit.
  private var one: String { question.packaging.isEmpty ? chain?.unit.code ?? "unit" : question.packaging }

  /// Loose units in whole packages: `2 KAR and 1 ST`.
  private var packages: [(packaging: String, count: Int128, rest: ExactQuantity)] {
    guard question.packaging.isEmpty, let quantity = ExactQuantity(question.quantity) else { return [] }
    return question.product.packagings.compactMap { packaging in
      guard let content = ExactQuantity(packaging.unitsPerPackage.decimal), let parts = quantity.divided(by: content)?.wholeAndRest,
        parts.whole > 0, let rest = parts.rest.multiplied(by: content)
      else { return nil }
      return (packaging.code, parts.whole, rest)
    }
  }

  var answer: Answer {
    let tax = price.includesTax ? "with tax" : "without tax"
    let count = Decimal.short(question.quantity)
    var sheet = TextSheet()
    sheet.add("product", "\(product.id) \(product.code) \(product.name)")
    sheet.add("price", "\(Decimal.money(price.unitPrice)) \(price.currency) for one \(one), \(tax)")
    sheet.add("total", "\(Decimal.money(price.total)) \(price.currency) for \(count) \(one)")
    if !question.packaging.isEmpty || chain?.hasBase == true {
      sheet.add("quantity", question.packaging.isEmpty ? packed.words : "\(count) \(question.packaging) = \(packed.words)")
    }
    for package in packages {
      let rest = package.rest == .zero ? "" : " and \(package.rest.words) \(one)"
      sheet.add("as packages", "\(package.count) \(package.packaging)\(rest)")
    }
    sheet.add("on", question.day.description)
    sheet.add("because", price.reason)
    for other in price.passedOver { sheet.add("not \(other.line.id)", other.reason) }
    return Answer(json: json, text: sheet.text)
  }

  private var json: JSON {
    var (source, line, list) = ("product", JSON.null, JSON.null)
    switch price.source {
    case .line(let priceLine, let priceList):
      (source, line, list) = ("line", .string(priceLine.id), .string(priceList.id))
    case .lineOfUnits(let priceLine, let priceList):
      (source, line, list) = ("line-of-units", .string(priceLine.id), .string(priceList.id))
    case .product: break
    }
    return .object([
      .init(name: "product", value: .string(product.id)), .init(name: "code", value: .string(product.code)),
      .init(name: "packaging", value: .optional(question.packaging)),
      .init(name: "quantity", value: .string(Decimal.short(question.quantity))),
      .init(name: "on", value: .string(question.day.description)), .init(name: "party", value: .optional(question.party)),
      .init(name: "unitPrice", value: .string(Decimal.money(price.unitPrice))),
      .init(name: "total", value: .string(Decimal.money(price.total))), .init(name: "currency", value: .string(price.currency)),
      .init(name: "priceIncludesTax", value: .bool(price.includesTax)), .init(name: "source", value: .string(source)),
      .init(name: "list", value: list), .init(name: "line", value: line), .init(name: "holds", value: packed.json),
      .init(
        name: "packages",
        value: .array(
          packages.map {
            ["packaging": .string($0.packaging), "count": .string("\($0.count)"), "rest": .string($0.rest.words)]
          })),
      .init(name: "because", value: .string(price.reason)),
      .init(
        name: "passedOver", value: .array(price.passedOver.map { ["line": .string($0.line.id), "why": .string($0.reason)] })),
    ])
  }
}

/// A number with decimals, such as 2.5.
struct DecimalArgument: ExplainedArgument {
  let number: DecimalNumber

  init(one: Void) { number = DecimalNumber(1) }

  init(explaining text: String) throws(ArgumentFault) {
    number = try ArgumentFault.number(text, "quantity", of: text, digits: "up to twelve digits and six decimals") {
      Interchange.V1.QuantityAmount($0)?.decimal
    }
  }

  var defaultValueDescription: String { Decimal.short(number) }
}

/// A day, such as 2026-11-22.
struct DayArgument: ExplainedArgument {
  let day: CalendarDay

  init(explaining text: String) throws(ArgumentFault) {
    guard let day = CalendarDay(text) else {
      throw ArgumentFault("'\(text)' is no day: it is written 2026-11-22, and the calendar must have it")
    }
    self.day = day
  }
}
