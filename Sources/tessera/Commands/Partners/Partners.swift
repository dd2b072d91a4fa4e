import ArgumentParser
import Broker
import BrokerRuntime
import EAIGateway
import StoreAPI

/// `tessera partners`
struct Partners: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Who may send XML over HTTP, and what was agreed with each.",
    subcommands: [PartnersList.self, PartnersAdd.self, PartnersRevoke.self])
}

extension PartnerRow {
  /// The agreement, without the token.
  func json(_ system: SystemRow?) -> JSON {
    [
      "name": .string(self.system), "type": .optional(system?.type ?? ""), "state": .optional(system?.state.rawValue ?? ""),
      "sender": .optional(sender), "documents": .array(documents.map(JSON.string)), "greatestBody": JSON(Int(greatestBody)),
      "requestsPerMinute": JSON(requestsPerMinute), "validation": .string(validation.rawValue), "identity": .string(identity.rawValue),
      "windowSeconds": JSON(Int(window / 1_000_000)), "changedAt": .string(Instant.text(changedAt)),
    ]
  }
}

/// `tessera partners list`
struct PartnersList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the partners.")
  @OptionGroup var common: CommonOptions

  func answer() async throws -> Answer {
    let rows = try await Workspace.reading(common) { reader in
      try reader.partners().map { ($0, try reader.system(named: $0.system)) }
    }
    var table = TextTable("name", "type", "sender", "documents", "bytes", "per minute", "validation", "identity", "state")
    for (partner, system) in rows {
      table.add(
        partner.system, system?.type ?? "", partner.sender, partner.documents.joined(separator: " "), String(partner.greatestBody),
        String(partner.requestsPerMinute), partner.validation.rawValue, partner.identity.rawValue, system?.state.rawValue ?? "")
    }
    return Answer(
      json: ["partners": .array(rows.map { $0.json($1) })],
      text: table.text(whenEmpty: "There is no partner yet; `tessera partners add` adds one."))
  }
}

/// `tessera partners add`
struct PartnersAdd: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Agrees with a system that it sends XML over HTTP, and prints its token, once.",
    discussion: """
      A system that is not there yet is added with it; the agreement with one that is there is replaced, and its old token is worth nothing \
      from now on. The token is kept as a hash.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions

  @Argument(help: "The name of the application instance, such as erp-shanghai.")
  var name: String
  @Option(help: "The kind of application, for a new system; it selects mapping files and the words of answers.")
  var type = "canonical"
  @Option(help: "The sender that its documents name, where their dialect has one.")
  var sender = ""
  @Option(help: ArgumentHelp("A document type that it may send, such as ufinterface:*; may be repeated.", valueName: "type"))
  var documents: [String] = []
  @Option(help: ArgumentHelp("Bytes of one request's body.", valueName: "number"))
  var maxBytes: Int64 = 16 << 20
  @Option(help: ArgumentHelp("Requests in one minute.", valueName: "number"))
  var perMinute = 6_000
  @Option(help: "What breaches of the schema do: strict refuses the document, warn tells of them, off does not look.")
  var validation = Choice(PartnerRow.Validation.strict)
  @Option(help: "What makes two messages the same: the number in the document, or its body (default: body for ufinterface).")
  var identity: Choice<PartnerRow.MessageIdentity>?
  @Option(help: ArgumentHelp("How long a message is remembered (default: 1h by body, 720h by number).", valueName: "time"))
  var window: DurationArgument?

  func validate() throws {
    try SystemsAdd.validate(name)
    if !(1...(Int64(1) << 34)).contains(maxBytes) { throw ValidationError("--max-bytes takes a number from 1 to 17179869184.") }
    if !(1...10_000_000).contains(perMinute) { throw ValidationError("--per-minute takes a number from 1 to 10000000.") }
    if sender.utf8.count > 60 { throw ValidationError("--sender takes at most 60 bytes.") }
    for document in documents where document.isEmpty || document.contains(" ") || document.dropLast().contains("*") {
      throw ValidationError("--documents takes a type such as ufinterface:inventory, ufinterface:* or *, not '\(document)'.")
    }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    let token = PartnerToken.make(name)
    let (row, system) = try await Workspace.with(common, creating: true) { workspace in
      let (former, agreement) = try await workspace.store.read { [name] in (try $0.system(named: name), try $0.partner(named: name)) }
      let now = workspace.engine.now()
      var system: SystemRow
      if let former, former.state == .active {
        system = former
      } else {
        system = SystemRow(
          name: name, type: type, adapter: AdapterKind.eai.rawValue, secretHash: Secrets.hash(Secrets.make()), reference: "",
          guarantee: .none, takesOrders: false, state: .active, createdAt: former?.createdAt ?? now, changedAt: now)
        try await workspace.engine.putSystem(system, who: who, action: "add-system")
      }
      let byBody = identity?.value ?? (system.type == "ufinterface" ? .body : .document)
      let window = window?.duration ?? (byBody == .body ? .seconds(3600) : .seconds(720 * 3600))
      let row = PartnerRow(
        system: name, tokenDigest: PartnerToken.digest(token), sender: sender,
        documents: documents.isEmpty ? [system.type == "canonical" ? "*" : "\(system.type):*"] : documents, greatestBody: maxBytes,
        requestsPerMinute: perMinute, validation: validation.value, identity: byBody,
        window: window.components.seconds * 1_000_000 + window.components.attoseconds / 1_000_000_000_000,
        createdAt: agreement?.createdAt ?? now, changedAt: now)
      try await workspace.engine.putPartner(row, who: who, action: "add-partner")
      return (row, system)
    }
    return Answer(
      json: ["partner": row.json(system), "token": .string(token)],
      text: """
        The partner \(row.system) may send \(row.documents.joined(separator: ", ")). Its token is shown this once:

          \(token)

        """)
  }
}

/// `tessera partners revoke`
struct PartnersRevoke: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Takes a partner's token away; the system itself stays.",
    discussion: "`tessera systems revoke` shuts the whole system out.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The name of the system.")
  var name: String
  @Option(help: "Why, for the audit.")
  var reason = ""

  func answer() async throws -> Answer {
    let who = try actor.who
    let row = try await Workspace.with(common) { workspace in
      let found = try await workspace.store.read { [name] reader in
        if try reader.system(named: name) == nil { throw try Refusal.unknownSystem(name, reader) }
        return try reader.partner(named: name)
      }
      guard var row = found else {
        throw Refusal("PARTNER_UNKNOWN", "nothing was agreed with \(name)", hint: "`tessera partners list` shows the partners")
      }
      // Nothing has this digest.
      row.tokenDigest = []
      row.changedAt = workspace.engine.now()
      try await workspace.engine.putPartner(row, who: who, action: "revoke-partner", reason: reason)
      return row
    }
    return Answer(json: ["partner": row.json(nil)], text: "The token of \(row.system) is worth nothing any more.\n")
  }
}
