import Broker
import CDR
import CRMCore
import InterchangeIDL
import Mapping
import MappingFiles
import Testing

/// Amounts have the digits of ISO 4217, and orders are booked as they were signed.
@Suite struct AmountTests {
  @Test(
    "The digits of currencies are those of ISO 4217",
    arguments: [
      ("EUR", 2), ("MGA", 2), ("HUF", 2), ("XCG", 2), ("JPY", 0), ("KRW", 0), ("XOF", 0), ("ISK", 0), ("KWD", 3), ("TND", 3), ("CLF", 4),
      ("UYW", 4), ("XXX", nil), ("eur", nil), ("", nil),
    ] as [(String, Int?)])
  func digits(_ code: String, _ digits: Int?) { #expect(Currencies.minorUnits(of: code) == digits) }

  private func line(_ quantity: String, _ price: String, _ discount: String = "0") -> V1.ContractLine {
    V1.ContractLine(
      number: 1, product: "P", packaging: "", quantity: V1.QuantityAmount(quantity)!, unit: "", unitPrice: V1.UnitPriceAmount(price)!,
      discount: V1.PercentAmount(discount)!, taxCode: "", deliveryDate: "")
  }

  @Test("A line is rounded once, half to even, to the currency's digits")
  func lines() {
    func amount(_ line: V1.ContractLine, _ currency: String) -> String? { ContractRules.amount(of: line, in: currency)?.description }
    #expect(amount(line("333", "0.0035"), "EUR") == "1.17")
    #expect(amount(line("1", "1.005"), "EUR") == "1.00")
    #expect(amount(line("1", "1.015"), "EUR") == "1.02")
    #expect(amount(line("3", "33.5"), "JPY") == "100")
    #expect(amount(line("1", "1.2345"), "KWD") == "1.234")
    #expect(amount(line("1", "0.00000001"), "EUR") == "0.00")
    #expect(amount(line("7", "9.99", "12.5"), "EUR") == "61.19")
    // Too many digits for an exact product with its discount, and no more than a line has.
    #expect(amount(line("123456789.123456", "1234567.12345678", "12.345678"), "EUR") != nil)
  }

  @Test("What is paid is found by its type, whatever its sign; prices by their own")
  func fields() throws {
    var contract = V1.Contract.sample("V-1", party: "C-1", products: ["A"], currency: "JPY")
    #expect(contract.amountFindings.isEmpty && contract.priceFindings.isEmpty)
    contract.taxTotal = V1.MoneyAmount("-0.5")!
    contract.lines[0].unitPrice = V1.UnitPriceAmount("9.5")!
    #expect(contract.amountFindings.map { "\($0.code) \($0.path)" } == ["AMOUNT_DIGITS taxTotal"])
    #expect(contract.priceFindings.map { "\($0.code) \($0.path)" } == ["PRICE_DIGITS lines[1]/unitPrice"])
    let paid = EntityKind.all.filter(\.bearsAmounts).map(\.name)
    #expect(paid == ["Contract", "Order", "CreditTerms", "Receivable", "OrderStatus"])
    #expect(EntityKind.all.filter(\.bearsPrices).map(\.name) == ["Product", "Contract", "PriceLine"])
  }

  /// The order mapping of a destination that sets some fields of a line otherwise.
  private func changes(_ price: String, _ line: V1.ContractLine, quantity: String = "from=\"quantity\"") throws -> [String] {
    let mappings = ShippedMappings(
      adding: """
        <mapping xmlns="urn:tessera:mapping:1" name="rounding" from="Order" system="desk">
          <emit to="Order">
            <identity entity="Order" from="id" field="id"/>
            <set field="status" value="active"/><set field="changedAt" from="changedAt"/><set field="number" from="number"/>
            <set field="contractKey" value=""/><set field="customerNumber" value=""/><set field="customerKey" value=""/>
            <set field="customer" from="customer"/><set field="orderDate" value=""/><set field="currency" from="currency"/>
            <set field="priceIncludesTax" value="false"/>
            <for-each field="lines" in="lines">
              <set field="number" from="number"/><set field="contractLine" value="1"/><set field="product" from="product"/>
              <set field="packaging" value=""/><set field="quantity" \(quantity)/><set field="unit" value=""/>
              <set field="unitPrice" \(price)/><set field="discount" from="discount"/><set field="taxCode" value=""/>
              <set field="deliveryDate" value=""/>
            </for-each>
            <set field="paymentTerms" value=""/><set field="deliveryAddress" from="deliveryAddress"/>
            <set field="netTotal" from="netTotal"/><set field="taxTotal" from="taxTotal"/><set field="grossTotal" from="grossTotal"/>
            <set field="orderType" value=""/><set field="callOff" value="0"/>
          </emit>
        </mapping>
        """)
    #expect(mappings.diagnostics.map(\.description) == [])
    let plan = try #require(mappings.files.mappings.first { $0.plan.name == "rounding" }).plan
    var contract = V1.Contract.sample("V-1", party: "C-1", products: ["P"])
    contract.lines = [line]
    let order = ContractRules.order("O-1", of: contract, customer: .sample("C-1"), contact: nil, customerKey: "k", at: 1)
    let outcome = plan.run(order.record, in: MappingContext(documentTime: 1, tracesAmounts: true))
    #expect(outcome.problems.isEmpty)
    #expect(plan.run(order.record, in: MappingContext(documentTime: 1)).changedAmounts.isEmpty)
    return BookedAmounts.differences(in: order, outcome.changedAmounts).map { "\($0.code) \($0.path)" }
  }

  @Test("A price may be rounded where the line costs the same; one that becomes 0, or a line that costs something else, is found")
  func rounded() throws {
    let two = "from=\"unitPrice\" scale=\"2\" round=\"half-even\""
    #expect(try changes("from=\"unitPrice\"", line("1", "0.0035")) == [])
    #expect(try changes(two, line("1", "0.3334")) == [])
    #expect(try changes(two, line("1000", "0.3334")) == ["AMOUNT_DIFFERS lines[1]/unitPrice"])
    #expect(try changes(two, line("1", "0.004")) == ["PRICE_BECOMES_ZERO lines[1]/unitPrice"])
    #expect(try changes(two, line("1", "0")) == [])
    #expect(try changes("from=\"round(unitPrice, 2, 'down')\"", line("1000", "0.339")) == ["AMOUNT_DIFFERS lines[1]/unitPrice"])
    #expect(
      try changes("from=\"div(unitPrice * 100, 100, 1, 'half-up')\"", line("1", "1.25")) == ["AMOUNT_DIFFERS lines[1]/unitPrice"])
    #expect(
      try changes("from=\"unitPrice\"", line("2.5", "2"), quantity: "from=\"quantity\" scale=\"0\" round=\"up\"") == [
        "QUANTITY_DIFFERS lines[1]/quantity"
      ])
  }

  @Test("A price worked out of the signed one has digits of its own, but is not 0 unless nothing is paid")
  func workedOut() throws {
    let net = "from=\"div(unitPrice * (100 - discount), 100, 2, 'half-even')\""
    #expect(try changes(net, line("1000", "0.3334", "3")) == [])
    #expect(try changes(net, line("1000", "0.004", "3")) == ["PRICE_BECOMES_ZERO lines[1]/unitPrice"])
    #expect(try changes(net, line("1000", "0.004", "100")) == [])
    // What a line costs may be 0: 0.35 cents are nothing.
    #expect(try changes("from=\"div(quantity * unitPrice, 1, 2, 'half-even')\"", line("1", "0.0035")) == [])
  }
}
