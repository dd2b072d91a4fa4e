import ArgumentParser
import Broker
import BrokerRuntime
import StoreAPI

/// `tessera systems change`
struct SystemsChange: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "change", abstract: "Changes what is known of a system; its secret, its open sessions and its ids stay.",
    discussion: "What is not named stays as it is. A running broker calls the new reference from its next call on.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The name of the system.")
  var name: String
  @Option(help: "The kind of application; it selects mapping files and columns of value maps.")
  var type: String?
  @Option(help: "What carries its calls: inbound, order-desk, or the name of an adapter.")
  var adapter: AdapterKind?
  @Option(help: "What we call: as `systems add` takes it.")
  var reference: String?
  @Option(help: "What its create call promises.")
  var guarantee: Choice<CreateGuarantee>?
  @Flag(inversion: .prefixedNo, help: "Orders go there, or none any more.")
  var orders: Bool?
  @Option(help: "In which code set it reads and writes text, where its reference does not say that.")
  var codeSet: Choice<PeerCodeSet>?
  @Option(help: "Why, for the audit.")
  var reason = ""

  func validate() throws {
    if type == nil, adapter == nil, reference == nil, guarantee == nil, orders == nil, codeSet == nil {
      throw ValidationError("Say what changes: --type, --adapter, --reference, --guarantee, --orders, --no-orders or --code-set.")
    }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    let (former, row) = try await Workspace.with(common) { workspace in
      let change = try await workspace.engine.changeSystem(named: name, who: who, action: "change-system", reason: reason) {
        [self] row, reader in
        guard let row else { throw try Refusal.unknownSystem(name, reader) }
        if row.state == .revoked {
          throw Refusal("SYSTEM_REVOKED", "the system \"\(name)\" is revoked", hint: "`tessera systems add` adds it again")
        }
        if try reader.partners().contains(where: { $0.system == name }) {
          throw Refusal("SYSTEM_IS_PARTNER", "\"\(name)\" is a partner", hint: "`tessera partners add` agrees with it anew")
        }
        return try changed(row)
      }
      workspace.ringDoorbell()
      return change
    }
    if row == former {
      return Answer(json: ["system": row.json, "changed": false], text: "The system \(row.name) is so already; nothing changed.\n")
    }
    return Answer(
      json: ["system": row.json, "changed": true], text: "The system \(row.name) is changed; its secret and its sessions stay.\n")
  }

  /// The row with what the options say.
  private func changed(_ former: SystemRow) throws -> SystemRow {
    var row = former
    guard let kind = adapter ?? AdapterKind(rawValue: former.adapter) else {
      throw Refusal("ADAPTER_UNKNOWN", "the adapter \"\(former.adapter)\" is not known any more", hint: "name one with --adapter")
    }
    row.adapter = kind.rawValue
    // A type that was that of its adapter follows it.
    let followed = AdapterKind(rawValue: former.adapter).map { $0.systemType == former.type } ?? false
    row.type = type ?? (adapter != nil && followed ? kind.systemType : former.type)
    row.guarantee = guarantee?.value ?? former.guarantee
    row.takesOrders = orders ?? (kind.isCalled && former.takesOrders)
    if !kind.isCalled {
      if reference != nil || codeSet != nil || orders == true {
        throw Refusal(
          "ADAPTER_NOT_CALLED", "'\(kind.rawValue)' only calls us: it has no reference, and takes no orders",
          hint: "name another with --adapter")
      }
      row.reference = ""
      return row
    }
    let text = reference ?? former.reference
    if text.isEmpty { throw Refusal("REFERENCE_NEEDED", "--adapter \(kind.rawValue) needs --reference: the object that we call") }
    if kind == .u8EAI {
      if codeSet != nil { throw Refusal("CODE_SET_NOT_POSSIBLE", "--code-set goes with an adapter that we call by IIOP") }
      row.reference = try Reference.ofU8EAI(text, row.guarantee)
    } else if reference != nil || codeSet != nil || adapter != nil {
      row.reference = try Reference.pinned(text, codeSet: codeSet?.value)
    }
    return row
  }
}
