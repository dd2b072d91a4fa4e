import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera contracts amend`
struct ContractsAmend: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "amend", abstract: "Changes a contract: what was not sent is replaced, an order that a system has is changed there.",
    discussion: """
      A line that is there is changed by NUMBER:QUANTITY or NUMBER:QUANTITY:PRICE, left out with --remove-line; --add-line takes what \
      `contracts new --line` does. --file takes the whole contract as a JSON document instead, with the fields that `contracts show --json` \
      gives under `record`. Where a system has the order, the contract stays as it was until the system has confirmed the change; it may \
      refuse it. More than before is an upsell and less a downsell, unless --order-type says otherwise; more needs credit for the difference.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String
  @Option(name: .customLong("line"), help: ArgumentHelp("A line as it is to be; may be repeated.", valueName: "number:quantity:price"))
  var lines: [AmendedLine] = []
  @Option(name: .customLong("add-line"), help: ArgumentHelp("A new line; may be repeated.", valueName: "product:quantity:price"))
  var addedLines: [LineArgument] = []
  @Option(name: .customLong("remove-line"), help: ArgumentHelp("A line to be left out; may be repeated.", valueName: "number"))
  var removedLines: [Int32] = []
  @Option(help: "The number, of a draft; that of a signed contract stays.")
  var number: String?
  @Option(help: "The tax on the whole; needed where the lines change and there is tax.")
  var taxAmount: String?
  @Option(help: "The day on which everything is to be delivered: 2026-03-31.")
  var deliveryDate: String?
  @Option(help: "The terms of payment.")
  var paymentTerms: String?
  @Option(help: "What the change means for the business: new, upsell, renewal or downsell.")
  var orderType: String?
  @Option(help: ArgumentHelp("The whole contract as a JSON document instead.", valueName: "file"))
  var file: String?
  @Option(help: "Why, for the audit.")
  var reason: String

  private var describesLines: Bool { !lines.isEmpty || !addedLines.isEmpty || !removedLines.isEmpty }

  func validate() throws {
    let describes = describesLines || taxAmount != nil || deliveryDate != nil || paymentTerms != nil || number != nil
    if file != nil, describes || orderType != nil {
      throw ValidationError("--file says everything; the options that describe changes do not go with it.")
    }
    if file == nil, !describes, orderType == nil { throw ValidationError("Say what is to be changed, or give --file.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    let given = try file.map { try ContractFile.contract(try Files.read($0, limit: 4 << 20), file: $0) }
    return try await ContractView.answer(common, contract) { workspace, id in
      let new: Interchange.V1.Contract
      if let given { new = given } else { new = try await workspace.store.read { [self] reader in try described(id, reader) } }
      try await workspace.engine.amend(contractID: id, to: new, who: who, reason: reason)
    }
  }

  /// The contract with the changes that the options describe.
  private func described(_ contract: String, _ reader: any StoreReader) throws -> Interchange.V1.Contract {
    guard let row = try reader.object(entity: EntityKind.contract.name, id: contract) else { throw Refusal.unknownContract(contract) }
    var new = try Interchange.V1.Contract(cdr: row.body)
    if let number { new.number = number }
    // Worked out from the amounts, unless told.
    new.orderType = orderType ?? (describesLines || taxAmount != nil ? "" : new.orderType)
    for number in lines.map(\.number) + removedLines where !new.lines.contains(where: { $0.number == number }) {
      throw Refusal(
        "LINE_UNKNOWN", "the contract \(contract) has no line \(number)", hint: "`tessera contracts show \(contract)` lists them")
    }
    for change in lines {
      for index in new.lines.indices where new.lines[index].number == change.number {
        new.lines[index].quantity = change.quantity
        if let price = change.price { new.lines[index].unitPrice = price }
      }
    }
    new.lines.removeAll { removedLines.contains($0.number) }
    for line in addedLines {
      let number = 1 + (new.lines.map(\.number).max() ?? 0)
      new.lines.append(try line.contractLine(number: number, reader, deliveryDate: deliveryDate ?? ""))
    }
    if let deliveryDate { for index in new.lines.indices { new.lines[index].deliveryDate = deliveryDate } }
    if let paymentTerms { new.paymentTerms = paymentTerms }
    if let taxAmount {
      guard let tax = Interchange.V1.MoneyAmount(taxAmount) else {
        throw Refusal("NUMBER_INVALID", "--tax-amount \"\(taxAmount)\" is no amount with at most four decimals, such as 12.50")
      }
      new.taxTotal = tax
    } else if describesLines, new.taxTotal.unscaled != 0 {
      throw Refusal(
        "TAX_NEEDED", "the contract \(contract) has \(new.taxTotal) \(new.currency) of tax, and its lines change",
        hint: "say with --tax-amount what the tax is then")
    }
    if describesLines || taxAmount != nil { try new.total() }
    return new
  }
}

/// `NUMBER:QUANTITY[:PRICE]`
struct AmendedLine: ExplainedArgument {
  let number: Int32
  let quantity: Interchange.V1.QuantityAmount
  let price: Interchange.V1.UnitPriceAmount?

  init(explaining text: String) throws(ArgumentFault) {
    let form = "NUMBER:QUANTITY or NUMBER:QUANTITY:PRICE, such as 2:10"
    let parts = try ArgumentFault.parts(of: text, 2...3, form: form)
    number = try ArgumentFault.number(parts[0], "number of a line", of: text, digits: "a whole number, as `contracts show` has it") {
      Int32($0)
    }
    quantity = try ArgumentFault.number(parts[1], "quantity", of: text, digits: "up to twelve digits and six decimals") {
      Interchange.V1.QuantityAmount($0)
    }
    price =
      parts.count < 3
      ? nil
      : try ArgumentFault.number(parts[2], "price", of: text, digits: "up to ten digits and eight decimals") {
        Interchange.V1.UnitPriceAmount($0)
      }
  }
}

/// `tessera contracts call-off`
struct ContractsCallOff: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "call-off", abstract: "Orders a part of a contract that is called off over time.",
    discussion: """
      Each call-off is an order of its own for each system that takes orders, measured against the customer's credit by itself. In all never \
      more is called off than the contract says; what a system refuses or cancels can be called off again. `contracts show` lists the \
      call-offs, with what is left.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The contract: its id (V-000001), SYSTEM:ID, or its number.")
  var contract: String
  @Option(name: .customLong("line"), help: ArgumentHelp("A quantity of a line; may be repeated.", valueName: "number:quantity"))
  var lines: [AmendedLine] = []
  @Flag(help: "All that is left of every line.")
  var all = false
  @Option(help: "The day on which it is to be delivered (default: as the contract's lines say).")
  var deliveryDate = ""

  func validate() throws {
    if all == !lines.isEmpty { throw ValidationError("Either --line says how much of which line, or --all that it is all that is left.") }
    if lines.contains(where: { $0.price != nil }) {
      throw ValidationError("A call-off has the contract's prices: --line takes number:quantity.")
    }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    let callOff = CallOff(lines: lines.map { CallOff.Line(number: $0.number, quantity: $0.quantity) }, deliveryDate: deliveryDate)
    return try await ContractView.answer(common, contract) { workspace, id in
      try await workspace.engine.callOff(callOff, contractID: id, who: who)
    }
  }
}
