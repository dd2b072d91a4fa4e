import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import ConfigurationFile
import Identity
import InterchangeIDL
import StoreAPI

/// `tessera contracts new`
struct ContractsNew: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Drafts a contract; `contracts sign` signs it.",
    discussion: """
      A line is PRODUCT:QUANTITY:PRICE, then a discount in percent and a packaging's code if there are any: P-000123:10:12.50:5:CT12. \
      Products and the party are named by id, by SYSTEM:ID, or by a code that is unique. --file takes a JSON document with the fields of a Contract as \
      `contracts show --json` gives them under `record`; totals that are left out are worked out.
      """)
  @OptionGroup var common: CommonOptions

  @Option(help: "The customer: its id (C-000001), SYSTEM:ID, or its tax id.")
  var party: String?
  @Option(help: "A person there, by id (N-000001).")
  var contact = ""
  @Option(name: .customLong("line"), help: ArgumentHelp("A line; may be repeated.", valueName: "product:quantity:price"))
  var lines: [LineArgument] = []
  @Option(help: "The currency, by ISO 4217: EUR.")
  var currency: String?
  @Option(help: "The number (default: the id).")
  var number = ""
  @Option(help: "The tax on the whole.")
  var taxAmount = "0"
  @Flag(help: "The prices of the lines include tax.")
  var pricesIncludeTax = false
  @Option(help: "The day on which everything is to be delivered: 2026-03-31.")
  var deliveryDate = ""
  @Option(help: "The day of the signature (default: today).")
  var signDate: String?
  @Option(help: "The terms of payment (default: the customer's).")
  var paymentTerms: String?
  @Option(help: "What it means for the business: new, upsell, renewal or downsell (default: new, with --renews renewal).")
  var orderType = ""
  @Option(help: "The contract that it renews (V-000001).")
  var renews = ""
  @Flag(help: "Signing it orders nothing: its quantities are called off over time, see `contracts call-off`.")
  var calledOff = false
  @Option(help: ArgumentHelp("A JSON document instead.", valueName: "file"))
  var file: String?

  func validate() throws {
    if file != nil {
      if party != nil || !lines.isEmpty || currency != nil || !orderType.isEmpty || !renews.isEmpty || calledOff {
        throw ValidationError("--file says everything; the options that describe a contract do not go with it.")
      }
      return
    }
    if party == nil { throw ValidationError("--party says who signs, or --file says everything.") }
    if lines.isEmpty { throw ValidationError("At least one --line says what is sold.") }
    if currency == nil { throw ValidationError("--currency says in which currency the prices are.") }
  }

  func answer() async throws -> Answer {
    let given = try file.map { file in
      try ContractFile.contract(try Files.read(file, limit: 4 << 20), file: file)
    }
    return try await Workspace.with(common) { workspace in
      let engine = workspace.engine
      let today = workspace.configuration[DaysSection.self].day(of: engine.now()).description
      var contract: Interchange.V1.Contract
      if let given {
        contract = given
      } else {
        contract = try await workspace.store.read { [self] reader in try described(reader) }
      }
      if contract.signDate.isEmpty { contract.signDate = today }
      let draft = try await engine.draft(contract)
      let view = try await workspace.store.read { try ContractView(draft.id, $0) }
      return Answer(json: try view.json, text: try view.text)
    }
  }

  /// The contract that the options describe.
  private func described(_ reader: any StoreReader) throws -> Interchange.V1.Contract {
    let customer = try Interchange.V1.Party(cdr: try ObjectView.find(party ?? "", .party, reader).body)
    guard let tax = Interchange.V1.MoneyAmount(taxAmount) else {
      throw Refusal("NUMBER_INVALID", "--tax-amount \"\(taxAmount)\" is no amount with at most four decimals, such as 12.50")
    }
    let lines = try lines.enumerated().map { index, line in
      try line.contractLine(number: Int32(index + 1), reader, deliveryDate: deliveryDate)
    }
    let address =
      ["delivery", "main"].lazy.compactMap { kind in customer.addresses.first { $0.kind == kind } }.first ?? customer.addresses.first
    var contract = Interchange.V1.Contract(
      id: "", changedAt: 0, sourceVersion: nil, status: "", attributes: [], number: number, party: customer.id, contactPerson: contact,
      signDate: signDate ?? "", currency: currency ?? "", priceIncludesTax: pricesIncludeTax, lines: lines,
      paymentTerms: paymentTerms ?? customer.paymentTerms,
      deliveryAddress: address
        ?? Interchange.V1.Address(kind: "", line1: "", line2: "", city: "", region: "", postalCode: "", country: ""),
      netTotal: .zero, taxTotal: tax, grossTotal: .zero, orderType: orderType, renews: renews, calledOff: calledOff)
    try contract.total()
    return contract
  }
}

extension Interchange.V1.Contract {
  /// Works the net and the gross total out, the gross with the tax that it says. Each line is rounded half-even to the currency's digits.
  ///
  /// - Throws: ``Refusal`` where they do not fit.
  mutating func total() throws {
    guard let net = ContractRules.netTotal(of: lines, in: currency).flatMap({ try? Interchange.V1.MoneyAmount($0) }),
      let gross = net.decimal.adding(taxTotal.decimal).flatMap({ try? Interchange.V1.MoneyAmount($0) })
    else { throw Refusal("NUMBER_OVERFLOW", "the amounts of the lines are too large to be added") }
    netTotal = net
    grossTotal = gross
  }
}

/// A contract as a JSON document.
enum ContractFile {
  /// - Throws: ``Refusal``.
  static func contract(_ octets: [UInt8], file: String) throws -> Interchange.V1.Contract {
    let json = try JSON(reading: octets, of: file)
    var contract = try Interchange.V1.Contract(
      record: try RecordReader.record(json, as: Interchange.V1.Contract.recordType, file: file))
    if json["netTotal"] == nil, json["grossTotal"] == nil { try contract.total() }
    return contract
  }
}
