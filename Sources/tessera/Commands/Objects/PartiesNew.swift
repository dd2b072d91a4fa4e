import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera parties new`
struct PartiesNew: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Makes a party, with a contact if one is named.",
    discussion: """
      --file takes a JSON document with the fields of a Party as `parties show --json` gives them under `record`; what is left out is \
      empty. Without it the other options say what is needed most.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Option(help: "The name.")
  var name: String?
  @Option(help: "customer, supplier, partner, agent or prospect.")
  var kind = Choice(PartyKind.customer)
  @Option(help: "The tax id.")
  var taxID = ""
  @Option(help: "The terms of payment.")
  var paymentTerms = ""
  @Option(help: "The street and number of the address.")
  var street = ""
  @Option(help: "The postal code.")
  var postalCode = ""
  @Option(help: "The city.")
  var city = ""
  @Option(help: "The country, by ISO 3166-1: DE.")
  var country = ""
  @Option(help: "The name of a person there.")
  var contact: String?
  @Option(help: "That person's e-mail.")
  var email = ""
  @Option(help: "That person's telephone.")
  var phone = ""
  @Option(help: ArgumentHelp("A JSON document instead.", valueName: "file"))
  var file: String?

  func validate() throws {
    if (name == nil) == (file == nil) { throw ValidationError("Either --name or --file says who the party is.") }
    if contact == nil, !email.isEmpty || !phone.isEmpty { throw ValidationError("--email and --phone need --contact: the person's name.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    let given = try file.map { file in
      let octets = try Files.read(file, limit: 1 << 20)
      return try RecordReader.record(try JSON(reading: octets, of: file), as: Interchange.V1.Party.recordType, file: file)
    }
    let result = try await Workspace.with(common, creating: true) { workspace -> (party: ItemOfReceipt, contact: ItemOfReceipt?) in
      let engine = try workspace.mappingEngine()
      let now = engine.now()
      let party = try await ItemOfReceipt.importing(given.map { stamped($0, now) } ?? party(now).record, "Party", engine, who)
      var person: ItemOfReceipt?
      if let contact, party.isApplied {
        person = try await ItemOfReceipt.importing(self.contact(contact, party.id, now).record, "Contact", engine, who)
      }
      workspace.ringDoorbell()
      return (party, person)
    }
    var text = result.party.text("party")
    if let contact = result.contact { text += contact.text("contact") }
    return Answer(
      json: ["party": result.party.json, "contact": result.contact?.json ?? .null], text: text,
      isRefusal: !result.party.isApplied || result.contact?.isApplied == false)
  }

  /// The record as changed now, unless it says when.
  private func stamped(_ record: Record, _ now: Int64) -> Record {
    var record = record
    if record["changedAt"] == .integer(0) { record["changedAt"] = .integer(Int128(now)) }
    if record["status"] == .text("") { record["status"] = .text("active") }
    return record
  }

  private func party(_ now: Int64) -> Interchange.V1.Party {
    let hasAddress = [street, postalCode, city, country].contains { !$0.isEmpty }
    return Interchange.V1.Party(
      id: "", changedAt: now, sourceVersion: nil, status: "active", attributes: [], name: name ?? "", kind: kind.value.rawValue, parent: "",
      taxId: taxID, paymentTerms: paymentTerms,
      addresses: hasAddress
        ? [
          Interchange.V1.Address(
            kind: "main", line1: street, line2: "", city: city, region: "", postalCode: postalCode, country: country)
        ] : [])
  }

  private func contact(_ name: String, _ party: String, _ now: Int64) -> Interchange.V1.Contact {
    Interchange.V1.Contact(
      id: "", changedAt: now, sourceVersion: nil, status: "active", attributes: [], party: party, name: name, role: "", phone: phone,
      email: email, preferredChannel: email.isEmpty ? "phone" : "email")
  }
}

/// What a party is to us.
enum PartyKind: String, CaseIterable, Sendable { case customer, supplier, partner, agent, prospect }

/// What became of one object that a person entered.
struct ItemOfReceipt: Sendable {
  let result: Interchange.V1.ItemResult

  var id: String { result.key }
  var isApplied: Bool { result.outcome == "applied" || result.outcome == "unchanged" }

  /// Enters one object of the CRM core.
  static func importing(_ record: Record, _ entity: String, _ engine: BrokerEngine, _ who: String) async throws -> ItemOfReceipt {
    let receipt = try await engine.importObjects(
      entity: entity, records: [record], messageID: "new-\(Secrets.random(16).hexadecimal)", who: who
    ).receipt
    guard let result = receipt.results.first else {
      throw InfrastructureFailure("UNEXPECTED", "the receipt of \(receipt.message) says nothing of the item")
    }
    return ItemOfReceipt(result: result)
  }

  var json: JSON {
    [
      "id": .string(id), "outcome": .string(result.outcome), "code": .optional(result.code), "path": .optional(result.path),
      "explanation": .optional(result.explanation),
    ]
  }

  func text(_ what: String) -> String {
    isApplied ? "The \(what) is \(id).\n" : "The \(what) is \(result.outcome): \(result.code): \(Terminal.visible(result.explanation))\n"
  }
}
